/** The handler of queries whose rows replace earlier ones in a Postgres table. Runs in the worker beside the Spark driver, once per micro-batch. */
import type { BatchHandler } from '../worker/index.js';
import { deliverUpsert } from './deliver-upsert.js';
import { upsertDatabase } from './postgres-session.js';
import { type Staging, stageThroughWorker } from './postgres-upsert.js';
import type { UpsertParams } from './sink.js';
import { describeSteps, sparkCheckpoint, sparkRows, systemClock } from './spark-ports.js';
import { type StagingWays, stageRows } from './stage-rows.js';
import { stageByExecutors, stagingTable, sweepStagingTables } from './staging-table.js';

const worker = { hasSwept: false, expectsMany: false };

/** Puts the batch into `params.sink.table` and the ledger, both or neither; a batch that is in already leaves the table unchanged. */
export const upsertBatch: BatchHandler<UpsertParams> = async (batch, { batchId, spark, params, signal }) => {
  const { pipeline, sink, epoch, copyRowsMax } = params;
  const describe = describeSteps(params, batchId);
  const rows = sparkRows(batch, describe);
  const ways: StagingWays<Staging> = {
    ...rows,
    copyRowsMax,
    throughWorker: () => stageThroughWorker(batch, sink, copyRowsMax, describe('upsert')),
    byExecutors: (count) =>
      stageByExecutors(batch, sink, stagingTable(params, batchId, epoch), count, describe('upsert')),
    count: () => batch.count(describe('compute')),
  };
  const ports = {
    database: upsertDatabase(pipeline, sink),
    checkpoint: sparkCheckpoint(spark, params.checkpoint),
    batch: {
      runToNoop: rows.runToNoop,
      stage: () => stageRows(ways, worker),
      sweep: () => sweepStagingTables(params),
    },
    clock: systemClock,
  };
  await deliverUpsert(ports, params, batchId, worker, signal);
};
