/** TypeScript inside Spark: foreachBatch functions beside the driver, and functions beside the executors, of what modules export. */
import type { ForeachBatchFunction } from '../connect/index.js';
import { bundleExport } from './bundle.js';
import type { BatchHandler } from './handler.js';
import { HandlerError } from './handler-error.js';
import { encodeParams } from './params.js';
import { encodePayload, VERSION } from './payload.js';

export type { PartitionContext, PartitionMapper, RowFunction } from './function.js';
export type { BatchContext, BatchHandler, BatchLog } from './handler.js';
export { type FunctionSpec, type MapperSpec, partitionMapper, udf } from './udf.js';

export { HandlerError };

/** Which exported function handles the batches, and what it is told. */
export interface HandlerSpec<P> {
  /** File URL or path (a relative one from the working directory) of the module: TypeScript or JavaScript, with all that it imports. */
  readonly module: string | URL;
  /** Name of the exported handler; `default` if neither this nor `handler` is given. */
  readonly export?: string;
  /** The exported handler itself, instead of its name: what TypeScript checks, and renames along. */
  readonly handler?: BatchHandler<P>;
  /** Handed to the handler as `context.params`. Plain JSON, and no secrets: it travels with the query, and is seen in its plan. */
  readonly params?: P;
}

/**
 * A foreachBatch function out of a module's export, for `writeStream.foreachBatch(…)`.
 *
 * Nothing of the calling process is there when it runs: the module is bundled with all its imports, sent with the query and loaded once in a process
 * beside the Spark driver. So it cannot see local variables; what it needs comes by `params`, or, passwords above all, by the driver's environment.
 * Its top level runs there (and once here, to see that it loads), so it must not start queries.
 *
 * `start()` of the query throws HandlerError if the module is not found, does not compile or load, or lacks the export.
 * @example
 * ```ts
 * const save = batchHandler({ module: new URL('./save.js', import.meta.url), export: 'save', params: { table: 'orders' } });
 * await clicks.writeStream.queryName('save').foreachBatch(save).start();
 * ```
 */
export function batchHandler<P = undefined>(spec: HandlerSpec<P>): ForeachBatchFunction {
  return {
    async encode(queryName) {
      const params = encodeParams(spec.params);
      const { handler, program } = await bundleExport(spec, 'batch-host');
      return { command: encodePayload({ queryName, handler, params }, program), pythonVersion: VERSION };
    },
  };
}
