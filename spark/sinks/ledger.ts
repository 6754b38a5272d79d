/**
 * The ledger: one row per query and micro-batch, inserted first in the same transaction as the rows of the batch. A batch that it lists is in,
 * whatever else was lost; any other is not. That one fact makes a replayed batch harmless.
 */
import type { ClientBase } from 'pg';
import type { BatchOffsets } from './offset-log.js';
import type { Refusal } from './refusal.js';

export interface LedgerEntry {
  readonly pipeline: string;
  readonly query: string;
  readonly queryId: string;
  readonly batchId: bigint;
  readonly epoch: string;
  readonly offsets: BatchOffsets;
  /** Rows that the batch brought to its sink. */
  readonly rows: bigint;
  /** Of these, the dead letters. */
  readonly dead: bigint;
}

/** Identity of a batch: the query id changes with the checkpoint, so a new checkpoint's batch 0 is not taken for the old one's. */
export type LedgerKey = Pick<LedgerEntry, 'pipeline' | 'query' | 'queryId' | 'batchId'>;

export async function isInLedger(client: ClientBase, key: LedgerKey): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM sluice.ledger WHERE pipeline = $1 AND query = $2 AND query_id = $3 AND batch_id = $4',
    [key.pipeline, key.query, key.queryId, key.batchId],
  );
  return rowCount === 1;
}

/**
 * Enters the batch; false if it stands there already. A concurrent transaction that entered the same batch is waited for (unique index), so
 * after a connection lost in COMMIT this call also tells what became of it.
 */
export async function enterLedger(client: ClientBase, entry: LedgerEntry): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, watermark, rows, dead)
     VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::numeric / 1000), $8, $9) ON CONFLICT DO NOTHING`,
    [
      entry.pipeline,
      entry.query,
      entry.queryId,
      entry.batchId,
      entry.epoch,
      JSON.stringify(entry.offsets.ranges),
      entry.offsets.watermarkMs ?? null,
      entry.rows,
      entry.dead,
    ],
  );
  return rowCount === 1;
}

/** Notes what a sink refused of the batch. Once: the caller has entered the batch in the same transaction. */
export async function enterRefusals(client: ClientBase, key: LedgerKey, refusals: readonly Refusal[]): Promise<void> {
  await client.query(
    `INSERT INTO sluice.refused_rows (pipeline, query, query_id, batch_id, number, what, why)
     SELECT $1, $2, $3, $4, number, what, why FROM unnest($5::text[], $6::text[]) WITH ORDINALITY AS r (what, why, number)`,
    [
      key.pipeline,
      key.query,
      key.queryId,
      key.batchId,
      refusals.map(({ what }) => what),
      refusals.map(({ why }) => why.replaceAll('\u0000', '\ufffd')),
    ],
  );
}
