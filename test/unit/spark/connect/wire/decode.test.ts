import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataTypeOutput, ExpressionLiteralOutput } from '../../../../../proto/messages.js';
import { SparkError } from '../../../../../spark/connect/errors/spark-error.js';
import { Decimal } from '../../../../../spark/connect/types/decimal.js';
import { decodeLiteral } from '../../../../../spark/connect/wire/decode-literal.js';
import { decodeDataType, decodeSchema } from '../../../../../spark/connect/wire/decode-type.js';
import { decodeVariant } from '../../../../../spark/connect/wire/decode-variant.js';

const none = { typeVariationReference: 0 };
const isProtocolError = (error: unknown) => error instanceof SparkError && error.kind === 'protocol';

test('types keep their parameters, and defaults are absent', () => {
  const cases: readonly [DataTypeOutput, unknown][] = [
    [{ kind: 'long', long: none }, { kind: 'long' }],
    [{ kind: 'timestampNtz', timestampNtz: none }, { kind: 'timestampNtz' }],
    [{ kind: 'string', string: { ...none, collation: '' } }, { kind: 'string' }],
    [{ kind: 'string', string: { ...none, collation: 'UTF8_BINARY' } }, { kind: 'string' }],
    [
      { kind: 'string', string: { ...none, collation: 'UNICODE_CI' } },
      { kind: 'string', collation: 'UNICODE_CI' },
    ],
    [
      { kind: 'varChar', varChar: { ...none, length: 5 } },
      { kind: 'varchar', length: 5 },
    ],
    [
      { kind: 'decimal', decimal: { ...none, precision: 18, scale: 6 } },
      { kind: 'decimal', precision: 18, scale: 6 },
    ],
    [
      { kind: 'decimal', decimal: none },
      { kind: 'decimal', precision: 10, scale: 0 },
    ],
    [
      { kind: 'array', array: { ...none, elementType: { kind: 'date', date: none }, containsNull: false } },
      { kind: 'array', elementType: { kind: 'date' }, containsNull: false },
    ],
    [{ kind: 'udt', udt: { type: 'x', sqlType: { kind: 'integer', integer: none } } }, { kind: 'integer' }],
  ];
  for (const [encoded, decoded] of cases) assert.deepEqual(decodeDataType(encoded), decoded);
});

test('a type that is not known is an error that names it, and a schema must be a struct', () => {
  assert.throws(() => decodeDataType({ kind: 'geometry', geometry: { ...none, srid: 0 } }), /geometry/);
  assert.throws(() => decodeDataType({}), isProtocolError);
  assert.throws(() => decodeSchema({ kind: 'long', long: none }), isProtocolError);
  const schema = decodeSchema({
    kind: 'struct',
    struct: {
      ...none,
      fields: [{ name: 'a', dataType: { kind: 'long', long: none }, nullable: false, metadata: '{"k":1}' }],
    },
  });
  assert.deepEqual(schema, {
    kind: 'struct',
    fields: [{ name: 'a', type: { kind: 'long' }, nullable: false, metadata: '{"k":1}' }],
  });
});

function literal(
  fields: Omit<ExpressionLiteralOutput, 'dataType'> & Partial<ExpressionLiteralOutput>,
): ExpressionLiteralOutput {
  return { dataType: null, ...fields };
}

test('literals become what the same type is in a row', () => {
  const cases: readonly [ExpressionLiteralOutput, unknown][] = [
    [literal({ literalType: 'null', null: {} }), null],
    [literal({ literalType: 'long', long: '9223372036854775807' }), 9223372036854775807n],
    [literal({ literalType: 'timestamp', timestamp: '-1' }), -1n],
    [literal({ literalType: 'double', double: 1.5 }), 1.5],
    [literal({ literalType: 'decimal', decimal: { value: '-1.50' } }), Decimal.parse('-1.50')],
    [literal({ literalType: 'binary', binary: Uint8Array.of(1) }), Uint8Array.of(1)],
    [
      literal({ literalType: 'calendarInterval', calendarInterval: { months: 1, days: 2, microseconds: '3' } }),
      { months: 1, days: 2, microseconds: 3n },
    ],
    [
      literal({
        literalType: 'struct',
        struct: {
          structType: null,
          elements: [literal({ literalType: 'integer', integer: 1 }), literal({ literalType: 'string', string: 'x' })],
        },
        dataType: {
          kind: 'struct',
          struct: {
            ...none,
            fields: [
              { name: 'a', dataType: null, nullable: true },
              { name: 'b', dataType: null, nullable: true },
            ],
          },
        },
      }),
      { a: 1, b: 'x' },
    ],
    [
      literal({
        literalType: 'specializedArray',
        specializedArray: { valueType: 'longs', longs: { values: ['1', '2'] } },
      }),
      [1n, 2n],
    ],
  ];
  for (const [encoded, decoded] of cases) assert.deepEqual(decodeLiteral(encoded), decoded);
  assert.throws(() => decodeLiteral(literal({})), isProtocolError);
});

