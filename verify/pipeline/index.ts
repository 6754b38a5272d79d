/**
 * Verification of any pipeline, by what all have in common: the ledger's chain, in = valid + dead, the dead letters, the lake, and each table
 * against its plan run once by Spark as a batch. It takes the plans' word for what is right; what it proves is that nothing was lost, doubled or
 * torn on the way. Reads only.
 */
import { type Endpoints, readerUrlOf } from '../../config/endpoints.js';
import { type DataFrame, SparkSession } from '../../spark/connect/index.js';
import { type QueryBatches, readBatches } from '../batches.js';
import type { Check } from '../compare.js';
import { FetchClient, type PartitionBounds } from '../kafka/fetch-client.js';
import type { LedgerRow } from '../ledger.js';
import { VerifyError } from '../verify-error.js';
import { topicsOf, type VerifiedPipeline, type VerifiedQuery } from './pipeline.js';
import { rangesOf, readRange } from './ranges.js';
import { verifyRecords } from './records.js';
import { type PipelineSnapshot, VerifyDatabase } from './snapshot.js';
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
  readonly checks: readonly Check[];
}

export interface VerifyPipelineOptions {
  /** Called before the checks of each query. */
  readonly onQuery?: (query: string) => void;
  readonly signal?: AbortSignal;
}

/** @throws VerifyError when Kafka, Postgres or Spark cannot be reached. */
export async function verifyPipeline(
  endpoints: Endpoints,
  pipeline: VerifiedPipeline,
  { onQuery, signal }: VerifyPipelineOptions = {},
): Promise<PipelineReport> {
  const startedAt = new Date();
  await using database = await VerifyDatabase.open(readerUrlOf(endpoints));
  const snapshot = await database.snapshot(pipeline);
  const bounds = await readBounds(endpoints.bootstrapServers, pipeline);
  const spark = await openSpark(endpoints);
  const checks: Check[] = [];
  try {
    for (const query of pipeline.queries) {
      signal?.throwIfAborted();
      onQuery?.(query.name);
      checks.push(...(await verifyQuery({ endpoints, pipeline, database, snapshot, bounds, spark }, query)));
    }
  } finally {
    await spark.release();
  }
  const bad = checks.filter(({ holds }) => !holds).map(({ name }) => name);
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
          : `${bad.length} of ${checks.length} checks of ${pipeline.name} do not hold: ${bad.join(', ')}.`,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
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
}

async function verifyQuery(run: Run, query: VerifiedQuery): Promise<Check[]> {
  const { endpoints, pipeline, snapshot, spark } = run;
  const checks: Check[] = [];
  const frames: DataFrame[] = [];
  let last: QueryBatches<string> | undefined;
  for (const topic of topicsOf(pipeline, query)) {
    const rows = snapshot.ledger.map((row) => ofTopic(row, topic));
    const { batches, check } = readBatches(query.name, rows, topic, run.bounds.get(topic) ?? []);
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
  if (sink.kind === 'upsert') {
    const facts = {
      found: snapshot.tables.get(sink.table) ?? new Map<string, string>(),
      refused,
      watermarkMs: batches.at(-1)?.watermarkMs,
      lateRows: snapshot.lateRows.get(query.name) ?? 0,
      hasRecords: batches.length > 0,
    };
    return [...checks, await verifyTable(run.database, query, sink, frames, facts)];
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
  return [...checks, ...(await verifyRecords(spark, endpoints.bootstrapServers, query.plan(frame), facts))];
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

async function openSpark({ sparkRemote, sparkToken }: Endpoints): Promise<SparkSession> {
  try {
    const spark = await SparkSession.connect(sparkRemote, sparkToken === undefined ? {} : { token: sparkToken });
    await spark.conf.set('spark.sql.session.timeZone', 'UTC');
    return spark;
  } catch (cause) {
    throw new VerifyError('spark', `Spark does not answer: ${(cause as Error).message}`, { cause });
  }
}
