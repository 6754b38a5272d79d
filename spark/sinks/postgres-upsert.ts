/**
 * Brings the rows of a micro-batch into a Postgres table, one row per key: staged first, then merged by one INSERT … ON CONFLICT DO UPDATE in the
 * transaction that also enters the ledger. Spark itself has no such writer (SPARK-19335).
 *
 * Rows are staged in one of two ways. Few come through the worker and are COPYed into a temporary table, which needs nothing of Spark's
 * executors. Many are written by the executors in parallel, through JDBC, into an unlogged table named by query, batch and epoch, so that a
 * stray writer of an older turn can never touch it (staging-table.ts).
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { quoteIdentifier } from '../../config/identifier.js';
import { col, type DataFrame, type ExecuteOptions } from '../connect/index.js';
import type { StagedRows } from './ports.js';
import type { UpsertSink } from './sink.js';

/** Types that staged rows have inside the transaction: text takes what the table would refuse, so that it can be looked at row by row. */
export type StagedTypes = 'as the table has it' | 'as text';

/** Rows at rest outside the target table, to be merged inside a transaction that may have to be repeated. */
export interface Staging extends StagedRows {
  /** Makes the rows visible to `client`'s transaction and names the table that holds them there. */
  load(client: Client, types: StagedTypes): Promise<string>;
}

/** Temporary tables of a transaction; they end with it. */
const STAGED = 'sluice_staged';
const NUMBERED = 'sluice_numbered';

/**
 * Rows by way of the worker: read from Spark once, kept here, and COPYed anew into each attempt's own temporary table. Undefined when there are
 * more than `rowsMax`; the plan has run to its end all the same, so that no state store is broken off.
 */
export async function stageThroughWorker(
  frame: DataFrame,
  sink: UpsertSink,
  rowsMax: number,
  options?: ExecuteOptions,
): Promise<Staging | undefined> {
  // Spark prints every type as Postgres reads it (timestamps in UTC, to the microsecond), so text is all that has to travel.
  const printed = frame.select(...sink.columns.map((name) => col(name).cast('string').as(name)));
  let texts: (readonly (string | null)[])[] | undefined = [];
  for await (const rows of printed.rowBatches(options)) {
    if (texts === undefined) continue;
    for (const row of rows as Record<string, string | null>[])
      texts.push(sink.columns.map((name) => row[name] ?? null));
    if (texts.length > rowsMax) texts = undefined;
  }
  return texts === undefined ? undefined : stageTexts(texts, sink);
}

/** Rows as texts that Postgres reads, in the order of the sink's columns. */
export function stageTexts(rows: readonly (readonly (string | null)[])[], sink: UpsertSink): Staging {
  const lines = rows.map(copyLine);
  return {
    rows: BigInt(rows.length),
    async load(client, types) {
      const columns = sink.columns.map(quoteIdentifier);
      const selected = types === 'as text' ? columns.map((name) => `NULL::text AS ${name}`) : columns;
      await client.query(
        `CREATE TEMPORARY TABLE ${STAGED} ON COMMIT DROP AS SELECT ${selected.join(', ')} FROM ${quoteIdentifier(sink.table)} WITH NO DATA`,
      );
      await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${STAGED} (${columns.join(', ')}) FROM STDIN`)));
      return STAGED;
    },
    async discard() {},
  };
}

/** Merges staged rows into the target: one per key, in key order (no deadlocks), and only over rows of the same or an older batch. */
export async function mergeStaged(
  client: ClientBase,
  sink: UpsertSink,
  staged: string,
  batchId: bigint,
): Promise<void> {
  await client.query(mergeStatement(sink, staged), [batchId]);
}

/** @internal exported for its test */
export function mergeStatement(sink: UpsertSink, staged: string): string {
  const quoted = sink.columns.map(quoteIdentifier);
  const key = sink.key.map(quoteIdentifier).join(', ');
  return (
    `${insertInto(sink)} SELECT DISTINCT ON (${key}) ${quoted.join(', ')}, $1::bigint, now() FROM ${staged} ORDER BY ${key} ` +
    onConflict(sink)
  );
}

function insertInto(sink: UpsertSink): string {
  const quoted = sink.columns.map(quoteIdentifier);
  return `INSERT INTO ${quoteIdentifier(sink.table)} AS target (${quoted.join(', ')}, "batch_id", "updated_at")`;
}

function onConflict(sink: UpsertSink): string {
  const key = sink.key.map(quoteIdentifier).join(', ');
  const replaced = sink.columns.filter((name) => !sink.key.includes(name)).map(quoteIdentifier);
  const assignments = [...replaced, '"batch_id"', '"updated_at"']
    .map((name) => `${name} = excluded.${name}`)
    .join(', ');
  return `ON CONFLICT (${key}) DO UPDATE SET ${assignments} WHERE target."batch_id" <= excluded."batch_id"`;
}

/** Numbers the staged rows from 0, one per key, as texts, so that they can be merged in parts. Returns how many there are. */
export async function loadNumbered(client: ClientBase, sink: UpsertSink, staged: string): Promise<number> {
  const columns = sink.columns.map(quoteIdentifier);
  const key = sink.key.map(quoteIdentifier).join(', ');
  await client.query(
    `CREATE TEMPORARY TABLE ${NUMBERED} ON COMMIT DROP AS
     SELECT row_number() OVER (ORDER BY ${key}) - 1 AS "sluice_number", ${columns.map((name) => `${name}::text`).join(', ')}
     FROM (SELECT DISTINCT ON (${key}) ${columns.join(', ')} FROM ${staged} ORDER BY ${key}) AS of_keys`,
  );
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ${NUMBERED}`);
  return Number(rows[0]?.count);
}

/** Merges the numbered rows `from <= number < until`, read as the target's own types. */
export async function mergeNumbered(
  client: ClientBase,
  sink: UpsertSink,
  from: number,
  until: number,
  batchId: bigint,
): Promise<void> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [quoteIdentifier(sink.table)],
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  const values = sink.columns.map((name) => `${quoteIdentifier(name)}::${types.get(name)}`);
  await client.query(
    `${insertInto(sink)} SELECT ${values.join(', ')}, $1::bigint, now() FROM ${NUMBERED}
     WHERE "sluice_number" >= $2 AND "sluice_number" < $3 ORDER BY "sluice_number" ${onConflict(sink)}`,
    [batchId, from, until],
  );
}

/** A numbered row as JSON. */
export async function numberedRow(client: ClientBase, sink: UpsertSink, number: number): Promise<string> {
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT ${sink.columns.map(quoteIdentifier).join(', ')} FROM ${NUMBERED} WHERE "sluice_number" = $1`,
    [number],
  );
  return JSON.stringify(rows[0] ?? {});
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