/** Metadata of version 1 with one-byte offsets. */
function metadata(...names: readonly string[]): Uint8Array {
  const offsets = names.map((_, index) => names.slice(0, index).join('').length).concat(names.join('').length);
  return Uint8Array.from([0x01, names.length, ...offsets, ...new TextEncoder().encode(names.join(''))]);
}

const header = (primitive: number) => primitive << 2;

test('a variant of each primitive type is read', () => {
  const cases: readonly [bytes: readonly number[], value: unknown][] = [
    [[header(0)], null],
    [[header(1)], true],
    [[header(2)], false],
    [[header(3), 0xff], -1],
    [[header(4), 0x00, 0x80], -32768],
    [[header(5), 1, 0, 0, 0x80], -2147483647],
    [[header(6), 1, 0, 0, 0, 0, 0, 0, 0x80], -(2n ** 63n) + 1n],
    [[header(7), 0, 0, 0, 0, 0, 0, 0xf8, 0x3f], 1.5],
    [[header(8), 2, 0x6a, 0xff, 0xff, 0xff], Decimal.parse('-1.50')],
    [[header(9), 1, 15, 0, 0, 0, 0, 0, 0, 0], Decimal.parse('1.5')],
    [[header(10), 0, ...new Array(16).fill(0xff)], Decimal.parse('-1')],
    [[header(11), 0xff, 0xff, 0xff, 0xff], -1],
    [[header(12), 5, 0, 0, 0, 0, 0, 0, 0], 5n],
    [[header(14), 0, 0, 0xc0, 0x3f], 1.5],
    [[header(15), 2, 0, 0, 0, 7, 8], Uint8Array.of(7, 8)],
    [[header(16), 2, 0, 0, 0, 0xc3, 0xa9], 'é'],
    [[1 | (2 << 2), 0xc3, 0xa9], 'é'],
    [[header(20), ...Array.from({ length: 16 }, (_, index) => index)], '00010203-0405-0607-0809-0a0b0c0d0e0f'],
  ];
  for (const [bytes, value] of cases) assert.deepEqual(decodeVariant(Uint8Array.from(bytes), metadata()), value);
});

test('objects and arrays of a variant are read by their offsets', () => {
  // {"b": [1, null], "a": true}: fields in the order of their names, values in any.
  const array = [3, 2, 0, 2, 3, header(3), 1, header(0)];
  const object = [2, 2, 1, 0, 0, 1, 1 + array.length, header(1), ...array];
  assert.deepEqual(decodeVariant(Uint8Array.from(object), metadata('b', 'a')), { a: true, b: [1, null] });
});

test('a broken variant is an error of the protocol, whatever is broken', () => {
  const broken: readonly (readonly number[])[] = [
    [],
    [header(6), 1],
    [header(16), 200, 0, 0, 0],
    [header(63)],
    [2, 1, 9, 0, 1, 0],
    [3, 200],
  ];
  for (const bytes of broken)
    assert.throws(() => decodeVariant(Uint8Array.from(bytes), metadata()), isProtocolError, `[${bytes}]`);
  assert.throws(() => decodeVariant(Uint8Array.of(0), Uint8Array.of(2, 0, 0)), isProtocolError);
  // An array that contains itself.
  assert.throws(() => decodeVariant(Uint8Array.of(3, 1, 0xfc, 0xff), metadata()), isProtocolError);
});
