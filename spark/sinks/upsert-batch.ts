/** The handler of queries whose rows replace earlier ones in a Postgres table. Runs in the worker beside the Spark driver, once per micro-batch. */
import type { BatchHandler } from '../worker/index.js';
import { deliverUpsert } from './deliver-upsert.js';
import { upsertDatabase } from './postgres-session.js';
import { stageThroughWorker } from './postgres-upsert.js';
import type { UpsertParams } from './sink.js';
import { describeSteps, sparkCheckpoint, sparkRows, systemClock } from './spark-ports.js';
import { stageByExecutors, stagingTable, sweepStagingTables } from './staging-table.js';

const worker = { hasSwept: false };

/** Puts the batch into `params.sink.table` and the ledger, both or neither; a batch that is in already leaves the table unchanged. */
export const upsertBatch: BatchHandler<UpsertParams> = async (batch, { batchId, spark, params, signal }) => {
  const { pipeline, sink, epoch, copyRowsMax } = params;
  const describe = describeSteps(params, batchId);
  const ports = {
    database: upsertDatabase(pipeline, sink),
    checkpoint: sparkCheckpoint(spark, params.checkpoint),
    batch: {
      ...sparkRows(batch, describe),
      count: () => batch.count(describe('compute')),
      stage: (rows: bigint) =>
        rows <= BigInt(copyRowsMax)
          ? stageThroughWorker(batch, sink, describe('upsert'))
          : stageByExecutors(batch, sink, stagingTable(params, batchId, epoch), describe('upsert')),
      sweep: () => sweepStagingTables(params),
    },
    clock: systemClock,
  };
  await deliverUpsert(ports, params, batchId, worker, signal);
};
