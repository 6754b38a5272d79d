/** What every delivery begins and ends with: whose batch it is, whether it is in already, and keeping its rows meanwhile. */
import type { LedgerKey } from './ledger.js';
import type { Checkpoint, Clock, Database, KeptRows } from './ports.js';
import { inTransaction } from './transaction.js';

type Place = { readonly database: Database; readonly clock: Clock };

export async function batchKey(
  { pipeline, query }: { readonly pipeline: string; readonly query: string },
  checkpoint: Checkpoint,
  batchId: bigint,
): Promise<LedgerKey> {
  return { pipeline, query, queryId: await checkpoint.queryId(), batchId };
}

/** Whether the ledger has the batch. @throws SinkError `fenced` when the writer's turn is over. */
export function isDelivered(place: Place, key: LedgerKey, epoch: string, signal?: AbortSignal): Promise<boolean> {
  return inTransaction(
    place,
    async (session) => {
      await session.assertEpoch(key.pipeline, epoch);
      return { commit: false, value: await session.isInLedger(key) };
    },
    signal,
  );
}

/** Asks for the turn in a transaction of its own, before something that Postgres cannot take part in. @throws SinkError `fenced` */
export function assertTurn(place: Place, pipeline: string, epoch: string, signal?: AbortSignal): Promise<void> {
  return inTurn(place, pipeline, epoch, async () => {}, signal);
}

/**
 * Holds the turn while `work` is done, which must be short and harmless when repeated: whoever wants the fence for itself waits for it, and a lost
 * connection repeats it. @throws SinkError `fenced`
 */
export function inTurn(
  place: Place,
  pipeline: string,
  epoch: string,
  work: () => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  return inTransaction(
    place,
    async (session) => {
      await session.assertEpoch(pipeline, epoch);
      await work();
      return { commit: false, value: undefined };
    },
    signal,
  );
}

/** Runs `work` while Spark keeps the batch's rows. */
export async function keptWhile<T>(batch: Pick<KeptRows, 'persist' | 'unpersist'>, work: () => Promise<T>): Promise<T> {
  await batch.persist();
  let hasFailed = true;
  try {
    const value = await work();
    hasFailed = false;
    return value;
  } finally {
    // After a failure the first error is the one to tell; the server lets the rows go with the session.
    await batch.unpersist().catch((error: unknown) => {
      if (!hasFailed) throw error;
    });
  }
}
