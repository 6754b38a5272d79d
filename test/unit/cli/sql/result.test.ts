import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RecordBatch, tableFromIPC } from 'apache-arrow';
import { cellText, jsonText } from '../../../../cli/sql/cell.js';
import { type ResultFormat, resultWriter } from '../../../../cli/sql/result-writer.js';
import { styleFor } from '../../../../cli/ui/style.js';
import {
  arrayType,
  binary,
  type DataType,
  Decimal,
  date,
  decimal,
  double,
  integer,
  long,
  mapType,
  type StructType,
  string,
  structType,
  timestamp,
  timestampMicros,
} from '../../../../spark/connect/index.js';
import { encodeRows } from '../../../../spark/connect/wire/encode-arrow.js';

const schema = structType({ id: long(), name: string(), at: timestamp(), tags: arrayType(string()) });
const ROWS = [
  {
    id: 9_007_199_254_740_993n,
    name: 'a "b", c',
    at: timestampMicros('2026-03-01T12:00:05.250000Z'),
    tags: ['x', 'y'],
  },
  { id: null, name: '', at: null, tags: null },
];

async function print(
  format: ResultFormat,
  rows: readonly Record<string, unknown>[] = ROWS,
  more: { type?: StructType; widthMax?: number; rowsMax?: number } = {},
) {
  const { type = schema, widthMax = 80, rowsMax = 100 } = more;
  const parts: Buffer[] = [];
  const put = async (data: string | Uint8Array): Promise<void> => void parts.push(Buffer.from(data));
  const writer = resultWriter(type, { format, put, style: styleFor({}), widthMax, rowsMax });
  for (const batch of tableFromIPC(encodeRows(rows, type)).batches as RecordBatch[]) await writer.write(batch);
  return { end: await writer.end(), bytes: Buffer.concat(parts) };
}

test('a table has numbers to the right, nulls as NULL, and times as people read them', async () => {
  const { bytes, end } = await print('table');
  assert.deepEqual(bytes.toString().split('\n'), [
    '              id  name      at                      tags',
    '9007199254740993  a "b", c  2026-03-01 12:00:05.25  ["x","y"]',
    '            NULL            NULL                    NULL',
    '',
  ]);
  assert.deepEqual(end, { rows: 2, isCut: false });
});

test('a table that does not fit is cut where texts are long, and shown value by value where that is not enough', async () => {
  const wide = structType({ number: long(), text: string() });
  const { bytes } = await print('table', [{ number: 1n, text: 'x'.repeat(200) }], { type: wide });
  assert.equal(bytes.toString().split('\n')[1], `     1  ${'x'.repeat(71)}…`);

  const many = structType(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`column_${i}`, long()])));
  const row = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`column_${i}`, BigInt(i)]));
  const lines = (await print('table', [row], { type: many })).bytes.toString().trimEnd().split('\n');
  assert.equal(lines.length, 13);
  assert.deepEqual([lines[0], lines[12]], ['row 1', 'column_11  11']);
});

test('a table stops at its limit and says so', async () => {
  const { end, bytes } = await print('table', ROWS, { rowsMax: 1 });
  assert.deepEqual(end, { rows: 1, isCut: true });
  assert.equal(bytes.toString().trimEnd().split('\n').length, 2);
});

test('JSON lines keep every digit of a number', async () => {
  const { bytes } = await print('json');
  assert.deepEqual(bytes.toString().split('\n'), [
    '{"id":9007199254740993,"name":"a \\"b\\", c","at":"2026-03-01T12:00:05.250000Z","tags":["x","y"]}',
    '{"id":null,"name":"","at":null,"tags":null}',
    '',
  ]);
});

test('CSV tells a null from an empty text, and has its titles also without rows', async () => {
  const { bytes } = await print('csv');
  assert.equal(
    bytes.toString(),
    'id,name,at,tags\r\n9007199254740993,"a ""b"", c",2026-03-01 12:00:05.25,"[""x"",""y""]"\r\n,"",,\r\n',
  );
  assert.equal((await print('csv', [])).bytes.toString(), 'id,name,at,tags\r\n');
});

test('Arrow is one stream that any reader takes', async () => {
  const table = tableFromIPC((await print('arrow')).bytes);
  assert.equal(table.numRows, 2);
  assert.deepEqual(
    table.schema.fields.map(({ name }) => name),
    ['id', 'name', 'at', 'tags'],
  );
  assert.equal(table.getChild('id')?.get(0), 9_007_199_254_740_993n);
});

test('values of every kind have a text and a JSON', () => {
  const map = new Map([[1, 2n]]);
  const cases: readonly [DataType, unknown, string | undefined, string][] = [
    [integer(), 5, '5', '5'],
    [double(), Number.NaN, 'NaN', '"NaN"'],
    [decimal(10, 2), Decimal.parse('1.50'), '1.50', '1.50'],
    [binary(), Uint8Array.of(1, 255), '01FF', '"Af8="'],
    [date(), -1, '1969-12-31', '"1969-12-31"'],
    [timestamp(), 0n, '1970-01-01 00:00:00', '"1970-01-01T00:00:00.000000Z"'],
    [{ kind: 'timestampNtz' }, 1n, '1970-01-01 00:00:00.000001', '"1970-01-01T00:00:00.000001"'],
    [{ kind: 'time', precision: 6 }, 3_661_500_000_000n, '01:01:01.5', '"01:01:01.5"'],
    [mapType(integer(), long()), map, '[[1,2]]', '[[1,2]]'],
    [mapType(string(), long()), new Map([['a', 2n]]), '{"a":2}', '{"a":2}'],
    [structType({ a: string() }), { a: null }, '{"a":null}', '{"a":null}'],
    [string(), null, undefined, 'null'],
  ];
  for (const [type, value, text, json] of cases) {
    assert.equal(cellText(type, value), text, type.kind);
    assert.equal(jsonText(type, value), json, type.kind);
  }
});
