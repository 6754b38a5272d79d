/**
 * A function that travels with the plan and runs where the rows are: in processes beside Spark's executors. This module knows only how it travels;
 * `sluice/worker` makes them from TypeScript modules.
 */
export interface InlineFunction {
  /** What it is called in plans, in the columns that it makes, and in messages. */
  readonly name: string;
  /** Whether equal arguments give equal results: then Spark may call it more or less often than there are rows. */
  readonly isDeterministic: boolean;
  /** The function as the worker program at the server reads it. */
  readonly command: Uint8Array;
  /** Handed on by Spark as it is. */
  readonly version: string;
}

/**
 * How Spark feeds a function, by its numbers (`PythonEvalType` of Spark 4.2): `columns` as SQL_SCALAR_PANDAS_UDF, `partitions` as
 * SQL_MAP_ARROW_ITER_UDF. Both are fed with Arrow batches.
 */
export const FedBy = { columns: 200, partitions: 207 } as const;
