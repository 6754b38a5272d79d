import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  aggregate,
  array,
  array_sort,
  avg,
  col,
  collect_list,
  concat,
  count,
  count_distinct,
  Decimal,
  from_json,
  inline,
  lit,
  long,
  map_filter,
  max,
  named_struct,
  notNull,
  type RowOf,
  row_number,
  SparkError,
  session_window,
  string,
  struct,
  sum,
  timestamp,
  timestampMicros,
  transform,
  vector_norm,
  Window,
  when,
  window,
} from '../../../spark/connect/index.js';
import { programs } from '../../unit/spark/connect/programs.js';
import { openSession } from './open-session.js';

const spark = await openSession();
await spark.conf.set('spark.sql.shuffle.partitions', '2');

const ACTIVITY = struct({ event_time: timestamp(), user_id: notNull(string()), page_url: string(), visits: long() });
const at = (text: string) => timestampMicros(`2026-01-01T${text}Z`);
const ROWS: readonly RowOf<typeof ACTIVITY>[] = [
  { event_time: at('00:00:10.000001'), user_id: 'ann', page_url: '/a', visits: 1n },
  { event_time: at('00:00:59.999999'), user_id: 'ann', page_url: '/b', visits: 2n },
  { event_time: at('00:01:00'), user_id: 'bob', page_url: '/a', visits: null },
  { event_time: at('00:07:00'), user_id: 'ann', page_url: null, visits: 5n },
];
const activity = spark.createDataFrame(ROWS, ACTIVITY);
await activity.createOrReplaceTempView('activity');

const folder = await mkdtemp(join(tmpdir(), 'sluice-frame-'));
after(() => rm(folder, { recursive: true, force: true }));

for (const [name, program] of Object.entries(programs(spark.connection))) {
  test(`the server resolves the program ${name}`, async () => {
    const { fields } = await program().schema();
    assert.ok(fields.length > 0);
  });
}

test('windows of time begin on the full minute and end where the next begins', async () => {
  const rows = await activity
    .groupBy(window(activity.col('event_time'), '1 minute'))
    .agg(count('*').as('n'), count_distinct('user_id').as('users'))
    .select(col('window').getField('start').as('start'), col('window').getField('end').as('end'), 'n', 'users')
    .orderBy('start')
    .collect();
  assert.deepEqual(rows, [
    { start: at('00:00:00'), end: at('00:01:00'), n: 2n, users: 1n },
    { start: at('00:01:00'), end: at('00:02:00'), n: 1n, users: 1n },
    { start: at('00:07:00'), end: at('00:08:00'), n: 1n, users: 1n },
  ]);
});

test('a session goes on over a gap of exactly its timeout', async () => {
  const rows = await activity
    .groupBy('user_id', session_window('event_time', '360 seconds 1 microsecond'))
    .agg(sum(activity.col('visits')).as('visits'))
    .select('user_id', 'session_window.start', 'session_window.end', 'visits')
    .orderBy('user_id')
    .collect();
  assert.deepEqual(rows, [
    { user_id: 'ann', start: at('00:00:10.000001'), end: at('00:13:00.000001'), visits: 8n },
    { user_id: 'bob', start: at('00:01:00'), end: at('00:07:00.000001'), visits: null },
  ]);
});

test('lambdas reach the variables of the lambdas around them', async () => {
  const [row] = await spark
    .range(1)
    .select(
      transform(array(1, 2), (x) => transform(array(10, 20), (y, index) => x.plus(y).plus(index))).as('nested'),
      aggregate(
        array(1, 2, 3),
        lit(0n),
        (total, x) => total.plus(x.cast('long')),
        (total) => total.multiply(10),
      ).as('total'),
      array_sort(array(3, 1, 2), (left, right) => right.minus(left)).as('descending'),
      map_filter(
        lit(
          new Map([
            ['a', 1],
            ['b', 2],
          ]),
        ),
        (key, value) => key.eq('b').and(value.gt(1)),
      ).as('b'),
    )
    .collect();
  assert.deepEqual(row, {
    nested: [
      [11, 22],
      [12, 23],
    ],
    total: 60n,
    descending: [3, 2, 1],
    b: new Map([['b', 2]]),
  });
});

