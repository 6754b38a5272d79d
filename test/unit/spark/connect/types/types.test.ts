import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, map, struct } from '../../../../../spark/connect/frame/functions/index.js';
import { batchId, queryId } from '../../../../../spark/connect/types/ids.js';
import {
  char,
  Decimal,
  date,
  dateDays,
  day_time_interval,
  decimal,
  double,
  integer,
  long,
  notNull,
  schemaDdl,
  schemaJson,
  string,
  timestamp,
  timestamp_ntz,
  timestampMicros,
  timestampToDate,
  timestampToString,
  typeDdl,
  year_month_interval,
} from '../../../../../spark/connect/types/index.js';

const ORDER = struct({
  id: notNull(long()),
  at: timestamp(),
  items: array(notNull(struct({ sku: string(), price: decimal(10, 2) }))),
  labels: map(string(), notNull(integer())),
});

test('fields are nullable unless they are marked', () => {
  assert.deepEqual(
    ORDER.fields.map(({ name, nullable }) => [name, nullable]),
    [
      ['id', false],
      ['at', true],
      ['items', true],
      ['labels', true],
    ],
  );
  const [, , items, labels] = ORDER.fields;
  assert.equal(items?.type.kind === 'array' && items.type.containsNull, false);
  assert.equal(labels?.type.kind === 'map' && labels.type.valueContainsNull, false);
});

test('a schema reads as Spark writes it, in JSON and in DDL', () => {
  assert.equal(
    schemaJson(struct({ a: notNull(long()), b: array(string()), c: timestamp_ntz(), d: decimal(5, 1) })),
    '{"type":"struct","fields":[' +
      '{"name":"a","type":"long","nullable":false,"metadata":{}},' +
      '{"name":"b","type":{"type":"array","elementType":"string","containsNull":true},"nullable":true,"metadata":{}},' +
      '{"name":"c","type":"timestamp_ntz","nullable":true,"metadata":{}},' +
      '{"name":"d","type":"decimal(5,1)","nullable":true,"metadata":{}}]}',
  );
  assert.equal(
    schemaDdl(ORDER.fields),
    'id BIGINT NOT NULL, at TIMESTAMP, items ARRAY<STRUCT<sku: STRING, price: DECIMAL(10,2)>>, labels MAP<STRING, INT>',
  );
  assert.equal(typeDdl(struct({ 'a b': char(3) })), 'STRUCT<`a b`: CHAR(3)>');
  const collated = struct({ a: string('UTF8_LCASE'), b: array(map(string('UNICODE_CI'), array(string('DE')))) });
  assert.match(
    schemaJson(collated),
    /"name":"a","type":"string","nullable":true,"metadata":{"__COLLATIONS":{"a":"spark.UTF8_LCASE"}}}/,
  );
  assert.match(
    schemaJson(collated),
    /"metadata":{"__COLLATIONS":{"b.element.key":"icu.UNICODE_CI","b.element.value.element":"icu.DE"}}}\]}$/,
  );
  assert.equal(schemaJson(day_time_interval('hour', 'second')), '"interval hour to second"');
  assert.equal(schemaJson(year_month_interval('year', 'year')), '"interval year"');
});

test('decimals of impossible sizes are refused', () => {
  assert.throws(() => decimal(39, 0), /1 to 38 digits/);
  assert.throws(() => decimal(2, 3), /decimal\(2, 3\)/);
});

test('a decimal keeps every digit, whatever its notation', () => {
  for (const [text, printed] of [
    ['-12.50', '-12.50'],
    ['0.007', '0.007'],
    ['1E-7', '0.0000001'],
    ['12E3', '12000'],
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
  ] as const) {
    assert.equal(Decimal.parse(text).toString(), printed);
  }
  assert.ok(Decimal.parse('1.5').equals(Decimal.parse('1.50')));
  assert.ok(Decimal.parse('-2').compare(Decimal.parse('1.5')) < 0);
  assert.equal(JSON.stringify({ price: Decimal.fromUnscaled(-5n, 2) }), '{"price":"-0.05"}');
  for (const text of ['', '1.', 'NaN', '1,5', '--1']) assert.throws(() => Decimal.parse(text), /looks like/);
});

test('a timestamp keeps its microseconds through text, before 1970 too', () => {
  for (const text of ['2026-01-31T12:00:00.123456Z', '1969-12-31T23:59:59.999999Z', '1970-01-01T00:00:00.000000Z']) {
    assert.equal(timestampToString(timestampMicros(text)), text);
  }
  assert.equal(timestampMicros('1970-01-01T01:00:00.0000019+01:00'), 1n);
  assert.equal(timestampToDate(timestampMicros(-1n)).getTime(), -1);
  assert.equal(timestampMicros(new Date(5)), 5000n);
  assert.throws(() => timestampMicros('2026-01-31T12:00:00'), /looks like/);
  assert.throws(() => timestampMicros(new Date(Number.NaN)), /invalid Date/);
});

test('a date is a day, and nothing in between', () => {
  assert.equal(dateDays('1970-01-11'), 10);
  assert.equal(dateDays(new Date('1969-12-31T00:00:00Z')), -1);
  assert.throws(() => dateDays(new Date(1)), /midnight/);
  assert.throws(() => dateDays('2026-02-30T'), /midnight/);
});

test('a day that no calendar has is refused, and not another one', () => {
  assert.throws(() => dateDays('2026-02-30'), /2026-02-30/);
  assert.throws(() => dateDays('2025-02-29'), /2025-02-29/);
  assert.throws(() => timestampMicros('2026-02-30T12:00:00Z'), /2026-02-30/);
  assert.equal(dateDays('2024-02-29'), 19_782);
  assert.equal(dateDays('0001-01-01'), -719_162);
  assert.equal(timestampMicros('2024-02-29T23:00:00-05:00'), timestampMicros('2024-03-01T04:00:00Z'));
});

test('ids are checked when they are made', () => {
  assert.equal(batchId('12'), 12n);
  assert.equal(batchId(0), 0n);
  for (const wrong of ['-1', '1.5', 'x', '', 1.5, -1, 2n ** 63n]) assert.throws(() => batchId(wrong), /whole number/);
  assert.throws(() => queryId('not-a-uuid'), /UUID/);
});

test('struct, array and map make types of types and columns of columns', () => {
  assert.equal(struct({ a: long() }).kind, 'struct');
  assert.equal(String(struct('a', 'b')), 'struct(a, b)');
  assert.equal(array(double()).kind, 'array');
  assert.equal(String(array('a')), 'array(a)');
  assert.equal(String(array()), 'array()');
  assert.equal(map(string(), date()).kind, 'map');
  assert.equal(String(map('a', 'b')), 'map(a, b)');
});
