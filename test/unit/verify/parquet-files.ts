/** Writes small Parquet files in the lake's schema: plain, uncompressed, one row group. Enough to test a reader without Spark. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { concat } from './record-batches.js';

export interface LakeFileRow {
  readonly event_time: bigint;
  readonly user_id: string;
  readonly page_url: string;
  readonly event_type: string;
  readonly kafka_partition: number;
  readonly kafka_offset: bigint;
  readonly kafka_timestamp: bigint;
  readonly processing_time: bigint;
}

const INT32 = 1;
const INT64 = 2;
const BYTE_ARRAY = 6;
const UTF8 = 0;
const TIMESTAMP_MICROS = 10;

const COLUMNS: readonly (readonly [name: keyof LakeFileRow, type: number, converted?: number])[] = [
  ['event_time', INT64, TIMESTAMP_MICROS],
  ['user_id', BYTE_ARRAY, UTF8],
  ['page_url', BYTE_ARRAY, UTF8],
  ['event_type', BYTE_ARRAY, UTF8],
  ['kafka_partition', INT32],
  ['kafka_offset', INT64],
  ['kafka_timestamp', INT64, TIMESTAMP_MICROS],
  ['processing_time', INT64, TIMESTAMP_MICROS],
];

/** @param without leaves a column out, for files of a wrong schema */
export function writeLakeFile(path: string, rows: readonly LakeFileRow[], without?: keyof LakeFileRow): void {
  const columns = COLUMNS.filter(([name]) => name !== without);
  const parts: Buffer[] = [Buffer.from('PAR1')];
  let position = 4;
  const chunks = columns.map(([name, type]) => {
    const data = concat(rows.map((row) => encodeValue(type, row[name])));
    const header = struct([
      [1, i32(0)],
      [2, i32(data.length)],
      [3, i32(data.length)],
      [
        5,
        struct([
          [1, i32(rows.length)],
          [2, i32(0)],
          [3, i32(3)],
          [4, i32(3)],
        ]),
      ],
    ]);
    const offset = position;
    parts.push(header.bytes, data);
    const size = header.bytes.length + data.length;
    position += size;
    const metadata = struct([
      [1, i32(type)],
      [2, list(5, [zigzag(0)])],
      [3, list(8, [binary(name)])],
      [4, i32(0)],
      [5, i64(rows.length)],
      [6, i64(size)],
      [7, i64(size)],
      [9, i64(offset)],
    ]);
    return {
      column: struct([
        [2, i64(offset)],
        [3, metadata],
      ]),
      size,
    };
  });
  const schema = [
    struct([
      [4, { type: 8, bytes: binary('spark_schema') }],
      [5, i32(columns.length)],
    ]),
    ...columns.map(([name, type, converted]) =>
      struct([
        [1, i32(type)],
        [3, i32(0)],
        [4, { type: 8, bytes: binary(name) }],
        ...(converted === undefined ? [] : [[6, i32(converted)] as const]),
      ]),
    ),
  ];
  const group = struct([
    [
      1,
      list(
        12,
        chunks.map(({ column }) => column.bytes),
      ),
    ],
    [2, i64(chunks.reduce((sum, { size }) => sum + size, 0))],
    [3, i64(rows.length)],
  ]);
  const footer = struct([
    [1, i32(1)],
    [
      2,
      list(
        12,
        schema.map(({ bytes }) => bytes),
      ),
    ],
    [3, i64(rows.length)],
    [4, list(12, [group.bytes])],
  ]).bytes;
  const length = Buffer.alloc(4);
  length.writeInt32LE(footer.length);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, concat([...parts, footer, length, Buffer.from('PAR1')]) as never);
}

function encodeValue(type: number, value: bigint | number | string): Buffer {
  if (type === BYTE_ARRAY) {
    const text = Buffer.from(String(value));
    const length = Buffer.alloc(4);
    length.writeInt32LE(text.length);
    return concat([length, text]);
  }
  const bytes = Buffer.alloc(type === INT64 ? 8 : 4);
  if (type === INT64) bytes.writeBigInt64LE(BigInt(value));
  else bytes.writeInt32LE(Number(value));
  return bytes;
}

/** A value of Thrift's compact protocol with its type code. */
interface ThriftValue {
  readonly type: number;
  readonly bytes: Buffer;
}

const i32 = (value: number): ThriftValue => ({ type: 5, bytes: zigzag(value) });
const i64 = (value: number): ThriftValue => ({ type: 6, bytes: zigzag(value) });

function list(type: number, items: readonly Buffer[]): ThriftValue {
  const head =
    items.length < 15
      ? Buffer.from([(items.length << 4) | type])
      : concat([Buffer.from([0xf0 | type]), varint(items.length)]);
  return { type: 9, bytes: concat([head, ...items]) };
}

function struct(fields: readonly (readonly [id: number, value: ThriftValue])[]): ThriftValue {
  let last = 0;
  const parts: Buffer[] = [];
  for (const [id, { type, bytes }] of fields) {
    parts.push(Buffer.from([((id - last) << 4) | type]), bytes);
    last = id;
  }
  return { type: 12, bytes: concat([...parts, Buffer.from([0])]) };
}

function binary(text: string): Buffer {
  const bytes = Buffer.from(text);
  return concat([varint(bytes.length), bytes]);
}

function zigzag(value: number): Buffer {
  return varint(value < 0 ? -2 * value - 1 : 2 * value);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left % 128) | (left > 127 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.from(bytes);
}
