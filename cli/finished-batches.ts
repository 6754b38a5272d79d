// The last micro-batches of a query, as the supervisor has noted them.
import { readerUrlOf } from '../config/endpoints.js';
import type { Settings } from '../config/settings.js';
import { lookInto } from './database.js';
import { findEndpoints } from './services.js';
import type { FinishedBatch } from './ui/query-report.js';

const ANSWER_MS_MAX = 5_000;
const BATCHES = 5;

/** Newest first. @throws when the database does not answer. */
export async function readBatches(settings: Settings, pipeline: string, query: string): Promise<FinishedBatch[]> {
  const url = readerUrlOf(await findEndpoints(settings));
  return lookInto(url, { purpose: 'queries', answerMsMax: ANSWER_MS_MAX }, async (client) => {
    const { rows } = await client.query<{
      batch_id: string;
      started_at: Date;
      duration_ms: string;
      input_rows: string;
      late_rows: string;
    }>(
      `SELECT batch_id, started_at, duration_ms, input_rows, late_rows FROM sluice.batches
       WHERE pipeline = $1 AND query = $2 ORDER BY started_at DESC, batch_id DESC LIMIT $3`,
      [pipeline, query, BATCHES],
    );
    return rows.map((row) => ({
      batch: row.batch_id,
      startedAt: row.started_at.toISOString(),
      durationMs: Number(row.duration_ms),
      inputRows: Number(row.input_rows),
      lateRows: Number(row.late_rows),
    }));
  });
}
