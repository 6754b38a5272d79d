import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as functions from '../../../../../spark/connect/frame/functions/index.js';
import { toLiteral } from '../../../../../spark/connect/frame/literal.js';
import { Window } from '../../../../../spark/connect/frame/window.js';
import {
  byte,
  type DataType,
  Decimal,
  date,
  day_time_interval,
  integer,
  long,
  string,
  time,
  timestamp,
  timestampMicros,
  year_month_interval,
} from '../../../../../spark/connect/types/index.js';

const { array, col, count, expr, filter, lit, named_struct, row_number, transform, when } = functions;

test('text is a constant in methods and a column in functions', () => {
  assert.equal(String(col('a').eq('b')), "(a == 'b')");
  assert.equal(String(functions.upper('b')), 'upper(b)');
  assert.equal(String(functions.regexp_replace('b', 'x', 'y')), "regexp_replace(b, 'x', 'y')");
  assert.equal(String(functions.coalesce('a', 0, lit('x'))), "coalesce(a, 0, 'x')");
});

test('a constant becomes the smallest type that holds it exactly', () => {
  const kinds = (value: unknown) => toLiteral(value).kind;
  assert.equal(kinds(2 ** 31 - 1), 'integer');
  assert.equal(kinds(2 ** 31), 'long');
  assert.equal(kinds(-(2 ** 31)), 'integer');
  assert.equal(kinds(2 ** 53), 'double');
  assert.equal(kinds(0.1), 'double');
  assert.equal(kinds(-0), 'double');
  assert.equal(kinds(Number.NaN), 'double');
  assert.equal(kinds(1n), 'long');
  assert.equal(kinds(undefined), 'null');
  assert.deepEqual(toLiteral(Decimal.parse('0.050')), { kind: 'decimal', value: '0.050', precision: 3, scale: 3 });
  assert.deepEqual(toLiteral(new Date(1)), { kind: 'timestamp', value: 1000n });
});

test('a value without a Spark type is refused by name', () => {
  assert.throws(() => lit(Symbol('x') as never), /symbol/);
  assert.throws(() => lit(new Set() as never), /Set/);
  assert.throws(() => lit(2n ** 63n), /64 bits/);
  assert.throws(() => lit(new Date(Number.NaN)), /Date/);
});

test('a constant of a given type has that type', () => {
  assert.deepEqual(lit(timestampMicros(5n), timestamp()).expression, {
    kind: 'literal',
    literal: { kind: 'timestamp', value: 5n },
  });
  assert.deepEqual(lit(null, long()).expression, {
    kind: 'literal',
    literal: { kind: 'null', type: { kind: 'long' } },
  });
  assert.equal(lit('7' as never, integer()).expression.kind, 'cast');
});

test('a number that is none of its type is refused: on the wire it would lose its upper bits', () => {
  const refused: readonly [value: unknown, type: DataType][] = [
    [300, byte()],
    [2 ** 31, integer()],
    [1.5, integer()],
    [2n ** 63n, long()],
    [2 ** 53, long()],
    [2n ** 63n, timestamp()],
    [5, timestamp()],
    [2 ** 40, date()],
    [2 ** 31, year_month_interval()],
    [2n ** 63n, day_time_interval()],
    [86_400_000_000_000n, time()],
  ];
  for (const [value, type] of refused) {
    assert.throws(() => lit(value as never, type), { kind: 'input' }, `${value} as ${type.kind}`);
  }
  assert.throws(() => lit(300, byte()), /^SparkError: 300 \(number\) is no value of type TINYINT\.$/);
});

test('the members of a typed constant have their types before the whole is cast', () => {
  const { array: arrayOf, map: mapOf } = functions;
  assert.equal(
    String(lit([timestampMicros(5n), null], arrayOf(timestamp()))),
    'CAST(array(timestamp(5), NULL) AS ARRAY<TIMESTAMP>)',
  );
  assert.equal(
    String(lit(new Map([['a', timestampMicros(5n)]]), mapOf(string(), timestamp()))),
    "CAST(map('a', timestamp(5)) AS MAP<STRING, TIMESTAMP>)",
  );
});

test('the fields of a typed constant are found by their names, not by their places', () => {
  const type = functions.struct({ a: integer(), b: long(), c: byte() });
  assert.equal(
    String(lit({ b: 1n, a: 2 } as never, type)),
    "CAST(named_struct('a', 2, 'b', 1L, 'c', NULL) AS STRUCT<a: INT, b: BIGINT, c: TINYINT>)",
  );
  assert.throws(() => lit({ a: 1, d: 2 } as never, type), /no field "d"/);
});

