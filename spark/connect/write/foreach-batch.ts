/**
 * A function that Spark calls once per micro-batch, in a process beside its driver. This module knows only how it travels; `spark/worker` makes
 * them from TypeScript modules.
 */
export interface ForeachBatchFunction {
  /**
   * The function as the worker program at the server reads it. Called once by `start()`, before anything is sent.
   * @param queryName what the query will be called, for messages; undefined if it has no name.
   */
  encode(queryName: string | undefined): Promise<{ readonly command: Uint8Array; readonly pythonVersion: string }>;
}
