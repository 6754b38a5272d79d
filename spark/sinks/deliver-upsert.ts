/** The way of an upsert query's micro-batch into its table: which steps, in which order. What the steps do is the ports' part. */
import type { LedgerEntry } from './ledger.js';
import type { StagedRows, UpsertPorts, UpsertSession } from './ports.js';
import { isolateRefused, type Refusal, RefusalCount } from './refusal.js';
import type { QueryParams } from './sink.js';
import { inTransaction } from './transaction.js';
import { batchKey, isDelivered } from './turn.js';

/**
 * Puts the batch into its table and into the ledger, both or neither; a batch that is in already leaves the table unchanged.
 * @param worker what one worker process remembers from batch to batch.
 */
export async function deliverUpsert<Staged extends StagedRows>(
  ports: UpsertPorts<Staged>,
  params: Pick<QueryParams, 'pipeline' | 'query' | 'epoch' | 'poisonRowsMax'>,
  batchId: bigint,
  worker: { hasSwept: boolean },
  signal?: AbortSignal,
): Promise<void> {
  const { batch, checkpoint } = ports;
  const key = await batchKey(params, checkpoint, batchId);
  const isIn = await isDelivered(ports, key, params.epoch, signal);
  if (!worker.hasSwept) {
    await batch.sweep();
    worker.hasSwept = true;
  }
  if (isIn) {
    // The plan must run all the same: otherwise its state stores do not commit and Spark fails the batch.
    await batch.runToNoop();
    return;
  }

  const staged = await batch.stage();
  try {
    const offsets = await checkpoint.offsets(batchId);
    const entry: LedgerEntry = { ...key, epoch: params.epoch, offsets, rows: staged.rows, dead: 0n };
    const refusals = new RefusalCount();
    for (let isIsolating = false; ; ) {
      try {
        await enter(entry, staged, isIsolating);
        return;
      } catch (error) {
        const why = ports.database.refusalOf(error);
        if (why === undefined || isIsolating) throw error;
        isIsolating = refusals.isLast(why);
      }
    }
  } finally {
    await staged.discard();
  }

  async function enter(entry: LedgerEntry, staged: Staged, isIsolating: boolean): Promise<void> {
    await inTransaction(
      ports,
      async (session) => {
        // The fence first: whoever has passed it is waited for by a take-over, so that no older writer can hold the batch's place in the ledger.
        await session.assertEpoch(entry.pipeline, entry.epoch);
        if (!(await session.enterLedger(entry))) return { commit: false, value: undefined };
        if (isIsolating) {
          await session.enterRefusals(entry, await mergeIsolating(session, staged, entry.batchId));
        } else await session.merge(staged, entry.batchId);
        return { commit: true, value: undefined };
      },
      signal,
    );
  }

  async function mergeIsolating(session: UpsertSession<Staged>, staged: Staged, id: bigint): Promise<Refusal[]> {
    const count = await session.loadNumbered(staged);
    const refused = await isolateRefused(count, params.poisonRowsMax, (from, until) =>
      session.mergeNumbered(from, until, id),
    );
    const refusals: Refusal[] = [];
    for (const { index, why } of refused) refusals.push({ what: await session.numberedRow(index), why });
    return refusals;
  }
}
