/**
 * Verification of any pipeline, by what all have in common: the ledger's chain, in = valid + dead, the dead letters, the lake, and each table
 * against its plan run once by Spark as a batch. It takes the plans' word for what is right; what it proves is that nothing was lost, doubled or
 * torn on the way. Reads only.
 */
import { type Endpoints, readerUrlOf } from '../../config/endpoints.js';
import type { DataFrame, SparkSession } from '../../spark/connect/index.js';
import { type QueryBatches, readBatches } from '../batches.js';
import { type Check, tooEarly } from '../compare.js';
import { FetchClient, type PartitionBounds } from '../kafka/fetch-client.js';
import type { LedgerRow } from '../ledger.js';
import { type RoundOptions, type WatchRound, watchRounds } from '../rounds.js';
import { messageOf, VerifyError } from '../verify-error.js';
import { topicsOf, type VerifiedPipeline, type VerifiedQuery } from './pipeline.js';
import { rangesOf, readRange } from './ranges.js';
import { verifyRecords } from './records.js';
import { type PipelineSnapshot, VerifyDatabase } from './snapshot.js';
import { isBrokenOff, openSpark } from './spark.js';
import { verifyTable } from './table.js';

export type { VerifiedPipeline } from './pipeline.js';

/** `sluice verify <pipeline> --json`. Fields are added, never renamed, unless `format` changes. */
export interface PipelineReport {
  readonly format: 'sluice.verify.pipeline/1';
  readonly pipeline: string;
  readonly ok: boolean;
  readonly verdict: string;
  readonly startedAt: string;
  readonly durationMs: number;
  /** In the order of the pipeline. */
  readonly queries: readonly PipelineQuerySummary[];
  readonly checks: readonly Check[];
}

export interface PipelineQuerySummary {
  readonly query: string;
  /** Micro-batches in the ledger. */
  readonly batches: number;
  /** Offsets of its topics that no batch of the ledger has read yet, as `sluice status` counts the lag. */
  readonly pending: number;
  /** State rows that Spark says it dropped as late. */
  readonly late: number;
}

export interface VerifyPipelineOptions {
  /** Called before the checks of each query. */
  readonly onQuery?: (query: string) => void;
  /** Whether a query without any batch has only not come that far yet, since its pipeline runs. Default false: the ledger has lost it. */
  readonly isLive?: boolean;
  /** Also ends what Spark computes for it. */
  readonly signal?: AbortSignal;
}

/** @throws VerifyError when Kafka, Postgres or Spark cannot be reached; the signal's reason when it is aborted. */
export async function verifyPipeline(
  endpoints: Endpoints,
  pipeline: VerifiedPipeline,
  options: VerifyPipelineOptions = {},
): Promise<PipelineReport> {
  return (await look(endpoints, pipeline, options)).report;
}

/**
 * The rounds of any pipeline. Each computes everything again: topics, tables and lake are read whole.
 * @throws VerifyError when the services cannot be read in the first round
 */
export function watchPipeline(
  endpoints: Endpoints,
  pipeline: VerifiedPipeline,
  options: VerifyPipelineOptions & RoundOptions = {},
): AsyncGenerator<WatchRound<PipelineReport>, void> {
  return watchRounds(() => look(endpoints, pipeline, { ...options, isLive: true }), options);
}

async function look(
  endpoints: Endpoints,
  pipeline: VerifiedPipeline,
  { onQuery, signal, isLive = false }: VerifyPipelineOptions,
): Promise<{ readonly report: PipelineReport; readonly records: number }> {
  const startedAt = new Date();
  await using database = await VerifyDatabase.open(readerUrlOf(endpoints));
  const snapshot = await database.snapshot(pipeline);
  const bounds = await readBounds(endpoints.bootstrapServers, pipeline);
  const spark = await openSpark(endpoints);
  const stop = (): void => void spark.interruptAll().catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  const checks: Check[] = [];
  const queries: PipelineQuerySummary[] = [];
  try {
    for (const query of pipeline.queries) {
      signal?.throwIfAborted();
      onQuery?.(query.name);
      const run = { endpoints, pipeline, database, snapshot, bounds, spark, isLive };
      const verified = await verifyQuery(run, query);
      checks.push(...verified.checks);
      queries.push(verified.summary);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!isBrokenOff(error)) throw error;
    throw new VerifyError('spark', `Spark does not answer any more: ${messageOf(error)}`, { cause: error });
  } finally {
    signal?.removeEventListener('abort', stop);
    // One that is gone has no session to give back.
    await spark.release().catch(() => spark.close());
  }
  const records = [...bounds.values()].flat().reduce((sum, { start, end }) => sum + end - start, 0);
  return { report: reportOf(pipeline, startedAt, snapshot, queries, checks), records };
}

