/** The handler of queries whose rows replace earlier ones in a Postgres table. Runs in the worker beside the Spark driver, once per micro-batch. */
import type { BatchHandler } from '../worker/index.js';
import { assertEpoch } from './fence.js';
import { enterLedger, isInLedger, type LedgerEntry } from './ledger.js';
import { readBatchOffsets, readQueryId } from './offset-log.js';
import { inTransaction, withClient } from './postgres.js';
import { mergeStaged, stageByExecutors, stageThroughWorker } from './postgres-upsert.js';
import type { UpsertParams } from './sink.js';

/** Puts the batch into `params.sink.table` and the ledger, both or neither; a batch that is in already leaves the table unchanged. */
export const upsertBatch: BatchHandler<UpsertParams> = async (batch, { batchId, spark, params, signal }) => {
  const { pipeline, query, epoch, checkpoint, sink } = params;
  const queryId = await readQueryId(spark, checkpoint);
  const key = { pipeline, query, queryId, batchId };
  const isIn = await withClient(async (client) => {
    await assertEpoch(client, pipeline, epoch);
    return isInLedger(client, key);
  });
  if (isIn) {
    // The plan must run all the same: otherwise its state stores do not commit and Spark fails the batch.
    await batch.write.format('noop').mode('overwrite').save();
    return;
  }

  // Kept, because counting and bringing the rows are two actions, and each would run the batch's whole plan, state stores included.
  await batch.persist();
  try {
    const rows = await batch.count();
    const staging =
      rows <= BigInt(params.copyRowsMax)
        ? await stageThroughWorker(batch, sink)
        : await stageByExecutors(batch, sink, `sluice.stage_${sink.table}_${batchId}_e${epoch}`);
    try {
      const offsets = await readBatchOffsets(spark, checkpoint, batchId);
      const entry: LedgerEntry = { ...key, epoch, offsets, rows, dead: 0n };
      await inTransaction(async (client) => {
        if (!(await enterLedger(client, entry))) return { commit: false, value: undefined };
        await assertEpoch(client, pipeline, epoch);
        await mergeStaged(client, sink, await staging.load(client), batchId);
        return { commit: true, value: undefined };
      }, signal);
    } finally {
      await staging.discard();
    }
  } finally {
    await batch.unpersist();
  }
};
