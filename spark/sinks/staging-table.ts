/**
 * Rows on their way to Postgres by the executors, in parallel, through JDBC: an unlogged table named by query, batch and epoch. A stray writer of
 * an older turn has another name, and what a killed writer leaves is swept by the next worker of its query.
 */
import { createHash } from 'node:crypto';
import { quoteIdentifier } from '../../config/identifier.js';
import type { DataFrame, ExecuteOptions } from '../connect/index.js';
import { databaseUrl, withClient } from './postgres.js';
import type { Staging } from './postgres-upsert.js';
import type { QueryParams, UpsertSink } from './sink.js';
import { SinkError } from './sink-error.js';

type Query = Pick<QueryParams, 'pipeline' | 'query'>;

/** Name of a query's staging tables up to batch and epoch; short enough for a million million batches, and different for every pipeline. */
function stagingPrefix({ pipeline, query }: Query): string {
  const hash = createHash('sha256').update(`${pipeline}\n${query}`).digest('hex').slice(0, 8);
  return `stage_${query.slice(0, 16)}_${hash}_`;
}

export function stagingTable(query: Query, batchId: bigint, epoch: string): string {
  return `sluice.${stagingPrefix(query)}${batchId}_e${epoch}`;
}

/**
 * Has the executors write the rows. A task that Spark repeats may leave its rows twice: the merge takes one per key.
 * The executors find the password in the file that PGPASSFILE names in their environment; the plan holds only the address and the user.
 * @param rows how many `frame` has.
 */
export async function stageByExecutors(
  frame: DataFrame,
  sink: UpsertSink,
  staging: string,
  rows: bigint,
  options?: ExecuteOptions,
): Promise<Staging> {
  const table = quoteIdentifier(staging);
  const columns = sink.columns.map(quoteIdentifier).join(', ');
  const discard = (): Promise<void> => dropTables([staging]);
  await withClient(async (client) => {
    await client.query(`DROP TABLE IF EXISTS ${table}`);
    await client.query(
      `CREATE UNLOGGED TABLE ${table} AS SELECT ${columns} FROM ${quoteIdentifier(sink.table)} WITH NO DATA`,
    );
  });
  try {
    const { url, user } = jdbcAddress(databaseUrl());
    await frame
      .select(...sink.columns)
      .write.format('jdbc')
      .mode('append')
      .options({ url, user, dbtable: staging, driver: 'org.postgresql.Driver', stringtype: 'unspecified' })
      .save(undefined, options);
  } catch (error) {
    await discard();
    throw error;
  }
  return { rows, load: async () => table, discard };
}

/** Removes staging tables of the query that killed writers have left. Only for a writer that has its turn and nothing staged yet. */
export async function sweepStagingTables(query: Query): Promise<void> {
  const names = await withClient(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'sluice' AND c.relkind = 'r' AND starts_with(c.relname, $1)`,
      [stagingPrefix(query)],
    );
    return rows.map(({ name }) => `sluice.${name}`);
  });
  if (names.length > 0) await dropTables(names);
}

/** A writer that is still at it holds a lock on its table; what is not dropped now is swept by the next worker. */
async function dropTables(names: readonly string[]): Promise<void> {
  await withClient(async (client) => {
    await client.query(`SET lock_timeout = '10s'`);
    for (const name of names) {
      await client.query(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`).catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== '55P03') throw error;
        console.warn(`Staging table ${name} is still being written and stays for now`);
      });
    }
  });
}

/** `postgres://user:password@host:port/db?…` as the JDBC driver takes it, without the password. @internal exported for its test */
export function jdbcAddress(url: string): { readonly url: string; readonly user: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const user = parsed === undefined ? undefined : decodeUser(parsed.username);
  if (
    parsed === undefined ||
    user === undefined ||
    !/^postgres(ql)?:$/.test(parsed.protocol) ||
    parsed.hostname === ''
  ) {
    // The text itself is not repeated: it may hold the password.
    throw new SinkError(
      'settings',
      'DATABASE_URL in the environment of the Spark driver is not of the form postgres://user:password@host:port/database.',
    );
  }
  const sslMode = parsed.searchParams.get('sslmode');
  const query = sslMode === null ? '' : `?sslmode=${encodeURIComponent(sslMode)}`;
  return {
    url: `jdbc:postgresql://${parsed.hostname}:${parsed.port === '' ? '5432' : parsed.port}${parsed.pathname}${query}`,
    user,
  };
}

/** Undefined for percent signs that escape nothing. */
function decodeUser(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // The one thing that it throws for; the caller says what is wrong with the address.
    return undefined;
  }
}
