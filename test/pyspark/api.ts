// What PySpark's Connect client offers, as `api.py` reads it off the installed package.
import { runPython } from './environment.js';

/** One argument of a call: a column by name, or a plain value. */
export type ApiArgument = { readonly column: string } | { readonly value: string | number | boolean };

export interface PySparkApi {
  /** Public members by class. */
  readonly classes: Readonly<Record<string, readonly string[]>>;
  /** By name, calls that the signature allows; none where it says too little. `partitioning.` stands before those of that module. */
  readonly functions: Readonly<Record<string, readonly (readonly ApiArgument[])[]>>;
}

export function readPySparkApi(): Promise<PySparkApi> {
  return runPython<PySparkApi>('api.py', null);
}
