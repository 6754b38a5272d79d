/** TypeScript inside Spark: makes `foreachBatch` handlers of exported functions. */
import type { ForeachBatchFunction } from '../connect/index.js';
import { bundleHandler, HandlerError } from './bundle.js';
import { encodePayload } from './payload.js';

export { HandlerError } from './bundle.js';
export type { BatchContext, BatchHandler } from './handler.js';

export interface HandlerSpec<P> {
  /** Path or file URL of the module, TypeScript or JavaScript. */
  readonly module: string | URL;
  /** Name of the exported handler. */
  readonly export: string;
  /** Handed to the handler as `context.params`; must survive JSON. Travels with the query: no secrets. */
  readonly params?: P;
}

export function batchHandler<P = undefined>(spec: HandlerSpec<P>): ForeachBatchFunction {
  return {
    async encode(queryName) {
      const code = await bundleHandler(spec.module, spec.export);
      const loaded = (await import(String(spec.module))) as Record<string, unknown>;
      if (typeof loaded[spec.export] !== 'function')
        throw new HandlerError(`${spec.module} exports no function ${spec.export}.`);
      return {
        command: encodePayload({ queryName, code, params: JSON.stringify(spec.params ?? null) }),
        pythonVersion: 'sluice-1',
      };
    },
  };
}
