/**
 * Who may write: `sluice.fence` holds one epoch per pipeline. A supervisor raises it when it takes over, and every batch transaction reads it
 * FOR SHARE: a paused old driver that wakes up finds a higher epoch and gives up. A take-over waits for transactions that are under way, but not
 * for ever: then it ends them.
 */
import type { ClientBase } from 'pg';
import { SinkError } from './sink-error.js';

/** How long a take-over waits for batches that hold the fence. They are repeated by the new turn, so cutting them short costs nothing. */
const TAKE_OVER_WAIT = { lockMs: 5_000, attemptsMax: 12 } as const;

/** The name of a pipeline's writers in `pg_stat_activity`, by which a take-over finds them. */
export function writerName(pipeline: string): string {
  return `sluice ${pipeline}`.slice(0, 63);
}

/** Begins a new turn for `pipeline` and returns its epoch (1 for the first). `client` must not be in a transaction. */
export async function raiseEpoch(client: ClientBase, pipeline: string, takenBy: string): Promise<bigint> {
  for (let attempt = 1; ; attempt++) {
    await client.query('BEGIN');
    try {
      await client.query(`SET LOCAL lock_timeout = '${TAKE_OVER_WAIT.lockMs}ms'; SET LOCAL synchronous_commit = on`);
      const epoch = await raise(client, pipeline, takenBy);
      await client.query('COMMIT');
      return epoch;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        // The connection is gone, and the first error says why.
      });
      if ((error as { code?: unknown }).code !== '55P03' || attempt >= TAKE_OVER_WAIT.attemptsMax) throw error;
      await endWriters(client, pipeline);
    }
  }
}

async function raise(client: ClientBase, pipeline: string, takenBy: string): Promise<bigint> {
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

/**
 * Ends sessions of the pipeline's writers that have been in a transaction for too long. A writer that is paused in the middle of COPY is beyond the
 * reach of every timeout: the server waits for the rest of its rows and looks at nothing else but a termination.
 */
async function endWriters(client: ClientBase, pipeline: string): Promise<void> {
  const ending = client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()
       AND xact_start < clock_timestamp() - make_interval(secs => $2)`,
    [writerName(pipeline), TAKE_OVER_WAIT.lockMs / 2000],
  );
  await ending.catch((error: unknown) => {
    // Another login's sessions: what is left is to wait for their timeouts.
    if ((error as { code?: unknown }).code !== '42501') throw error;
  });
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
