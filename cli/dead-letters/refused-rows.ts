// Rows that a sink would not take and that were set aside, with the sink's words: `sluice.refused_rows`.
import pg from 'pg';

export interface RefusedRow {
  readonly query: string;
  readonly batch: string;
  /** JSON: the row for a table, the source coordinates for a record that Kafka refused. */
  readonly what: string;
  readonly why: string;
  /** ISO 8601, UTC. */
  readonly refusedAt: string;
}

const ANSWER_MS_MAX = 30_000;

/** Newest first. None when there is no such table yet. */
export async function readRefusedRows(databaseUrl: string, pipeline: string, limit: number): Promise<RefusedRow[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    application_name: 'sluice dlq',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{
      query: string;
      batch_id: string;
      what: string;
      why: string;
      refused_at: Date;
    }>(
      `SELECT query, batch_id, what, why, refused_at FROM sluice.refused_rows
       WHERE pipeline = $1 ORDER BY refused_at DESC, query, batch_id, number LIMIT $2`,
      [pipeline, limit],
    );
    return rows.map((row) => ({
      query: row.query,
      batch: row.batch_id,
      what: row.what,
      why: row.why,
      refusedAt: row.refused_at.toISOString(),
    }));
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return [];
    throw error;
  } finally {
    await client.end();
  }
}
