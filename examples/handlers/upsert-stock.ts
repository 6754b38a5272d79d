// Runs beside the Spark driver, which has DATABASE_URL in its environment: passwords do not travel with queries.
import pg from 'pg';
import type { BatchHandler } from 'sluice/worker';

/** Writes the stock as this batch knows it. An older batch never overwrites a newer one, and one that comes again changes nothing. */
export const upsertStock: BatchHandler<{ table: string }> = async (batch, { batchId, params }) => {
  const rows = await batch.collect();
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO ${params.table} AS stock (item, pieces, batch_id)
       SELECT item, pieces, $3 FROM unnest($1::text[], $2::bigint[]) AS delivered (item, pieces)
       ON CONFLICT (item) DO UPDATE SET pieces = EXCLUDED.pieces, batch_id = EXCLUDED.batch_id
       WHERE stock.batch_id < EXCLUDED.batch_id`,
      [rows.map(({ item }) => item), rows.map(({ pieces }) => String(pieces)), String(batchId)],
    );
  } finally {
    await client.end();
  }
};
