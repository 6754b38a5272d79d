/**
 * Runs a pipeline's plans as streaming queries on given events, micro-batch by micro-batch, and gives back their rows. The engine, the plans and
 * the late-row rules are those of production; only the source is files instead of Kafka, and nothing is written to a sink.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { col, type DataFrame, lit, SparkSession, type StreamingQuery, timestampToString } from '../connect/index.js';
import { loadPipeline, type Pipeline, type PipelineQuery, sourceTopics, topicsOf } from '../pipeline/index.js';
import { localSpark } from './local-spark.js';
import { RecordFiles, type TestEvents } from './record-files.js';

/** What happens next: a micro-batch of events, or the watermark moves on by itself. */
export type TestStep = TestEvents | { readonly watermark: string };

/** What a test may say beyond the events. */
export interface TestOptions {
  /**
   * Moves the watermark to this time (ISO 8601) after the last step, so that windows which end by then are closed. Where a step or this option
   * moves it, queries over several topics follow the latest of their watermarks instead of the earliest.
   */
  readonly watermark?: string;
  /** When Kafka got the records; what is too far in the future is judged by it. Default: now. */
  readonly kafkaTime?: string;
  /** Only these queries: the fewer, the faster. Default: all. */
  readonly queries?: readonly string[];
}

/** What a query has made of the events. */
export interface QueryResult<Row = Record<string, unknown>> {
  /** As the sink would hold them at the end: for a table the last row of each key, else every row. */
  readonly rows: readonly Row[];
  /** Every row that was delivered, in the order of the micro-batches. */
  readonly emitted: readonly Row[];
  /** Rows (not events) that came behind the watermark and were dropped. */
  readonly lateRows: number;
  /** At the end; undefined while there is none. */
  readonly watermark: string | undefined;
}

/** Small and in memory: tests have few rows, and a state store per partition costs more than it gives. */
const SESSION_CONF = {
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.shuffle.partitions': '1',
  'spark.sql.streaming.stateStore.providerClass':
    'org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider',
} as const;

/**
 * Runs a pipeline's queries on given events, on a real Spark, and answers their rows. Nothing is written to a sink.
 * @param pipeline a pipeline, or the file that exports one.
 * @param events one micro-batch, or steps in their order.
 * @returns by name of the query what it has delivered.
 * @throws PipelineError for a topic or a query that the pipeline does not have; SparkError when a plan fails.
 * @example
 * ```ts
 * const events = { orders: [{ order_id: 'o-1', product: 'pear', ordered_at: '2026-01-05T09:00:10Z' }] };
 * const { orders_per_product } = await testPipeline(pipeline, events, { watermark: '2026-01-05T10:00:00Z' });
 * console.log(orders_per_product?.rows);
 * ```
 */
export async function testPipeline(
  pipeline: Pipeline | string,
  events: TestEvents | readonly TestStep[],
  options: TestOptions = {},
): Promise<Readonly<Record<string, QueryResult>>> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-testkit-'));
  try {
    const loaded = typeof pipeline === 'string' ? await loadPipeline(pipeline, folder) : pipeline;
    const steps: readonly TestStep[] = Array.isArray(events) ? (events as readonly TestStep[]) : [events as TestEvents];
    const all = options.watermark === undefined ? steps : [...steps, { watermark: options.watermark }];
    const files = new RecordFiles(folder, sourceTopics(loaded), options.kafkaTime);
    const { remote, token } = await localSpark();
    const spark = await SparkSession.connect(remote, token === undefined ? {} : { token });
    try {
      return await runSteps(spark, chosen(loaded, options.queries), loaded, files, all);
    } finally {
      await spark.release();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runSteps(
  spark: SparkSession,
  queries: readonly PipelineQuery[],
  pipeline: Pipeline,
  files: RecordFiles,
  steps: readonly TestStep[],
): Promise<Record<string, QueryResult>> {
  const isMoved = steps.some(isWatermark);
  const conf = { ...SESSION_CONF, 'spark.sql.streaming.multipleWatermarkPolicy': isMoved ? 'max' : 'min' };
  for (const [name, value] of Object.entries(conf)) await spark.conf.set(name, value);
  await files.create();
  const running = await Promise.all(
    queries.map(async (query) => ({ query, stream: await start(spark, pipeline, query, files, isMoved) })),
  );
  try {
    for (const step of steps) {
      await (isWatermark(step) ? files.addTick(step.watermark) : files.addRecords(step));
      await Promise.all(running.map(({ stream }) => stream.processAllAvailable()));
    }
    const results = running.map(
      async ({ query, stream }) => [query.name, await resultOf(spark, query, stream)] as const,
    );
    return Object.fromEntries(await Promise.all(results));
  } finally {
    await Promise.all(running.map(({ stream }) => stream.stop()));
  }
}

async function start(
  spark: SparkSession,
  pipeline: Pipeline,
  query: PipelineQuery,
  files: RecordFiles,
  isMoved: boolean,
): Promise<StreamingQuery> {
  const [first, ...others] = topicsOf(pipeline, query).map((topic) => files.read(spark, topic));
  if (first === undefined) throw new Error(`query ${query.name} reads no topic`);
  const plan = query.plan(first, ...others);
  const frame = isMoved ? await withTicks(plan, files.readTicks(spark)) : plan;
  return frame.writeStream.queryName(query.name).outputMode(query.outputMode).format('memory').start();
}

/**
 * Beside the plan a stream of times with a watermark of its own, none of which comes through: with the policy `max` it moves the query's
 * watermark. The filter asks for the time, so that Spark cannot move it below the watermark.
 */
async function withTicks(plan: DataFrame, ticks: DataFrame): Promise<DataFrame> {
  const { fields } = await plan.schema();
  const none = ticks
    .withWatermark('tick', '0 seconds')
    .filter(col('tick').lt(lit('1900-01-01T00:00:00Z').cast('timestamp')))
    .select(...fields.map(({ name, type }) => lit(null).cast(type).as(name)));
  return plan.union(none);
}

async function resultOf(spark: SparkSession, query: PipelineQuery, stream: StreamingQuery): Promise<QueryResult> {
  const emitted = (await spark.table(query.name).collect()) as Record<string, unknown>[];
  const progress = await stream.recentProgress();
  const lateRows = progress.reduce(
    (sum, { stateOperators }) =>
      sum + stateOperators.reduce((rows, { numRowsDroppedByWatermark }) => rows + numRowsDroppedByWatermark, 0),
    0,
  );
  const watermark = progress.at(-1)?.eventTime.watermark;
  return {
    rows: query.sink.kind === 'upsert' ? lastByKey(emitted, query.sink.key) : emitted,
    emitted,
    lateRows,
    watermark: watermark === undefined || watermark <= 0n ? undefined : timestampToString(watermark),
  };
}

function lastByKey(rows: readonly Record<string, unknown>[], key: readonly string[]): Record<string, unknown>[] {
  const last = new Map<string, Record<string, unknown>>();
  for (const row of rows) last.set(key.map((name) => String(row[name])).join('\u0000'), row);
  return [...last.values()];
}

function chosen(pipeline: Pipeline, names: readonly string[] | undefined): readonly PipelineQuery[] {
  const known = pipeline.queries.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`${pipeline.name} has no query ${unknown}; it has ${known.join(', ')}.`);
  return names === undefined ? pipeline.queries : pipeline.queries.filter(({ name }) => names.includes(name));
}

function isWatermark(step: TestStep): step is { readonly watermark: string } {
  return typeof step.watermark === 'string';
}
