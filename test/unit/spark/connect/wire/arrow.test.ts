import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBatchReader } from 'apache-arrow';
import { SparkError } from '../../../../../spark/connect/errors/spark-error.js';
import type { DataType, StructType } from '../../../../../spark/connect/types/data-type.js';
import { Decimal } from '../../../../../spark/connect/types/decimal.js';
import { decodeRows } from '../../../../../spark/connect/wire/decode-arrow.js';
import { encodeRows } from '../../../../../spark/connect/wire/encode-arrow.js';
import { readArrowStream } from '../../../../../spark/connect/wire/read-arrow-stream.js';

const LONG_MAX = 2n ** 63n - 1n;
const decimal = (text: string) => Decimal.parse(text);

function schemaOf(fields: Readonly<Record<string, DataType>>, nullable = true): StructType {
  return { kind: 'struct', fields: Object.entries(fields).map(([name, type]) => ({ name, type, nullable })) };
}

function roundTrip(rows: readonly Record<string, unknown>[], schema: StructType): unknown[] {
  const bytes = encodeRows(rows, schema);
  const decoded = (readArrowStream(bytes) ?? assert.fail('a stream of ours is read')).flatMap((batch) =>
    decodeRows(batch),
  );
  // apache-arrow says whether it is Arrow at all.
  assert.deepEqual(
    [...RecordBatchReader.from(bytes)].flatMap((batch) => decodeRows(batch)),
    decoded,
  );
  return decoded;
}

const point: StructType = schemaOf({ x: { kind: 'integer' }, label: { kind: 'string' } });

const COLUMNS: readonly [type: DataType, values: readonly unknown[]][] = [
  [{ kind: 'boolean' }, [true, false, null, true]],
  [{ kind: 'byte' }, [-128, null, 127]],
  [{ kind: 'short' }, [-32768, null, 32767]],
  [{ kind: 'integer' }, [-2147483648, null, 2147483647]],
  [{ kind: 'long' }, [-LONG_MAX - 1n, null, LONG_MAX, 2n ** 53n + 1n]],
  [{ kind: 'float' }, [1.5, null, Number.NEGATIVE_INFINITY]],
  [{ kind: 'double' }, [Math.PI, null, Number.NaN, -0]],
  [{ kind: 'string' }, ['', null, 'é𝄞', 'a\0b']],
  [{ kind: 'varchar', length: 3 }, ['abc', null]],
  [{ kind: 'binary' }, [Uint8Array.of(), null, Uint8Array.of(0, 255)]],
  [{ kind: 'date' }, [-1, null, 19_782]],
  [{ kind: 'timestamp' }, [-1n, null, 1_709_251_199_999_999n]],
  [{ kind: 'timestampNtz' }, [-1n, null, 1_709_251_199_999_999n]],
  [{ kind: 'yearMonthInterval', startField: 0, endField: 1 }, [-14, null, 14]],
  [{ kind: 'dayTimeInterval', startField: 0, endField: 3 }, [-1n, null, 93_784_567_891n]],
  [
    { kind: 'decimal', precision: 38, scale: 2 },
    [decimal('-1.50'), null, decimal('0.00'), decimal('999999999999999999999999999999999999.99')],
  ],
  [{ kind: 'array', elementType: { kind: 'long' }, containsNull: true }, [[], null, [1n, null, 2n], [3n]]],
  [
    { kind: 'map', keyType: { kind: 'string' }, valueType: { kind: 'double' }, valueContainsNull: true },
    [
      new Map(),
      null,
      new Map<string, number | null>([
        ['a', 1.5],
        ['b', null],
      ]),
      new Map([['c', 2]]),
    ],
  ],
  [point, [{ x: 1, label: null }, null, { x: null, label: 'y' }]],
  [
    { kind: 'array', elementType: point, containsNull: true },
    [[{ x: 1, label: 'a' }, null], null, [], [{ x: null, label: null }]],
  ],
  [{ kind: 'null' }, [null, null]],
];

for (const [type, values] of COLUMNS) {
  test(`a column of ${type.kind} comes back as it went, nulls included`, () => {
    const rows = values.map((value) => ({ value }));
    assert.deepEqual(roundTrip(rows, schemaOf({ value: type })), rows);
  });
}

test('nulls are kept beyond the first byte of the validity bits', () => {
  const rows = Array.from({ length: 1000 }, (_, index) => ({ value: index % 7 === 3 ? null : BigInt(index) }));
  assert.deepEqual(roundTrip(rows, schemaOf({ value: { kind: 'long' } })), rows);
});

test('no rows are no rows', () => {
  assert.deepEqual(roundTrip([], schemaOf({ value: { kind: 'long' } })), []);
  assert.deepEqual(roundTrip([], point), []);
});

test('friendly forms are taken where nothing is lost', () => {
  const types = schemaOf({
    long: { kind: 'long' },
    time: { kind: 'timestamp' },
    day: { kind: 'date' },
    money: { kind: 'decimal', precision: 5, scale: 2 },
  });
  assert.deepEqual(roundTrip([{ long: 7, time: new Date(5), day: new Date('1970-01-03'), money: '-3.5' }], types), [
    { long: 7n, time: 5000n, day: 2, money: decimal('-3.50') },
  ]);
});

