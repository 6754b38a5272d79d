/** What both handlers need of Spark and of time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DataFrame, SparkSession } from '../connect/index.js';
import { readBatchOffsets, readQueryId } from './offset-log.js';
import type { BatchRows, Checkpoint, Clock } from './ports.js';

export function sparkRows(batch: DataFrame): BatchRows {
  return {
    persist: async () => void (await batch.persist()),
    unpersist: async () => void (await batch.unpersist()),
    runToNoop: () => batch.write.format('noop').mode('overwrite').save(),
  };
}

export function sparkCheckpoint(spark: SparkSession, path: string): Checkpoint {
  return {
    queryId: () => readQueryId(spark, path),
    offsets: (batchId) => readBatchOffsets(spark, path, batchId),
  };
}

export const systemClock: Clock = {
  delay: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};