test('a fold cuts the events of a user into pieces, which become rows', async () => {
  const rows = await activity
    .filter(col('user_id').eq('ann'))
    .groupBy('user_id')
    .agg(array_sort(collect_list(named_struct({ time: col('event_time'), url: col('page_url') }))).as('events'))
    .select(
      'user_id',
      inline(
        aggregate(col('events'), array().cast('array<struct<at: timestamp, url: string>>'), (pieces, event) =>
          when(event.getField('url').isNull(), pieces).otherwise(
            concat(pieces, array(struct(event.getField('time').as('at'), event.getField('url').as('url')))),
          ),
        ),
      ),
    )
    .collect();
  assert.deepEqual(rows, [
    { user_id: 'ann', at: at('00:00:10.000001'), url: '/a' },
    { user_id: 'ann', at: at('00:00:59.999999'), url: '/b' },
  ]);
});

test('from_json gives a typed struct, and null fields for text of another shape', async () => {
  const rows = await spark
    .createDataFrame(
      [{ text: '{"id": 9007199254740993, "tags": ["x", null]}' }, { text: '{"id": "no"}' }, { text: null }],
      struct({ text: string() }),
    )
    .select(from_json(col('text'), struct({ id: long(), tags: array(string()) })).as('value'))
    .collect();
  assert.deepEqual(
    rows.map((row) => row.value),
    [{ id: 9007199254740993n, tags: ['x', null] }, { id: null, tags: null }, null],
  );
});

test('constants arrive as what they are', async () => {
  const [row] = await spark
    .range(1)
    .select(
      lit(timestampMicros(5n), timestamp()).as('micros'),
      lit(Decimal.parse('-12.50')).as('decimal'),
      lit({ a: [1, 2], b: { c: 'x' } }).as('object'),
      lit(Uint8Array.of(0, 255)).as('bytes'),
      lit(2 ** 40).as('long'),
      lit(0.1).as('double'),
    )
    .collect();
  assert.deepEqual(row, {
    micros: 5n,
    decimal: Decimal.parse('-12.50'),
    object: { a: [1, 2], b: { c: 'x' } },
    bytes: Uint8Array.of(0, 255),
    long: 2n ** 40n,
    double: 0.1,
  });
});

test('a function that came with Spark 4.2 takes its columns', async () => {
  const [row] = await spark
    .range(1)
    .select(vector_norm(array(3, 4).cast('array<float>')).as('norm'))
    .collect();
  assert.deepEqual(row, { norm: 5 });
});

test('window functions see their own part of the rows', async () => {
  const rows = await activity
    .select(
      'user_id',
      row_number()
        .over(Window.partitionBy('user_id').orderBy(col('event_time').desc()))
        .as('latest'),
      sum('visits')
        .over(Window.partitionBy('user_id').orderBy('event_time').rowsBetween(-1, Window.currentRow))
        .as('last_two'),
    )
    .orderBy('user_id', 'latest')
    .collect();
  assert.deepEqual(rows, [
    { user_id: 'ann', latest: 1, last_two: 7n },
    { user_id: 'ann', latest: 2, last_two: 3n },
    { user_id: 'ann', latest: 3, last_two: 1n },
    { user_id: 'bob', latest: 1, last_two: null },
  ]);
});

test('joins keep what their kind keeps, and tell two frames’ columns apart', async () => {
  const users = spark.createDataFrame(
    [
      { user_id: 'ann', age: 30n },
      { user_id: 'eve', age: 40n },
    ],
    struct({ user_id: notNull(string()), age: long() }),
  );
  const visitors = activity.select('user_id').distinct();
  assert.deepEqual(await visitors.join(users, 'user_id', 'left').orderBy('user_id').collect(), [
    { user_id: 'ann', age: 30n },
    { user_id: 'bob', age: null },
  ]);
  assert.deepEqual(await visitors.join(users, 'user_id', 'anti').collect(), [{ user_id: 'bob' }]);
  const both = visitors.join(users, visitors.col('user_id').eq(users.col('user_id')), 'full');
  const rows = await both.select(visitors.col('user_id').as('visitor'), users.col('user_id').as('user')).collect();
  assert.equal(rows.length, 3);
  assert.ok(rows.some((row) => row.visitor === null && row.user === 'eve'));
});

