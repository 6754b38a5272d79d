/** What functions on executors are, for those who write them. */

/** What a partition's function is told besides the rows. `P` is what was given to `partitionMapper` as `params`. */
export interface PartitionContext<P = unknown> {
  /** Counts from 0 within the stage. */
  readonly partitionId: number;
  /** Counts from 0: Spark tries a task again that has failed, and keeps the answer of one attempt only. */
  readonly attempt: number;
  readonly params: P;
}

/**
 * Makes rows of a partition's rows, in a Node process beside the executor that has them. `batches` gives the rows in batches of at most
 * `spark.sql.execution.arrow.maxRecordsPerBatch` (10,000); what is yielded may be batches of any other length. What is neither read nor yielded need
 * not fit into memory.
 *
 * A task may be tried again or run twice, so whatever is done beside the rows must bear that. A throw fails the task with the function's stack.
 */
export type PartitionMapper<In = never, Out = object, P = unknown> = (
  batches: AsyncIterable<readonly In[]>,
  context: PartitionContext<P>,
) => AsyncIterable<readonly Out[]> | Iterable<readonly Out[]>;

/**
 * Makes one value of a row's values. One that answers promises is awaited for a whole batch of rows at once (10,000, see `PartitionMapper`).
 */
export type RowFunction<A extends readonly unknown[], T> = (...args: A) => T | Promise<T>;
