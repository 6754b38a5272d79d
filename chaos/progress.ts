/**
 * How far the system is, seen from outside: which micro-batches Spark has begun (the offset logs of the checkpoints), and which are in (the
 * ledger). Faults are bound to the first, so that they hit a running system, and gated by the second, so that the next one waits for recovery.
 */
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { checkpointFolder, PIPELINE_NAME, QUERIES, type QueryName } from '../config/names.js';

/** Per query the id of a micro-batch; -1 before the first. */
export type Heads = Readonly<Record<QueryName, number>>;

const QUERY_NAMES = Object.values(QUERIES);
const BEGIN_POLL_MS = 20;
const LEDGER_POLL_MS = 250;

export interface ProgressSource {
  readonly checkpointPath: string;
  readonly databaseUrl: string;
}

/** The last batch that each query has begun. */
export async function readBegun({ checkpointPath }: ProgressSource): Promise<Heads> {
  return heads(await Promise.all(QUERY_NAMES.map((query) => lastIn(logOf(checkpointPath, query, 'offsets')))));
}

/** Whether a micro-batch of the query is under way, as far as its checkpoint tells. */
export async function isUnderWay({ checkpointPath }: ProgressSource, query: QueryName): Promise<boolean> {
  const [begun, committed] = await Promise.all([
    lastIn(logOf(checkpointPath, query, 'offsets')),
    lastIn(logOf(checkpointPath, query, 'commits')),
  ]);
  return begun > committed;
}

/** Resolves when the query begins its next micro-batch. @throws the signal's reason */
export async function awaitBegin(source: ProgressSource, query: QueryName, signal: AbortSignal): Promise<void> {
  const folder = logOf(source.checkpointPath, query, 'offsets');
  const before = await lastIn(folder);
  while ((await lastIn(folder)) === before) await delay(BEGIN_POLL_MS, undefined, { signal });
}

/**
 * Resolves when the ledger of every query is beyond `heads`: a batch that began after them is in. A database that does not answer is asked again.
 * @throws the signal's reason
 */
export async function awaitBeyond(source: ProgressSource, heads: Heads, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const now = await readLedgerHeads(source.databaseUrl).catch(() => undefined);
    if (now !== undefined && QUERY_NAMES.every((query) => now[query] > heads[query])) return;
    await delay(LEDGER_POLL_MS, undefined, { signal });
  }
}

/** The last batch of each query that is in. @throws when Postgres does not answer within two seconds */
export async function readLedgerHeads(databaseUrl: string): Promise<Heads> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    application_name: 'sluice-chaos',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ query: string; last: string }>(
      'SELECT query, max(batch_id)::text AS last FROM sluice.ledger WHERE pipeline = $1 GROUP BY query',
      [PIPELINE_NAME],
    );
    const last = new Map(rows.map((row) => [row.query, Number(row.last)]));
    return heads(QUERY_NAMES.map((query) => last.get(query) ?? -1));
  } finally {
    await client.end().catch(() => {
      // It has not answered: there is nothing to end.
    });
  }
}

function heads(ids: readonly number[]): Heads {
  return Object.fromEntries(QUERY_NAMES.map((query, at) => [query, ids[at] ?? -1])) as Record<QueryName, number>;
}

function logOf(checkpoints: string, query: QueryName, log: 'offsets' | 'commits'): string {
  return `${checkpointFolder(checkpoints, PIPELINE_NAME, query)}/${log}`;
}

/** The highest number among the names of a folder. What Spark is still writing has another form of name. */
async function lastIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.reduce((last, name) => (/^\d+$/.test(name) ? Math.max(last, Number(name)) : last), -1);
}
