/**
 * Who may write: `sluice.fence` holds one epoch per pipeline. A supervisor raises it when it takes over, and every batch transaction reads it
 * FOR SHARE: a paused old driver that wakes up finds a higher epoch and gives up, and a take-over waits for transactions already under way.
 */
import type { ClientBase } from 'pg';
import { SinkError } from './sink-error.js';

/** Begins a new turn for `pipeline` and returns its epoch (1 for the first). */
export async function raiseEpoch(client: ClientBase, pipeline: string, takenBy: string): Promise<bigint> {
  const { rows } = await client.query<{ epoch: string }>(
    `INSERT INTO sluice.fence AS f (pipeline, epoch, taken_by) VALUES ($1, 1, $2)
     ON CONFLICT (pipeline) DO UPDATE SET epoch = f.epoch + 1, taken_at = now(), taken_by = excluded.taken_by
     RETURNING epoch`,
    [pipeline, takenBy],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('INSERT … RETURNING on sluice.fence gave no row');
  return BigInt(row.epoch);
}

/** Holds the fence until the transaction ends. @throws SinkError `fenced` when `epoch` is not the current one. */
export async function assertEpoch(client: ClientBase, pipeline: string, epoch: string): Promise<void> {
  const { rows } = await client.query<{ epoch: string; taken_by: string }>(
    'SELECT epoch, taken_by FROM sluice.fence WHERE pipeline = $1 FOR SHARE',
    [pipeline],
  );
  const current = rows[0];
  if (current?.epoch !== epoch) {
    const owner =
      current === undefined ? 'the fence row is gone' : `epoch ${current.epoch} belongs to ${current.taken_by}`;
    throw new SinkError(
      'fenced',
      `Pipeline ${pipeline} was taken over (${owner}); this writer holds epoch ${epoch} and stops.`,
    );
  }
}
