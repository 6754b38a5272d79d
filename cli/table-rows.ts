// Rows of any result table, for `sluice table`.
import pg from 'pg';
import { quoteIdentifier } from '../config/identifier.js';
import { CommandError, EXIT } from './exit-codes.js';

export interface TableRows {
  readonly columns: readonly string[];
  /** As Postgres prints the values, times in UTC. */
  readonly rows: readonly (readonly (string | null)[])[];
}

const ANSWER_MS_MAX = 30_000;
const BOOKKEEPING = ['batch_id', 'updated_at'];

/** The first rows by the primary key. @throws CommandError for a table that is not there. */
export async function readTableRows(databaseUrl: string, table: string, limit: number): Promise<TableRows> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    application_name: 'sluice table',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`SET TIME ZONE 'UTC'`);
    const { rows: found } = await client.query<{ name: string; key: boolean }>(
      `SELECT a.attname AS name, coalesce(a.attnum = ANY (i.indkey), false) AS key
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
       LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
       WHERE c.relname = $1 AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY array_position(i.indkey::int2[], a.attnum), a.attnum`,
      [table],
    );
    if (found.length === 0) throw await unknownTable(client, table);
    const columns = found.map(({ name }) => name).filter((name) => !BOOKKEEPING.includes(name));
    const key = found.filter((column) => column.key).map(({ name }) => quoteIdentifier(name));
    const order = key.length === 0 ? '' : `ORDER BY ${key.join(', ')}`;
    const { rows } = await client.query<(string | null)[]>({
      text: `SELECT ${columns.map((name) => `${quoteIdentifier(name)}::text`).join(', ')}
             FROM ${quoteIdentifier(`public.${table}`)} ${order} LIMIT $1`,
      values: [limit],
      rowMode: 'array',
    });
    return { columns, rows };
  } finally {
    await client.end();
  }
}

async function unknownTable(client: pg.Client, table: string): Promise<CommandError> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  const names = rows.map(({ name }) => name).join(', ');
  return new CommandError(EXIT.input, `There is no table ${table}; there are ${names || 'none'}.`);
}
