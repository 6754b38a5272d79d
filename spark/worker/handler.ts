/** What a foreachBatch handler is, for those who write one. */
import type { BatchId, DataFrame, SparkSession } from '../connect/index.js';

/** What a handler is told besides the rows. `P` is what the supervisor passed as `params`: plain JSON. */
export interface BatchContext<P = unknown> {
  /** Counts from 0. After a crash a batch comes again under the same number, so a handler must be idempotent. */
  readonly batchId: BatchId;
  /** As the query was named at its start. */
  readonly queryName: string | undefined;
  /** The session that the query belongs to, for reads and writes beside the batch. */
  readonly spark: SparkSession;
  readonly params: P;
  /** Aborted when Spark has gone or has stopped the query: what is not yet committed should not be. */
  readonly signal: AbortSignal;
}

/**
 * Handles the rows of one micro-batch, in a Node process beside the Spark driver. `batch` is valid until the returned promise settles. Each action
 * on it runs the batch's plan anew: take one, or persist it first. At least one must be taken, or stateful queries fail to commit.
 * A rejection fails the query with the error's stack.
 */
export type BatchHandler<P = unknown> = (batch: DataFrame, context: BatchContext<P>) => Promise<void>;
