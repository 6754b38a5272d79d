/**
 * Brings the rows of a micro-batch into a Postgres table, one row per key: staged first, then merged by one INSERT … ON CONFLICT DO UPDATE in the
 * transaction that also enters the ledger. Spark itself has no such writer (SPARK-19335).
 *
 * Rows are staged in one of two ways. Few come through the worker and are COPYed into a temporary table, which needs nothing of Spark's
 * executors. Many are written by the executors in parallel, through JDBC, into an unlogged table named by query, batch and epoch, so that a
 * stray writer of an older turn can never touch it.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { col, type DataFrame } from '../connect/index.js';
import { quoteIdentifier } from './identifier.js';
import { databaseUrl, withClient } from './postgres.js';
import type { UpsertSink } from './sink.js';
import { SinkError } from './sink-error.js';

/** Rows at rest outside the target table, to be merged inside a transaction that may have to be repeated. */
export interface Staging {
  /** Makes the rows visible to `client`'s transaction and names the table that holds them there. */
  load(client: Client): Promise<string>;
  /** Removes what is left outside any transaction; called whatever happened. */
  discard(): Promise<void>;
}

/** Rows by way of the worker: read from Spark once, kept, and COPYed anew into each attempt's own temporary table. */
export async function stageThroughWorker(frame: DataFrame, sink: UpsertSink): Promise<Staging> {
  // Spark prints every type as Postgres reads it (timestamps in UTC, to the microsecond), so text is all that has to travel.
  const rows = await frame.select(...sink.columns.map((name) => col(name).cast('string').as(name))).collect();
  const lines = (rows as Record<string, string | null>[]).map((row) =>
    copyLine(sink.columns.map((name) => row[name] ?? null)),
  );
  return {
    async load(client) {
      const staged = 'sluice_staged';
      const columns = sink.columns.map(quoteIdentifier).join(', ');
      await client.query(
        `CREATE TEMPORARY TABLE ${staged} ON COMMIT DROP AS SELECT ${columns} FROM ${quoteIdentifier(sink.table)} WITH NO DATA`,
      );
      await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${staged} (${columns}) FROM STDIN`)));
      return staged;
    },
    async discard() {},
  };
}

/**
 * Rows by way of the executors. A task that Spark repeats may leave its rows twice: the merge takes one per key.
 * The executors find the password in the file that PGPASSFILE names in their environment; the plan holds only the address and the user.
 */
export async function stageByExecutors(frame: DataFrame, sink: UpsertSink, staging: string): Promise<Staging> {
  const table = quoteIdentifier(staging);
  const columns = sink.columns.map(quoteIdentifier).join(', ');
  const discard = (): Promise<void> =>
    withClient(async (client) => void (await client.query(`DROP TABLE IF EXISTS ${table}`)));
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
      .save();
  } catch (error) {
    await discard();
    throw error;
  }
  return { load: async () => table, discard };
}

/**
 * Merges staged rows into the target: one per key, in key order (no deadlocks), and only over rows of the same or an older batch.
 * Returns how many rows were inserted or replaced.
 */
export async function mergeStaged(
  client: ClientBase,
  sink: UpsertSink,
  staged: string,
  batchId: bigint,
): Promise<number> {
  const { rowCount } = await client.query(mergeStatement(sink, staged), [batchId]);
  return rowCount ?? 0;
}

/** @internal exported for its test */
export function mergeStatement(sink: UpsertSink, staged: string): string {
  const quoted = sink.columns.map(quoteIdentifier);
  const key = sink.key.map(quoteIdentifier).join(', ');
  const replaced = sink.columns.filter((name) => !sink.key.includes(name)).map(quoteIdentifier);
  const assignments = [...replaced, '"batch_id"', '"updated_at"']
    .map((name) => `${name} = excluded.${name}`)
    .join(', ');
  return (
    `INSERT INTO ${quoteIdentifier(sink.table)} AS target (${quoted.join(', ')}, "batch_id", "updated_at") ` +
    `SELECT DISTINCT ON (${key}) ${quoted.join(', ')}, $1::bigint, now() FROM ${staged} ORDER BY ${key} ` +
    `ON CONFLICT (${key}) DO UPDATE SET ${assignments} WHERE target."batch_id" <= excluded."batch_id"`
  );
}

/** One line of COPY's text format: tabs between fields, `\N` for NULL, backslash escapes. @internal exported for its test */
export function copyLine(fields: readonly (string | null)[]): string {
  return `${fields.map((field) => (field === null ? '\\N' : field.replace(/[\\\t\n\r]/g, escapeCopy))).join('\t')}\n`;
}

function escapeCopy(char: string): string {
  switch (char) {
    case '\t':
      return '\\t';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    default:
      return '\\\\';
  }
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
