// Options of sources and sinks: Spark takes texts, and does not mind the case of their names.
import type { Options } from './relation.js';

/** Numbers and booleans are written as Spark reads them; undefined leaves the option as it is. */
export type OptionValue = string | number | bigint | boolean | undefined;

/** A name that differs only in case replaces the older one: sent together, either could win. */
export function withOptions(options: Options, added: Readonly<Record<string, OptionValue>>): Options {
  const merged = new Map(Object.entries(options).map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  for (const [name, value] of Object.entries(added)) {
    if (value === undefined) continue;
    merged.set(name.toLowerCase(), [name, String(value)]);
  }
  return Object.fromEntries(merged.values());
}
