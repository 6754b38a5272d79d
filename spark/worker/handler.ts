/** What a foreachBatch handler is, for those who write one. */
import type { BatchId, DataFrame, QueryId, RunId, SparkSession } from '../connect/index.js';

/** A console whose lines belong to one batch. */
export type BatchLog = Readonly<Record<'debug' | 'log' | 'info' | 'warn' | 'error', (...args: unknown[]) => void>>;

/** What a handler is told besides the rows. `P` is what was given to `batchHandler` as `params`. */
export interface BatchContext<P = unknown> {
  /** Counts from 0. After a crash a batch comes again under the same number and with the same rows, so a handler must be idempotent. */
  readonly batchId: BatchId;
  /** As the query was named at its start. */
  readonly queryName: string | undefined;
  /** Stays the same over restarts from one checkpoint. Undefined if the query has no name and is not the only such one in its session. */
  readonly queryId: QueryId | undefined;
  /** New with each start; known when `queryId` is. */
  readonly runId: RunId | undefined;
  /** The session that the batch lives in, for reads and writes beside it. Shared by all batches: not to be closed. */
  readonly spark: SparkSession;
  readonly params: P;
  /**
   * Aborted when the query is stopped or its driver has gone. Two seconds later the process ends, so what takes longer must end by itself:
   * roll back, close, return.
   */
  readonly signal: AbortSignal;
  /** As `console`, which is captured too, but also right in callbacks that have lost the batch they belong to. */
  readonly log: BatchLog;
}

/**
 * Handles the rows of one micro-batch, in a Node process beside the Spark driver; batches of a query come one after the other. `batch` is valid
 * until the returned promise settles.
 *
 * Each action on `batch` (collect, count, a write) runs its whole plan anew: take one, or persist it first. At least one must be taken, even if
 * the rows are in the sink already: otherwise a stateful query does not commit its state, and Spark fails it.
 *
 * A rejection fails the query with the error's stack in its exception. So does an error in what the handler left running in the background.
 */
export type BatchHandler<P = unknown> = (batch: DataFrame, context: BatchContext<P>) => Promise<void>;
