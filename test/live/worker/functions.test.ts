/** TypeScript functions on a real Spark's executors: what they get, what comes of what they answer, and how they fail. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  arrayType,
  binary,
  boolean,
  byte,
  col,
  concat,
  Decimal,
  date,
  dateDays,
  decimal,
  double,
  float,
  integer,
  lit,
  long,
  mapType,
  notNull,
  SparkError,
  short,
  string,
  structType as struct,
  time,
  timestamp,
  timestamp_ntz,
  timestampMicros,
} from '../../../spark/connect/index.js';
import { partitionMapper, udf } from '../../../spark/worker/index.js';
import {
  countCalls,
  domain,
  first,
  noRows,
  runForever,
  same,
  shout,
  slowLength,
  words,
} from '../../fixtures/functions/text.js';
import { eventually, isRunning } from '../../support/eventually.js';
import { openSession } from '../connect/open-session.js';
import { readLines, temporaryFolder } from './queries.js';

const module = new URL('../../fixtures/functions/text.js', import.meta.url);
const spark = await openSession();
await spark.conf.set('spark.sql.timeType.enabled', true);

const visits = spark.createDataFrame(
  [{ url: 'https://a.example/x' }, { url: null }, { url: 'https://b.example/y' }],
  struct({ url: string() }),
);

test('a function of columns is called for each row, with null where there is null', async () => {
  const domainOf = await udf({ module, handler: domain, returns: string() });
  const rows = await visits.select(domainOf(visits.col('url')).as('domain')).collect();
  assert.deepEqual(rows, [{ domain: 'a.example' }, { domain: null }, { domain: 'b.example' }]);
});

test('functions of functions, two side by side, and one within an expression', async () => {
  const domainOf = await udf({ module, handler: domain, returns: string() });
  const loud = await udf({ module, handler: shout, returns: string() });
  const frame = visits.select(
    loud(domainOf(visits.col('url'))).as('loud'),
    domainOf(visits.col('url')).as('domain'),
    loud('url').contains('HTTPS').as('secure'),
  );
  assert.deepEqual(await frame.collect(), [
    { loud: 'A.EXAMPLE', domain: 'a.example', secure: true },
    { loud: 'NOTHING', domain: null, secure: false },
    { loud: 'B.EXAMPLE', domain: 'b.example', secure: true },
  ]);
});

test('promises are awaited', async () => {
  const lengthOf = await udf({ module, handler: slowLength, returns: integer() });
  const rows = await spark
    .range(25_000)
    .select(lengthOf(col('id').cast('string')).as('length'))
    .groupBy('length')
    .count()
    .orderBy('length')
    .collect();
  assert.deepEqual(
    rows.map(({ length, count }) => [length, count]),
    [
      [1, 10n],
      [2, 90n],
      [3, 900n],
      [4, 9000n],
      [5, 15_000n],
    ],
  );
});

test('rows of a partition become other rows, batch by batch', async () => {
  const split = await partitionMapper({
    module,
    handler: words,
    returns: struct({ id: notNull(long()), word: string(), place: integer(), partition: integer() }),
    params: { separator: ' ' },
  });
  const lines = spark.range(0, 30_000, 1, 3).select('id', concat(col('id').cast('string'), lit(' x')).as('text'));
  const mapped = lines.mapPartitions(split);
  const rows = await mapped.groupBy('partition', 'place').count().orderBy('partition', 'place').collect();
  assert.deepEqual(
    rows.map(({ partition, place, count }) => [partition, place, count]),
    [0, 1, 2].flatMap((partition) => [
      [partition, 0, 10_000n],
      [partition, 1, 10_000n],
    ]),
  );
  const [row] = await mapped.filter(mapped.col('id').eq(12_345n)).orderBy('place').collect();
  assert.deepEqual(row, { id: 12_345n, word: '12345', place: 0, partition: 1 });
});

test('a function may stop reading, or answer nothing', async () => {
  const lines = spark.range(0, 300_000, 1, 3).select('id', col('id').cast('string').as('text'));
  const returns = struct({ id: notNull(long()), text: string() });
  const firsts = lines.mapPartitions(await partitionMapper({ module, handler: first, returns }));
  assert.deepEqual(
    (await firsts.orderBy('id').collect()).map(({ id }) => id),
    [0n, 100_000n, 200_000n],
  );
  assert.equal(await lines.mapPartitions(await partitionMapper({ module, handler: noRows, returns })).count(), 0n);
  // Spark ends a task whose rows it no longer wants.
  assert.equal(
    (
      await lines
        .mapPartitions(await partitionMapper({ module, handler: same, returns }))
        .limit(5)
        .collect()
    ).length,
    5,
  );
});

test('values of all types arrive as they are, and go back', async () => {
  const returns = struct({
    flag: boolean(),
    tiny: byte(),
    small: short(),
    whole: integer(),
    large: notNull(long()),
    single: float(),
    real: double(),
    exact: decimal(38, 10),
    text: string(),
    bytes: binary(),
    day: date(),
    at: timestamp(),
    clock: timestamp_ntz(),
    hour: time(),
    list: arrayType(integer()),
    map: mapType(string(), arrayType(long())),
    inner: struct({ a: integer(), b: struct({ c: string() }) }),
  });
  const full = {
    flag: true,
    tiny: -128,
    small: 32_767,
    whole: -1,
    large: 2n ** 63n - 1n,
    single: 0.5,
    real: Number.NEGATIVE_INFINITY,
    exact: Decimal.parse('-1234567890123456789012345678.0123456789'),
    text: 'é\u0000\u{1F600}',
    bytes: new Uint8Array([0, 255]),
    day: dateDays(-719_162),
    at: timestampMicros('1582-10-04T23:59:59.999999Z'),
    clock: timestampMicros('2026-03-29T02:30:00Z'),
    hour: 86_399_999_999_000n,
    list: [1, null, 3],
    map: new Map([['k', [1n, null]]]),
    inner: { a: null, b: { c: 'deep' } },
  };
  const nothing = { ...Object.fromEntries(returns.fields.map(({ name }) => [name, null])), large: 0n };
  const frame = spark.createDataFrame([full, { large: 0n }], returns);
  const mapped = frame.mapPartitions(await partitionMapper({ module, export: 'same', returns }));
  assert.deepEqual(await mapped.collect(), [full, nothing]);
  assert.deepEqual((await mapped.schema()).fields, returns.fields);
});

test('a function that has a name can be called in SQL', async () => {
  await spark.registerFunction('domain_of', await udf({ module, handler: domain, returns: string() }));
  const rows = await spark
    .sql("SELECT domain_of('https://c.example/') AS domain, upper(domain_of(NULL)) AS none")
    .collect();
  assert.deepEqual(rows, [{ domain: 'c.example', none: null }]);
});

test('processes are used again, and a module is loaded once in each', async () => {
  const counted = await udf({ module, handler: countCalls, returns: string(), deterministic: false });
  const numbers = spark.range(0, 50, 1, 1).select(counted().as('call'));
  const callsOf = new Map<string | undefined, number>();
  // Spark takes the process that has waited longest.
  for (;;) {
    const rows = await numbers.collect();
    const [process, calls] = rows.at(-1)?.call?.split(' ') ?? [];
    const before = callsOf.get(process);
    callsOf.set(process, Number(calls));
    if (before === undefined) continue;
    assert.equal(Number(calls) - before, rows.length);
    break;
  }
});

test('a stream calls functions too', async (t) => {
  const split = await partitionMapper({
    module,
    export: 'words',
    returns: struct({ id: notNull(long()), word: string(), place: integer(), partition: integer() }),
    params: { separator: '-' },
  });
  const loud = await udf({ module, handler: shout, returns: string() });
  const source = spark.readStream.format('rate-micro-batch').option('rowsPerBatch', 10).load();
  const query = await source
    .select(col('value').as('id'), concat(lit('a-'), col('value').cast('string')).as('text'))
    .mapPartitions(split)
    .withColumn('word', loud('word'))
    .writeStream.format('memory')
    .queryName('function_stream')
    .start();
  t.after(() => query.stop());
  const found = await eventually('twenty rows', async () => {
    const rows = await spark.sql('SELECT word FROM function_stream WHERE id < 10').collect();
    return rows.length === 20 ? rows.map(({ word }) => word).sort() : undefined;
  });
  assert.deepEqual(found, [...Array.from({ length: 10 }, (_, id) => String(id)), ...new Array<string>(10).fill('A')]);
});

const texts = spark.range(0, 10, 1, 1).select(concat(lit('row '), col('id').cast('string')).as('text'));

test('a throw fails the query with function, partition and source line', async () => {
  const failing = await udf({ module, export: 'fail', returns: string() });
  await assert.rejects(texts.select(failing('text')).collect(), (error) => {
    assert.ok(error instanceof SparkError);
    assert.equal(error.condition, 'PYTHON_EXCEPTION');
    assert.match(
      error.message,
      /text\.js#fail, partition 0: RangeError: no row 3\n {4}at fail \(.*test\/fixtures\/functions\/text\.ts:\d+:\d+\)/,
    );
    assert.doesNotMatch(error.message, /task-host|sluice-worker/);
    return true;
  });
});

test('a value that is not of the declared type is named with its row', async () => {
  const wrong = await udf({ module, export: 'wrongType', returns: string() });
  await assert.rejects(
    texts.select(wrong()).collect(),
    /Row 1, column .*text\.js#wrongType: expected .*string.*; found number 5/,
  );
});

test('a function that ends its process fails its query alone', async () => {
  const ends = await udf({ module, export: 'exit', returns: string() });
  await assert.rejects(texts.select(ends()).collect(), /ended with code 7: did it call process\.exit\(\)\?/);
  const loud = await udf({ module, handler: shout, returns: string() });
  assert.equal((await texts.select(loud('text').as('loud')).collect())[9]?.loud, 'ROW 9');
});

test('a function that never answers ends with its query', async (t) => {
  const file = join(await temporaryFolder(t), 'pid');
  const forever = await udf({ module, handler: runForever, returns: integer(), deterministic: false });
  const stop = new AbortController();
  const running = texts.select(forever(lit(file))).collect({ signal: stop.signal });
  const [pid] = await readLines<number>(file, 1);
  assert.ok(pid !== undefined && (await isRunning(pid)));
  stop.abort();
  await assert.rejects(running, (error) => error instanceof SparkError && error.kind === 'cancelled');
  await eventually('the end of the process', async () => ((await isRunning(pid)) ? undefined : true));
});
