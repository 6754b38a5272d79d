/**
 * Reads the ledger and the three tables as of one moment: one REPEATABLE READ transaction, so that what the ledger lists and what the tables
 * hold belong together even while the pipeline runs. Times come as text from `extract(epoch …)`, which is exact; a JavaScript Date is not.
 */
import { Client } from 'pg';
import type { KeyedRows } from './compare.js';
import { SEPARATOR } from './hash.js';
import { type LedgerRow, micros, readLedger, toVerifyError } from './ledger.js';
import { type RefusedRow, readRefused } from './refused.js';

/** Rows per round trip of a cursor. */
const FETCH_ROWS = 20_000;
const CONNECT_MS_MAX = 10_000;

export interface Snapshot {
  /** In order of query, query id and batch id. */
  readonly ledger: readonly LedgerRow[];
  /** window_start, page_url → window_end, view_count, batch_id; times in microseconds. */
  readonly pageViewCounts: KeyedRows;
  /** window_start → window_end, active_user_count, batch_id */
  readonly activeUsers: KeyedRows;
  /** user_id, session_start → session_end, duration_seconds, event_count, page_views, end_reason, batch_id */
  readonly userSessions: KeyedRows;
  /** In order of query and batch id. */
  readonly refused: readonly RefusedRow[];
}

const TABLE_QUERIES = {
  pageViewCounts: {
    sql: `SELECT ${micros('window_start')}, page_url, ${micros('window_end')}, view_count::text, batch_id::text FROM page_view_counts`,
    keyColumns: 2,
  },
  activeUsers: {
    sql: `SELECT ${micros('window_start')}, ${micros('window_end')}, active_user_count::text, batch_id::text FROM active_users`,
    keyColumns: 1,
  },
  userSessions: {
    sql: `SELECT user_id, ${micros('session_start')}, ${micros('session_end')}, duration_seconds::text, event_count::text,
                 page_views::text, end_reason, batch_id::text FROM user_sessions`,
    keyColumns: 2,
  },
} as const;

/** @throws VerifyError `postgres` if the database cannot be reached, or lacks a table. */
export async function readSnapshot(databaseUrl: string, pipeline: string, signal?: AbortSignal): Promise<Snapshot> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    application_name: 'sluice-verify',
  });
  // A connection lost between two queries is told here; the next query reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const ledger = await readLedger(client, pipeline);
    const pageViewCounts = await readTable(client, TABLE_QUERIES.pageViewCounts, signal);
    const activeUsers = await readTable(client, TABLE_QUERIES.activeUsers, signal);
    const userSessions = await readTable(client, TABLE_QUERIES.userSessions, signal);
    const refused = await readRefused(client, pipeline);
    await client.query('COMMIT');
    return { ledger, pageViewCounts, activeUsers, userSessions, refused };
  } catch (error) {
    signal?.throwIfAborted();
    throw toVerifyError(error, databaseUrl);
  } finally {
    await client.end();
  }
}

/** Reads a table through a cursor: the driver would otherwise hold all of it twice. */
async function readTable(
  client: Client,
  { sql, keyColumns }: { readonly sql: string; readonly keyColumns: number },
  signal: AbortSignal | undefined,
): Promise<KeyedRows> {
  const found: KeyedRows = new Map();
  await client.query(`DECLARE verify_rows NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    signal?.throwIfAborted();
    const { rows } = await client.query<string[]>({ text: `FETCH ${FETCH_ROWS} FROM verify_rows`, rowMode: 'array' });
    for (const row of rows) found.set(row.slice(0, keyColumns).join(SEPARATOR), row.slice(keyColumns).join(SEPARATOR));
    if (rows.length < FETCH_ROWS) break;
  }
  await client.query('CLOSE verify_rows');
  return found;
}
