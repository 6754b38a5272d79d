/** The environment of a child process that is to have settings of its own and none of its parent's: for commands that run another `sluice`. */
import { VARIABLES, type VariableName } from './variables.js';

/** This process's environment without any variable of sluice, and `values`. */
export function childEnvironment(values: Readonly<Partial<Record<VariableName, string>>>): Record<string, string> {
  const foreign = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !(entry[0] in VARIABLES),
  );
  return { ...Object.fromEntries(foreign), ...values };
}