function reportOf(
  pipeline: VerifiedPipeline,
  startedAt: Date,
  snapshot: PipelineSnapshot,
  queries: readonly PipelineQuerySummary[],
  checks: readonly Check[],
): PipelineReport {
  const bad = checks.filter(({ holds }) => !holds);
  const isEarly = bad.length > 0 && bad.every(({ status }) => status === 'empty');
  const idle = queries.filter(({ batches }) => batches === 0).map(({ query }) => query);
  const names = bad.map(({ name }) => name).join(', ');
  const rows = snapshot.ledger.reduce((sum, row) => sum + row.rows, 0);
  const ok = bad.length === 0 && rows > 0;
  return {
    format: 'sluice.verify.pipeline/1',
    pipeline: pipeline.name,
    ok,
    verdict:
      rows === 0
        ? `Nothing to verify: no batch of ${pipeline.name} in the ledger has any rows.`
        : ok
          ? `All ${checks.length} checks of ${pipeline.name} hold.`
          : isEarly && idle.length > 0
            ? tooEarly(idle)
            : `${bad.length} of ${checks.length} checks of ${pipeline.name} do not hold: ${names}.`,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    queries,
    checks,
  };
}

interface Run {
  readonly endpoints: Endpoints;
  readonly pipeline: VerifiedPipeline;
  readonly database: VerifyDatabase;
  readonly snapshot: PipelineSnapshot;
  readonly bounds: ReadonlyMap<string, readonly PartitionBounds[]>;
  readonly spark: SparkSession;
  readonly isLive: boolean;
}

interface VerifiedBatches {
  readonly summary: PipelineQuerySummary;
  readonly checks: readonly Check[];
}

async function verifyQuery(run: Run, query: VerifiedQuery): Promise<VerifiedBatches> {
  const { endpoints, pipeline, snapshot, spark } = run;
  const checks: Check[] = [];
  const frames: DataFrame[] = [];
  let last: QueryBatches<string> | undefined;
  let pending = 0;
  for (const topic of topicsOf(pipeline, query)) {
    const rows = snapshot.ledger.map((row) => ofTopic(row, topic));
    const bounds = run.bounds.get(topic) ?? [];
    const { batches, check } = readBatches(query.name, rows, topic, bounds, run.isLive);
    for (const { partition, start, end } of bounds) pending += end - (batches.ends.get(partition) ?? start);
    const chain = check.finish({ emptyHolds: false });
    checks.push({
      ...chain,
      name: `${query.name}.ledger.${topic}`,
      what: `the ledger of ${query.name}: batches without gaps, every offset of ${topic} in one of them`,
    });
    frames.push(readRange(spark, endpoints.bootstrapServers, topic, rangesOf(batches)));
    last = batches;
  }
  const batches = last?.batches ?? [];
  const total = (count: 'rows' | 'dead'): number => batches.reduce((sum, batch) => sum + batch[count], 0);
  const { sink } = query;
  const refused = snapshot.refused.filter((row) => row.query === query.name);
  const late = snapshot.lateRows.get(query.name) ?? 0;
  const summary = { query: query.name, batches: batches.length, pending: Math.max(0, pending), late };
  if (sink.kind === 'upsert') {
    const facts = {
      found: snapshot.tables.get(sink.table) ?? new Map<string, string>(),
      refused,
      watermarkMs: batches.at(-1)?.watermarkMs,
      lateRows: () => run.database.reportedLateRows(pipeline.name, query.name, snapshot.ledger),
      hasRecords: batches.length > 0,
    };
    return { summary, checks: [...checks, await verifyTable(run.database, query, sink, frames, facts)] };
  }
  const [frame, topic] = [frames[0], topicsOf(pipeline, query)[0]];
  if (sink.places === undefined || frame === undefined || topic === undefined)
    throw new Error(`${query.name} says nothing of where its records go; \`sluice verify\` checks that pipeline.`);
  const { deadLetterTopic, lakeFolder } = sink.places;
  const facts = {
    query: query.name,
    topic,
    deadLetterTopic,
    refused,
    rows: total('rows'),
    dead: total('dead'),
    lakePath: lakeFolder === undefined ? undefined : `${endpoints.lakePath}/${lakeFolder}`,
  };
  const records = await verifyRecords(spark, endpoints.bootstrapServers, query.plan(frame), facts);
  return { summary, checks: [...checks, ...records] };
}

/** The row with the offsets of one topic only: each topic has a chain of its own. */
function ofTopic(row: LedgerRow, topic: string): LedgerRow {
  const offsets = (row.offsets as Readonly<Record<string, unknown>> | null)?.[topic];
  return { ...row, offsets: offsets === undefined ? {} : { [topic]: offsets } };
}

async function readBounds(
  bootstrapServers: string,
  pipeline: VerifiedPipeline,
): Promise<Map<string, readonly PartitionBounds[]>> {
  const bounds = new Map<string, readonly PartitionBounds[]>();
  for (const topic of new Set(pipeline.queries.flatMap((query) => topicsOf(pipeline, query)))) {
    const client = await FetchClient.open(bootstrapServers, topic);
    if (client === undefined) continue;
    try {
      bounds.set(topic, await client.bounds());
    } finally {
      await client.close();
    }
  }
  return bounds;
}