test('count, show, explain, schema and the rest answer without collecting', async () => {
  assert.equal(await activity.count(), 4n);
  assert.equal(await activity.filter(lit(false)).isEmpty(), true);
  assert.deepEqual(await activity.columns(), ['event_time', 'user_id', 'page_url', 'visits']);
  assert.equal(await spark.range(2).showString(), '+---+\n| id|\n+---+\n|  0|\n|  1|\n+---+\n');
  assert.match(await activity.explain('extended'), /Analyzed Logical Plan/);
  assert.match(await activity.treeString(), /user_id: string \(nullable = false\)/);
  assert.equal(await activity.isStreaming(), false);
  assert.equal((await spark.range(3).tail(1))[0]?.id, 2n);
  assert.equal((await spark.range(5).toArrow()).numRows, 5);
  assert.equal(await spark.range(5).stat.corr('id', 'id'), 1);
  assert.deepEqual(await spark.range(11).stat.approxQuantile(['id'], [0, 0.5, 1], 0), [[0, 5, 10]]);
});

test('an empty result has no rows but its columns', async () => {
  const empty = activity.filter(lit(false));
  assert.deepEqual(await empty.collect(), []);
  assert.deepEqual((await empty.toArrow()).schema.names, ['event_time', 'user_id', 'page_url', 'visits']);
});

test('a plan of ninety steps is sent and run', async () => {
  let frame = spark.range(10);
  // More than about a hundred are too many for the analyzer, unless it is told otherwise.
  for (let step = 0; step < 90; step++) frame = frame.filter('id >= 0');
  assert.equal(await frame.count(), 10n);
});

test('what a frame observes reaches the action', async () => {
  const seen: unknown[] = [];
  await activity
    .observe('seen', max('visits').as('most'), avg('visits').as('mean'))
    .collect({ onObserved: (name, values) => seen.push(name, Object.fromEntries(values)) });
  assert.deepEqual(seen, ['seen', { most: 5n, mean: 8 / 3 }]);
});

test('a frame is kept from persist to unpersist', async () => {
  const frame = spark.range(100).withColumn('x', col('id').multiply(2));
  await frame.persist();
  assert.equal((await frame.storageLevel()).useMemory, true);
  assert.equal(await frame.count(), 100n);
  await frame.unpersist(true);
  assert.equal((await frame.storageLevel()).useMemory, false);
});

test('a dynamic overwrite replaces its own partitions and no others', async () => {
  const path = join(folder, 'lake');
  const write = (batch: bigint, rows: number) =>
    spark
      .range(rows)
      .withColumns({ event_date: lit('2026-01-01'), batch_id: lit(batch) })
      .write.mode('overwrite')
      .option('partitionOverwriteMode', 'dynamic')
      .partitionBy('event_date', 'batch_id')
      .parquet(path);
  await write(1n, 3);
  await write(2n, 5);
  await write(2n, 2);
  assert.deepEqual((await readdir(join(path, 'event_date=2026-01-01'))).sort(), ['batch_id=1', 'batch_id=2']);
  const rows = await spark.read.parquet(path).groupBy('batch_id').count().orderBy('batch_id').collect();
  assert.deepEqual(
    rows.map((row) => row.count),
    [3n, 2n],
  );
  await assert.rejects(
    spark.range(1).write.parquet(path),
    (error) => error instanceof SparkError && error.condition === 'PATH_ALREADY_EXISTS',
  );
});

test('an aborted action ends as cancelled', async () => {
  const controller = new AbortController();
  // Some minutes of work: a bound in case that the interrupt is lost. Aborted on the first sign of running, because an interrupt that comes
  // between a query's arrival and its first job finds nothing to stop.
  const slow = spark.sql('SELECT count(*) FROM range(20000000000) WHERE rand() > 2');
  const options = { signal: controller.signal, onProgress: () => controller.abort() };
  await assert.rejects(slow.collect(options), (error) => error instanceof SparkError && error.kind === 'cancelled');
});

test('a name that is not there is an analysis error with Spark’s suggestion', async () => {
  await assert.rejects(
    spark
      .range(1)
      .select(col('idd') as never)
      .collect(),
    (error) => error instanceof SparkError && error.kind === 'analysis' && /`id`/.test(error.message),
  );
});
