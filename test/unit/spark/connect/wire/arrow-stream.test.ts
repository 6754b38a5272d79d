// The reader of Arrow streams against apache-arrow: what that writes is read in the same way, or left to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Binary,
  Bool,
  CompressionType,
  compressionRegistry,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  DurationMicrosecond,
  Field,
  FixedSizeBinary,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  IntervalDayTime,
  IntervalYearMonth,
  LargeBinary,
  LargeUtf8,
  List,
  Null,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Table,
  TimeMicrosecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampSecond,
  Uint32,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { decodeRows } from '../../../../../spark/connect/wire/decode-arrow.js';
import { readArrowStream } from '../../../../../spark/connect/wire/read-arrow-stream.js';

function streamOf(table: Table): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.write(table);
  writer.finish();
  return writer.toUint8Array(true);
}

function rowsByArrow(bytes: Uint8Array): unknown[] {
  return [...RecordBatchReader.from(bytes)].flatMap((batch) => decodeRows(batch));
}

const COLUMNS: readonly (readonly [DataType, readonly unknown[]])[] = [
  [new Null(), [null, null, null]],
  [new Bool(), [true, null, false]],
  [new Int8(), [-1, null, 2]],
  [new Int16(), [-300, null, 2]],
  [new Int32(), [1, -70_000, null]],
  [new Int64(), [1n, null, -(2n ** 63n)]],
  [new Float32(), [1.5, null, Number.NaN]],
  [new Float64(), [0.1, null, -0]],
  [new Decimal(2, 10, 128), [Uint32Array.of(1, 2, 3, 0), null, Uint32Array.of(5, 0, 0, 0)]],
  [new DateDay(), [86_400_000, null, 0]],
  [new TimeMicrosecond(), [1n, null, 2n]],
  [new TimeNanosecond(), [1n, null, 2n]],
  [new TimestampMicrosecond('UTC'), [1000, null, 0]],
  [new TimestampSecond(), [1000, null, 0]],
  [new DurationMicrosecond(), [1n, null, -5n]],
  [new IntervalYearMonth(), [Int32Array.of(1, 2), null, Int32Array.of(-1, 0)]],
  [new Utf8(), ['a', null, 'größer']],
  [new LargeUtf8(), ['a', null, '']],
  [new Binary(), [Uint8Array.of(1), null, Uint8Array.of()]],
  [new LargeBinary(), [Uint8Array.of(1, 2), null, Uint8Array.of(3)]],
  [new FixedSizeBinary(2), [Uint8Array.of(1, 2), null, Uint8Array.of(3, 4)]],
  [new List(new Field('element', new Int32(), true)), [[1, null], null, []]],
  [new Struct([new Field('x', new Int32(), true)]), [{ x: 1 }, null, { x: null }]],
];

test('every type that Spark sends is read as apache-arrow reads it, at any place in memory', () => {
  for (const [type, values] of COLUMNS) {
    const bytes = streamOf(new Table({ value: vectorFromArray(values as unknown[], type) }));
    const expected = rowsByArrow(bytes);
    for (let shift = 0; shift < 9; shift++) {
      const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
      shifted.set(bytes);
      const batches = readArrowStream(shifted) ?? assert.fail(`${type} is not read`);
      assert.deepEqual(
        batches.flatMap((batch) => decodeRows(batch)),
        expected,
        `${type}, ${shift} bytes further`,
      );
    }
  }
});

test('batches come one after the other, and a stream without any has its columns', () => {
  const table = (values: number[]) => new Table({ value: vectorFromArray(values, new Int32()) });
  const two = readArrowStream(streamOf(table([1, 2]).concat(table([3]))));
  assert.deepEqual(
    two?.map((batch) => decodeRows(batch)),
    [[{ value: 1 }, { value: 2 }], [{ value: 3 }]],
  );
  const none = readArrowStream(streamOf(new Table(new Schema([new Field('value', new Int32())]))));
  assert.equal(none?.length, 1);
  assert.deepEqual(
    none[0]?.schema.fields.map(({ name }) => name),
    ['value'],
  );
  assert.deepEqual(none[0] === undefined ? undefined : decodeRows(none[0]), []);
});

test("a field's metadata is read", () => {
  const field = new Field('value', new Int32(), true, new Map([['variant', 'true']]));
  const [batch] =
    readArrowStream(
      streamOf(
        new Table(new Schema([field]), [
          new RecordBatch({ value: vectorFromArray([1], new Int32()).data[0] as never }),
        ]),
      ),
    ) ?? [];
  assert.equal(batch?.schema.fields[0]?.metadata.get('variant'), 'true');
});

test('what Spark does not send is left to apache-arrow', () => {
  const others: readonly (readonly [DataType, readonly unknown[]])[] = [
    [new Dictionary(new Utf8(), new Int32()), ['a', 'b', 'a']],
    [new Uint32(), [1, 2]],
    [new Float16(), [1, 2]],
    [new DateMillisecond(), [0, 86_400_000]],
    [new TimeSecond(), [1, 2]],
    [new IntervalDayTime(), [Int32Array.of(1, 2)]],
    [new List(new Field('element', new Uint32(), true)), [[1]]],
  ];
  for (const [type, values] of others)
    assert.equal(
      readArrowStream(streamOf(new Table({ value: vectorFromArray(values as unknown[], type) }))),
      undefined,
      String(type),
    );
});

test('compressed batches are left to apache-arrow, to which a program may have given the codec', () => {
  // No codec, but what begins as a frame of one does.
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x00, 0x00]);
  compressionRegistry.set(CompressionType.ZSTD, {
    encode: (bytes) => Buffer.concat([frame, bytes]),
    decode: (bytes) => bytes.subarray(frame.length),
  });
  const writer = new RecordBatchStreamWriter({ compressionType: CompressionType.ZSTD });
  writer.write(new Table({ value: vectorFromArray([1, 2], new Int32()) }));
  writer.finish();
  const bytes = writer.toUint8Array(true);
  assert.deepEqual(rowsByArrow(bytes), [{ value: 1 }, { value: 2 }]);
  assert.equal(readArrowStream(bytes), undefined);
});

test('a stream that is cut off is refused', () => {
  const bytes = streamOf(new Table({ value: vectorFromArray(['one', 'two'], new Utf8()) }));
  // Without its end, and with nothing missing before it, it is whole.
  for (let length = bytes.length - 9; length > 200; length -= 8)
    assert.throws(() => readArrowStream(bytes.slice(0, length)), `${length} of ${bytes.length} bytes`);
});
