/**
 * What a system that has got over its faults must not have left behind: staging tables, open transactions, locks, temporary folders, processes.
 * Asked when the supervisor has ended in order and the services still run.
 */
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { FetchClient } from '../verify/index.js';
import { processesOf } from './processes.js';

export interface LeftoverSources {
  readonly databaseUrl: string;
  readonly bootstrapServers: string;
  readonly topics: readonly string[];
  readonly lakePath: string;
}

/** What was ended a moment ago may still be ending: a worker whose query has stopped, a session whose client has gone. */
const SETTLE = { attempts: 20, waitMs: 500 } as const;

/** One sentence each; empty when all is clean. */
export async function findLeftovers(sources: LeftoverSources): Promise<readonly string[]> {
  return settled(() => lookForLeftovers(sources));
}

/** The same at this very moment. */
export async function lookForLeftovers(sources: LeftoverSources): Promise<readonly string[]> {
  const found = [inPostgres(sources.databaseUrl), inKafka(sources), inLake(sources.lakePath)];
  return (await Promise.all(found)).flat();
}

/** Processes that name `folder`, the run's own, when all of them should have ended. */
export function findOrphans(folder: string): Promise<readonly string[]> {
  return settled(async () => processesOf(folder).map(({ pid, command }) => `process ${pid} still runs: ${command}`));
}

async function settled(find: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let found = await find();
  for (let attempt = 1; found.length > 0 && attempt < SETTLE.attempts; attempt++) {
    await delay(SETTLE.waitMs);
    found = await find();
  }
  return found;
}

const QUESTIONS: readonly { readonly what: string; readonly sql: string }[] = [
  {
    what: 'staging table',
    sql: `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind = 'r' AND (n.nspname LIKE 'pg_temp%' OR (n.nspname = 'sluice' AND c.relname LIKE '%stage%'))`,
  },
  {
    what: 'open transaction',
    sql: `SELECT format('%s, %s: %s', pid, application_name, left(query, 60)) AS name FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`,
  },
  {
    what: 'session',
    sql: `SELECT format('%s, %s: %s', pid, application_name, left(query, 60)) AS name FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> 'sluice-chaos'`,
  },
  {
    what: 'lock',
    sql: `SELECT format('%s on %s by %s', mode, coalesce(relation::regclass::text, locktype), pid) AS name FROM pg_locks
          WHERE pid <> pg_backend_pid() AND pid IN (SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend')`,
  },
  { what: 'prepared transaction', sql: 'SELECT gid AS name FROM pg_prepared_xacts' },
];

async function inPostgres(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    application_name: 'sluice-chaos',
  });
  client.on('error', () => {});
  const found: string[] = [];
  try {
    await client.connect();
    for (const { what, sql } of QUESTIONS) {
      const { rows } = await client.query<{ name: string }>(sql);
      found.push(...rows.map(({ name }) => `${what} in Postgres: ${name}`));
    }
    return found;
  } finally {
    await client.end();
  }
}

/** A transaction that nobody has ended keeps readers from what comes after it. */
async function inKafka({ bootstrapServers, topics }: LeftoverSources): Promise<readonly string[]> {
  const found: string[] = [];
  for (const topic of topics) {
    await using client = await FetchClient.open(bootstrapServers, topic);
    if (client === undefined) continue;
    for (const { partition, end, highWatermark } of await client.bounds()) {
      if (end < highWatermark)
        found.push(`open transaction in Kafka: ${topic} partition ${partition} from offset ${end} on`);
    }
  }
  return found;
}

/** Spark writes into folders of such names before it moves files to where readers look. */
async function inLake(lakePath: string): Promise<readonly string[]> {
  const names = await readdir(lakePath, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /(^|\/)(_temporary|\.spark-staging[^/]*|_staging[^/]*)$/.test(name))
    .map((name) => `temporary folder in the lake: ${name}`);
}
