// Rows that a sink would not take and that were set aside, with the sink's words: `sluice.refused_rows`.
import { lookInto } from '../database.js';

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
export function readRefusedRows(databaseUrl: string, pipeline: string, limit: number): Promise<RefusedRow[]> {
  return lookInto(databaseUrl, { purpose: 'dlq', answerMsMax: ANSWER_MS_MAX }, async (client) => {
    const { rows } = await client
      .query<Record<'query' | 'batch' | 'what' | 'why', string> & { refused_at: Date }>(
        `SELECT query, batch_id AS batch, what, why, refused_at FROM sluice.refused_rows
         WHERE pipeline = $1 ORDER BY refused_at DESC, query, batch_id, number LIMIT $2`,
        [pipeline, limit],
      )
      .catch((error: unknown) => {
        if ((error as { code?: string }).code === '42P01') return { rows: [] };
        throw error;
      });
    return rows.map(({ refused_at: refusedAt, ...row }) => ({ ...row, refusedAt: refusedAt.toISOString() }));
  });
}
