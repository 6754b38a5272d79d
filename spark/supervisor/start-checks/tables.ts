/** Whether the result tables are there and have the columns and the key that the upsert needs. */
import type { ClientBase } from 'pg';
import type { Pipeline } from '../../pipeline/index.js';
import type { UpsertSink } from '../../sinks/sink.js';
import { StartError } from '../start-error.js';

const BOOKKEEPING = ['batch_id', 'updated_at'] as const;
const REMEDY = 'Create the tables with `sluice up` (init-db.sql), or move the table that is in the way.';
/** Of a table that the pipeline makes itself, and that an older version of it has made. */
const REMEDY_OWN =
  'Run `sluice reset --sinks` to have it made anew and everything computed again, or move the table that is in the way.';

/** @throws StartError `table` */
export async function assertTables(client: ClientBase, pipeline: Pipeline): Promise<void> {
  const remedy = pipeline.needs === undefined ? REMEDY : REMEDY_OWN;
  for (const { sink } of pipeline.queries) if (sink.kind === 'upsert') await assertTable(client, sink, remedy);
}

async function assertTable(client: ClientBase, sink: UpsertSink, remedy: string): Promise<void> {
  const { rows: columns } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = ANY (current_schemas(false)) AND table_name = $1`,
    [sink.table],
  );
  if (columns.length === 0) throw new StartError('table', `Postgres has no table ${sink.table}.`, remedy);
  const missing = [...sink.columns, ...BOOKKEEPING].filter((name) => !columns.some((column) => column.name === name));
  if (missing.length > 0) {
    throw new StartError('table', `Table ${sink.table} lacks the column(s) ${missing.join(', ')}.`, remedy);
  }
  const { rows: keys } = await client.query<{ columns: string[] }>(
    `SELECT array_agg(a.attname::text ORDER BY k.ordinality) AS columns FROM pg_index i
     CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, ordinality)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL GROUP BY i.indexrelid`,
    [sink.table],
  );
  const isKey = (names: readonly string[]): boolean =>
    names.length === sink.key.length && names.every((name) => sink.key.includes(name));
  if (!keys.some((index) => isKey(index.columns))) {
    throw new StartError('table', `Table ${sink.table} has no unique key on (${sink.key.join(', ')}).`, remedy);
  }
}
