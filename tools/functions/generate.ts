/**
 * Writes spark/connect/frame/functions/generated from Spark's list of functions (spark-functions.json) and the tables beside it.
 *
 *   npm run functions:generate
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emitTable } from './emit.js';
import { ROOT, readRecordedFunctions } from './recorded.js';
import { readTables } from './table.js';

export const GENERATED = join(ROOT, 'spark/connect/frame/functions/generated');

/** The text of each file by its name. */
export function generateFunctions(): ReadonlyMap<string, string> {
  const recorded = readRecordedFunctions();
  return new Map(readTables().map((table) => [`${table.name}.ts`, emitTable(table, recorded)]));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const files = generateFunctions();
  mkdirSync(GENERATED, { recursive: true });
  for (const name of readdirSync(GENERATED)) if (!files.has(name)) rmSync(join(GENERATED, name));
  for (const [name, text] of files) writeFileSync(join(GENERATED, name), text);
  console.log(`${files.size} files written to ${GENERATED}`);
}