test('a value that does not fit is refused with row, column and what was expected', () => {
  const refusals: readonly [type: DataType, value: unknown, message: RegExp][] = [
    [{ kind: 'byte' }, 128, /^Row 2, column value: expected a whole number from -128 to 127; found number 128\.$/],
    [{ kind: 'integer' }, 1.5, /32 bits/],
    [{ kind: 'long' }, 2 ** 53, /safe whole number/],
    [{ kind: 'long' }, LONG_MAX + 1n, /64 bits/],
    [{ kind: 'timestamp' }, 5, /microseconds, a Date, or a Temporal.Instant; found number 5/],
    [{ kind: 'timestamp' }, new Date(Number.NaN), /Date/],
    [{ kind: 'date' }, new Date(1), /midnight/],
    [{ kind: 'string' }, 1, /a string/],
    [{ kind: 'decimal', precision: 4, scale: 2 }, '100.00', /decimal\(4, 2\)/],
    [{ kind: 'decimal', precision: 4, scale: 2 }, '1.005', /exactly/],
    [{ kind: 'decimal', precision: 4, scale: 2 }, 1.5, /exactly/],
    [{ kind: 'array', elementType: { kind: 'integer' }, containsNull: false }, [1, null], /value\[\].*not nullable/],
    [point, { x: 'no' }, /column value\.x/],
    [point, 3, /an object/],
    [point, [3], /an object of named fields/],
    [point, new Map([['x', 3]]), /an object of named fields/],
    [{ kind: 'time', precision: 6 }, 86_400_000_000_000n, /since midnight/],
    [{ kind: 'time', precision: 6 }, -1n, /since midnight/],
  ];
  for (const [type, value, message] of refusals) {
    assert.throws(
      () => encodeRows([{ value: null }, { value }], schemaOf({ value: type })),
      (error) => error instanceof SparkError && error.kind === 'input' && message.test(error.message),
      `${type.kind} ${String(value)}`,
    );
  }
  assert.throws(() => encodeRows([{}], schemaOf({ value: { kind: 'long' } }, false)), /not nullable/);
  assert.throws(() => encodeRows([[1] as never], schemaOf({ value: { kind: 'long' } })), /an object of named columns/);
  assert.throws(() => encodeRows([{ value: 1 }], schemaOf({ value: { kind: 'variant' } })), { kind: 'unsupported' });
});

test('a time of day comes back with the digits of its type', () => {
  const types = schemaOf({ whole: { kind: 'time', precision: 6 }, short: { kind: 'time', precision: 3 } });
  const nanos = 86_399_999_999_999n;
  assert.deepEqual(roundTrip([{ whole: nanos, short: nanos }, {}], types), [
    { whole: 86_399_999_999_000n, short: 86_399_999_000_000n },
    { whole: null, short: null },
  ]);
});

test('a column that a row lacks is null, also if every object has something of that name', () => {
  const columns: readonly (readonly [string, DataType])[] = [
    ['constructor', { kind: 'string' }],
    ['toString', { kind: 'long' }],
  ];
  const types = schemaOf(Object.fromEntries(columns));
  assert.deepEqual(roundTrip([{}, { toString: 1n }], types), [
    { constructor: null, toString: null },
    { constructor: null, toString: 1n },
  ]);
});

test('a row kept does not keep the bytes of its batch', () => {
  const bytes = encodeRows([{ value: Uint8Array.of(1, 2) }], schemaOf({ value: { kind: 'binary' } }));
  const [batch] = [...RecordBatchReader.from(bytes)];
  assert.ok(batch !== undefined);
  const [row] = decodeRows<{ value: Uint8Array }>(batch);
  assert.equal(row?.value.buffer.byteLength, 2);
});

test('a slice of a batch gives its own rows', () => {
  const rows = Array.from({ length: 20 }, (_, index) => ({
    flag: index % 3 === 0 ? null : index % 2 === 0,
    text: index % 4 === 0 ? null : `t${index}`,
    list: [index],
    point: index % 5 === 0 ? null : { x: index, label: null },
  }));
  const schema = schemaOf({
    flag: { kind: 'boolean' },
    text: { kind: 'string' },
    list: { kind: 'array', elementType: { kind: 'integer' }, containsNull: false },
    point,
  });
  const [batch] = [...RecordBatchReader.from(encodeRows(rows, schema))];
  assert.ok(batch !== undefined);
  assert.deepEqual(decodeRows(batch.slice(5, 14)), rows.slice(5, 14));
});

test('a column called __proto__ is a column', () => {
  const [row] = roundTrip(
    [Object.fromEntries([['__proto__', 1n]])],
    schemaOf(Object.fromEntries([['__proto__', { kind: 'long' } as const]])),
  );
  assert.deepEqual(Object.entries(row as object), [['__proto__', 1n]]);
});

test('two columns of one name are refused', () => {
  const twice: StructType = {
    kind: 'struct',
    fields: [0, 1].map(() => ({ name: 'a', type: { kind: 'long' }, nullable: true })),
  };
  assert.throws(() => roundTrip([{ a: 1n }], twice), /Two columns are called "a"/);
});
