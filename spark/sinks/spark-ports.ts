/** What both handlers need of Spark and of time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DataFrame, ExecuteOptions, SparkSession } from '../connect/index.js';
import { readBatchOffsets, readQueryId } from './offset-log.js';
import type { Checkpoint, Clock, KeptRows } from './ports.js';
import type { QueryParams } from './sink.js';

/** What the Spark UI calls the jobs of a step of the batch. */
export type DescribeStep = (step: 'read' | 'compute' | 'upsert' | 'lake' | 'kafka' | 'skip') => ExecuteOptions;

/** `orders 12 upsert`: short, since the UI shows 25 characters of it. */
export function describeSteps({ query }: Pick<QueryParams, 'query'>, batchId: bigint): DescribeStep {
  return (step) => ({ description: `${query} ${batchId} ${step}` });
}

export function sparkRows(batch: DataFrame, describe: DescribeStep): KeptRows {
  return {
    persist: async () => void (await batch.persist()),
    unpersist: async () => void (await batch.unpersist()),
    runToNoop: () => batch.write.format('noop').mode('overwrite').save(undefined, describe('skip')),
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