test('where only a constant can stand, one that lit gave a type is taken, and a column is not', () => {
  assert.deepEqual(toLiteral(lit(1, byte())), { kind: 'byte', value: 1 });
  assert.throws(() => toLiteral(col('a')), /no column; found a/);
});

test('a nested lambda does not take its outer one’s names, and one beside it may', () => {
  const nested = transform(array(1), (x) => transform(array(2), (y) => x.plus(y)));
  assert.equal(String(nested), 'transform(array(1), (x_0) -> transform(array(2), (x_1) -> (x_0 + x_1)))');
  assert.equal(String(filter(array(1), (x) => x.gt(0))), 'filter(array(1), (x_0) -> (x_0 > 0))');
});

test('a lambda that fails leaves the names as they were', () => {
  assert.throws(() => transform(array(1), () => undefined as never), /returns a column/);
  assert.throws(() => transform(array(1), async () => lit(1) as never), /promise/);
  assert.equal(String(transform(array(1), (x) => x)), 'transform(array(1), (x_0) -> x_0)');
});

test('a lambda gets the position only if it asks for it', () => {
  assert.equal(String(transform(array(1), (x, i) => x.plus(i))), 'transform(array(1), (x_0, y_0) -> (x_0 + y_0))');
});

test('the branches of a CASE stand in the order in which they were said', () => {
  const choice = when(col('a').gt(1), 'big').when(col('a').gt(0), 'small');
  assert.equal(String(choice), "when((a > 1), 'big', (a > 0), 'small')");
  assert.equal(String(choice.otherwise(null)), "when((a > 1), 'big', (a > 0), 'small', NULL)");
  assert.equal(String(choice), "when((a > 1), 'big', (a > 0), 'small')");
});

test('the last word on an order counts', () => {
  assert.equal(String(col('a').asc().desc_nulls_first()), 'a DESC NULLS FIRST');
  assert.equal(String(functions.desc('a')), 'a DESC NULLS LAST');
  assert.equal(String(functions.asc('a')), 'a ASC NULLS FIRST');
});

test('a window says what it is over, and only once', () => {
  const latest = row_number().over(Window.partitionBy('u').orderBy(col('t').desc()));
  assert.equal(String(latest), 'row_number() OVER (PARTITION BY u ORDER BY t DESC NULLS LAST)');
  assert.throws(() => latest.over(Window.orderBy('t')), /over\(\) stands already/);
  assert.throws(() => Window.rowsBetween(1, 0), /before its end/);
  const running = count('*').over(Window.orderBy('t').rowsBetween(-2, Window.unboundedFollowing));
  assert.equal(String(running), 'count(1) OVER (ORDER BY t ASC NULLS FIRST ROWS BETWEEN -2 AND UNBOUNDED FOLLOWING)');
});

test('columns do not change when they are used', () => {
  const a = col('a');
  a.as('b').cast('int').plus(1).desc();
  assert.equal(String(a), 'a');
});

test('fields, elements and several names are told apart', () => {
  assert.equal(String(col('a').getField('b').getItem(0)), "a['b'][0]");
  assert.equal(
    String(col('a').withField('b', 1).dropFields('c', 'd')),
    'drop_field(drop_field(with_field(a, b, 1), c), d)',
  );
  assert.equal(String(functions.inline('a').as('x', 'y')), 'inline(a) AS x, y');
  assert.equal(String(named_struct({ a: 1, b: 'c' })), "named_struct('a', 1, 'b', c)");
  assert.equal(String(named_struct(lit('a'), col('b'))), "named_struct('a', b)");
  assert.equal(String(col('e.*')), 'e.*');
  assert.equal(String(expr('1 + 1')), 'expr("1 + 1")');
});

test('a sliding window has a slide, and a shifted one gets its own length for it', () => {
  assert.equal(String(functions.window('t', '1 minute')), "window(t, '1 minute')");
  assert.equal(String(functions.window('t', '5 minutes', '1 minute')), "window(t, '5 minutes', '1 minute')");
  assert.equal(
    String(functions.window('t', '1 hour', undefined, '15 minutes')),
    "window(t, '1 hour', '1 hour', '15 minutes')",
  );
});

test('what comes by chance comes again: a plan carries its seed', () => {
  const { expression } = functions.rand();
  assert.equal(expression.kind === 'function' && expression.arguments[0]?.kind, 'literal');
});
