import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Table, tableFromArrays, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { array, map, type StructType, string, struct, typeDdl } from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const spark = await openSession();

async function one(expression: string): Promise<unknown> {
  const rows = await spark.sql(`select ${expression} as value`).collect();
  assert.equal(rows.length, 1);
  return rows[0].value;
}

const VALUES: readonly [expression: string, value: unknown][] = [
  ['null', null],
  ['true', true],
  ['cast(-128 as tinyint)', -128],
  ['cast(-32768 as smallint)', -32768],
  ['-2147483648', -2147483648],
  ['9223372036854775807', 9223372036854775807n],
  ['cast(1.5 as float)', 1.5],
  ["double('NaN')", Number.NaN],
  ["'é' || chr(0) || '𝄞'", 'é\0𝄞'],
  ["x'00ff'", Uint8Array.of(0, 255)],
  ["date'1969-12-31'", -1],
  ["timestamp'2024-02-29 23:59:59.999999Z'", 1709251199999999n],
  ["timestamp'1969-12-31 23:59:59.999999Z'", -1n],
  ["timestamp_ntz'2024-02-29 23:59:59.999999'", 1709251199999999n],
  ["interval '-1-2' year to month", -14],
  ["interval '1 02:03:04.567891' day to second", 93784567891n],
  ['make_interval(1, 2, 0, 4, 5, 6, 7.000001)', { months: 14, days: 4, microseconds: 18367000001n }],
  ['array(1, null)', [1, null]],
  [
    "map('a', 1L, 'b', null)",
    new Map([
      ['a', 1n],
      ['b', null],
    ]),
  ],
  ["named_struct('x', 1, 'y', array(named_struct('z', cast(null as string))))", { x: 1, y: [{ z: null }] }],
  ['cast(null as struct<x: int>)', null],
  [`parse_json('{"a":[1,2.5,null,true,"é",{"b":123456789012}]}')`, undefined],
];

for (const [expression, value] of VALUES.slice(0, -1)) {
  test(`${expression} arrives exactly`, async () => assert.deepEqual(await one(expression), value));
}

test('decimals arrive exactly, with their sign and all 38 digits', async () => {
  for (const text of [
    '0.00',
    '-1.50',
    '99999999999999999999999999999999999999',
    '-0.00000000000000000000000000000000000001',
  ]) {
    const scale = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
    assert.equal(String(await one(`cast('${text}' as decimal(38, ${scale}))`)), text);
  }
});

test('a variant arrives as plain values', async () => {
  const variant = (await one(
    `parse_json('{"a":[1,null,true,"é",{"b":123456789012}],"long":"${'x'.repeat(100)}"}')`,
  )) as Record<string, unknown>;
  assert.deepEqual(variant, { a: [1, null, true, 'é', { b: 123456789012n }], long: 'x'.repeat(100) });
});

test('a hundred thousand rows arrive in order', async () => {
  const rows = await spark
    .sql('select id, cast(id as string) as text, timestamp_micros(id) as time from range(0, 100000, 1, 3)')
    .collect();
  assert.equal(rows.length, 100_000);
  rows.forEach((row, index) => {
    if (row.id !== BigInt(index) || row.text !== String(index) || row.time !== BigInt(index))
      assert.fail(`row ${index}: ${row.id}`);
  });
});

test('an empty result has no rows and its columns', async () => {
  const frame = spark.sql("select 1 as a, 'x' as b where false");
  assert.deepEqual(await frame.collect(), []);
  assert.deepEqual(await frame.columns(), ['a', 'b']);
});

test('collations of local rows arrive, in arrays and maps too', async () => {
  const schema = struct({
    name: string('UTF8_LCASE'),
    names: array(string('UNICODE_CI')),
    within: struct({ codes: map(string('UNICODE'), array(string('UTF8_LCASE'))) }),
  });
  const frame = spark.createDataFrame(
    [{ name: 'Ada', names: ['x'], within: { codes: new Map([['k', ['v']]]) } }],
    schema,
  );
  assert.equal(typeDdl(await frame.schema()), typeDdl(schema));
  assert.equal(await frame.filter(frame.col('name').eq('ADA')).count(), 1n);
});

test('a result as Arrow comes back as a frame with every value and type', async () => {
  const source = spark.sql(`select id, id = 1 as b, cast(id as decimal(38, 4)) d, 'é' s, x'00' x, date'1582-10-10' day,
    timestamp'1969-12-31 23:59:59.999999Z' t, timestamp_ntz'2024-02-29 00:00:00' n, array(1, null) a, map('k', named_struct('z', 1)) m,
    interval '-1-1' year to month ym, interval '-1' second dt, make_interval(1, 2, 3) ci, parse_json('[1]') v, null nothing
    from range(0, 6, 1, 3)`);
  const frame = spark.createDataFrame(tableToIPC(await source.toArrow(), 'stream'));
  assert.deepEqual(await frame.collect(), await source.collect());
  const types = (schema: StructType) => schema.fields.map(({ name, type }) => `${name} ${typeDdl(type)}`);
  // Which units an interval is said in does not travel with Arrow.
  const but = (names: readonly string[]) => names.filter((name) => !name.startsWith('dt '));
  assert.deepEqual(but(types(await frame.schema())), but(types(await source.schema())));
});

test('Arrow that Spark would misread is refused before it is sent', async () => {
  const dictionary = tableFromArrays({ name: ['a', 'b'] });
  const numbers = tableFromArrays({ x: Float64Array.of(1, 2) });
  for (const bytes of [tableToIPC(dictionary, 'stream'), tableToIPC(numbers, 'file'), Uint8Array.of(1, 2, 3)]) {
    assert.throws(() => spark.createDataFrame(bytes), { kind: 'input' });
  }
  const text = vectorFromArray(['a', 'b'], new Utf8());
  const frame = spark.createDataFrame<{ name: string; x: number }>(
    tableToIPC(new Table({ name: text, x: vectorFromArray(Float64Array.of(1, 2)) }), 'stream'),
  );
  assert.deepEqual(await frame.collect(), [
    { name: 'a', x: 1 },
    { name: 'b', x: 2 },
  ]);
});

test('two columns of one name are refused rather than one of them lost', async () => {
  await assert.rejects(spark.sql('select 1 as a, 2 as a').collect(), /Two columns are called "a"/);
});
