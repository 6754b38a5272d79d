// The examples of methods against a running Spark: each makes a plan that the server understands, and those of frames run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transform } from 'esbuild';
import * as connect from '../../../spark/connect/index.js';
import { examplesOf, type PlacedExample } from '../../../tools/api/check-examples.js';
import { readPublicApi } from '../../../tools/api/public-api.js';
import { EXAMPLE_FRAME } from '../../../tools/functions/examples.js';
import { openSession } from './open-session.js';

const { date, double, integer, long, notNull, string, struct, timestamp, timestampMicros } = connect;
const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;

const spark = await openSession();
await spark.conf.set('spark.sql.timeType.enabled', true);
const noon = timestampMicros('2026-01-02T12:00:00Z');

/** What tools/api/example-scope.ts declares. */
const scope = {
  spark,
  df: spark.sql(EXAMPLE_FRAME),
  people: spark.createDataFrame(
    [
      { name: 'Ada', age: 36, city: 'London', born: connect.dateDays('1815-12-10') },
      { name: 'Tim', age: 12, city: null, born: null },
    ],
    struct({ name: notNull(string()), age: integer(), city: string(), born: date() }),
  ),
  orders: spark.createDataFrame(
    [{ order_id: 1n, customer: 'Ada', product: 'pear', quantity: 2, amount: 2.5, ordered_at: noon }],
    struct({
      order_id: notNull(long()),
      customer: notNull(string()),
      product: notNull(string()),
      quantity: notNull(integer()),
      amount: notNull(double()),
      ordered_at: notNull(timestamp()),
    }),
  ),
  clicks: spark.readStream
    .format('rate')
    .load()
    .selectExpr('CAST(value AS STRING) AS user_id', "'/' AS page", 'timestamp AS time'),
  f: connect,
};

/** What Spark answers where an example needs more than the server of the tests has: its files, tables, catalogs, a folder for checkpoints. */
const NOT_HERE = new Set([
  'PATH_NOT_FOUND',
  'TABLE_OR_VIEW_NOT_FOUND',
  'REQUIRES_SINGLE_PART_NAMESPACE',
  'UNSUPPORTED_FEATURE.CHANGE_DATA_CAPTURE',
  // A setting under which no source may be without a name.
  'STREAMING_QUERY_EVOLUTION_ERROR.SOURCE_NAMING_NOT_SUPPORTED',
  // Checkpoint directory has not been set in the SparkContext.
  '_LEGACY_ERROR_TEMP_3016',
]);
/** It would end the session; it would look for a host; it names a frame that no server holds; they want a module of functions beside them. */
const LEFT_OUT = new Set([
  'SparkSession.close',
  'DataFrameReader.jdbc',
  'SparkSession.remoteFrame',
  'DataFrame.mapPartitions',
  'userFunction',
]);

const examples = examplesOf(readPublicApi());
const isOfFrames = ({ place }: PlacedExample): boolean =>
  place.startsWith('spark/connect/frame/') && !place.includes('/functions/');
const isOfReaders = ({ place }: PlacedExample): boolean =>
  /^spark\/connect\/(?:read\/|types\/(?!ids)|session)/.test(place);
const isAction = ({ code }: PlacedExample): boolean => /\bawait\b/.test(code);

test('every example that makes a frame or a column is a plan that the server understands', async () => {
  const prices = [{ since: noon, price: 1.5 }];
  await spark.createDataFrame(prices, struct({ since: timestamp(), price: double() })).createTempView('prices');
  const makers = examples.filter((each) => (isOfFrames(each) || isOfReaders(each)) && !isAction(each));
  let analysed = 0;
  const wrong = await complaintsOf(makers, 8, async (value) => {
    const frame = value instanceof connect.Column ? scope.orders.select(value) : value;
    if (!(frame instanceof connect.DataFrame)) return;
    analysed += 1;
    await frame.schema();
  });
  assert.deepEqual(wrong, []);
  assert.ok(analysed > 100, `${analysed} examples`);
});

test('every example of an action on a frame runs, one after the other', async () => {
  const actions = examples.filter((each) => isOfFrames(each) && isAction(each));
  assert.ok(actions.length > 30, `${actions.length} examples`);
  try {
    assert.deepEqual(await complaintsOf(actions, 1, () => undefined), []);
  } finally {
    // It outlives the session.
    await spark.catalog.dropGlobalTempView('people');
  }
});

/** Evaluates so many at a time, without what they print; answers a line for each that fails, or whose value `judge` does not take. */
async function complaintsOf(
  chosen: readonly PlacedExample[],
  atATime: number,
  judge: (value: unknown) => unknown,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const rest = chosen.filter(({ of }) => !LEFT_OUT.has(of)).values();
  const work = async (): Promise<void> => {
    for (const example of rest) {
      try {
        await judge(await evaluate(example));
      } catch (error) {
        const condition = connect.isSparkError(error) ? (error.condition ?? error.kind) : 'not from Spark';
        if (!NOT_HERE.has(condition))
          wrong.push(`${example.place} ${example.of}: ${condition}: ${(error as Error).message.split('\n', 1)[0]}`);
      }
    }
  };
  const print = console.log;
  console.log = () => undefined;
  try {
    await Promise.all(Array.from({ length: atATime }, work));
  } finally {
    console.log = print;
  }
  return wrong;
}

/** What the last statement of an example is worth; undefined for a declaration. */
async function evaluate({ code }: PlacedExample): Promise<unknown> {
  const { code: script } = await transform(code, { loader: 'ts', format: 'esm', target: 'es2022' });
  const statements = script.trimEnd().split(/\n(?=\S)/);
  const last = statements.pop() ?? '';
  const body = [...statements, /^(?:const|for|if|try) /.test(last) ? last : `return ${last}`].join('\n');
  const given: Readonly<Record<string, unknown>> = { ...connect, ...scope };
  // A block of its own: an example may declare what has the name of a function.
  return new AsyncFunction(...Object.keys(given), `{ ${body} }`)(...Object.values(given));
}
