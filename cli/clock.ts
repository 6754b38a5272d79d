// How far the database's clock is from this machine's.
import pg from 'pg';
import { type Endpoints, readerUrlOf } from '../config/endpoints.js';

const ANSWER_MS_MAX = 5_000;

/** Milliseconds that the database is ahead; half of the answer's way is taken off, so a slow line counts for little. */
export async function readClockSkew(endpoints: Endpoints): Promise<number> {
  const client = new pg.Client({
    connectionString: readerUrlOf(endpoints),
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    application_name: 'sluice doctor',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const asked = Date.now();
    const { rows } = await client.query<{ ms: string }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS ms',
    );
    const answered = Date.now();
    return Number(rows[0]?.ms) - (asked + answered) / 2;
  } finally {
    await client.end();
  }
}
