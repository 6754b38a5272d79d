/**
 * The ledger of any pipeline as it is stored, and what an error of the database means to whoever verifies. Times come as text from
 * `extract(epoch …)`, which is exact; a JavaScript Date is not.
 */
import type { Client } from 'pg';
import { messageOf, VerifyError } from './verify-error.js';

export interface LedgerRow {
  readonly query: string;
  readonly queryId: string;
  readonly batchId: number;
  readonly epoch: number;
  /** As stored: `{"topic": {"partition": [from, until]}}`; decoded where it is checked. */
  readonly offsets: unknown;
  /** Microseconds since 1970. */
  readonly watermark: bigint | null;
  readonly rows: number;
  readonly dead: number;
}

/** A time column as whole microseconds. */
export const micros = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;

export async function readLedger(client: Client, pipeline: string): Promise<LedgerRow[]> {
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT query, query_id::text, batch_id::text, epoch::text, offsets::text, ${micros('watermark')} AS watermark, rows::text, dead::text
     FROM sluice.ledger l WHERE pipeline = $1 ORDER BY l.query, l.query_id, l.batch_id`,
    [pipeline],
  );
  return rows.map((row) => ({
    query: row.query ?? '',
    queryId: row.query_id ?? '',
    batchId: Number(row.batch_id),
    epoch: Number(row.epoch),
    offsets: JSON.parse(row.offsets ?? 'null') as unknown,
    watermark: row.watermark === null || row.watermark === undefined ? null : BigInt(row.watermark),
    rows: Number(row.rows),
    dead: Number(row.dead),
  }));
}

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';

export function toVerifyError(error: unknown, databaseUrl: string): VerifyError {
  const code = (error as { code?: string }).code;
  const where = placeOf(databaseUrl);
  if (code === UNDEFINED_TABLE || code === UNDEFINED_COLUMN) {
    return new VerifyError(
      'postgres',
      `The database at ${where} lacks what verify reads: ${messageOf(error)}. init-db.sql creates it.`,
      { cause: error },
    );
  }
  return new VerifyError(
    'postgres',
    `Postgres at ${where} could not be read: ${messageOf(error)}. Start it with \`sluice up\`, or set DATABASE_URL.`,
    {
      cause: error,
    },
  );
}

/** Host, port and database, without the password. */
function placeOf(databaseUrl: string): string {
  try {
    const { host, pathname } = new URL(databaseUrl);
    return `${host}${pathname}`;
  } catch {
    // Not a URL, so nothing of it is safe to print.
    return 'DATABASE_URL';
  }
}
