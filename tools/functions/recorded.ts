// What a Spark server says of its functions, as the list beside this file keeps it: the generator reads it where no server runs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SparkSession } from '../../spark/connect/index.js';

/** One function of the server's. */
export interface RecordedFunction {
  /** The Java class behind it; several names of one class mean the same. */
  readonly class: string;
  /** How it is called and what it does, in Spark's words: one line per way of calling it. */
  readonly usage: string;
  /** The first version of Spark that has it; '' where Spark does not say. */
  readonly since: string;
}

/** By name, in the order of the alphabet, operators included. */
export type RecordedFunctions = Readonly<Record<string, RecordedFunction>>;

export const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));
const LIST = join(ROOT, 'tools/functions/spark-functions.json');
/** How many questions are put to the server at a time: each takes some milliseconds, most of them on the way. */
const AT_A_TIME = 8;

export function readRecordedFunctions(): RecordedFunctions {
  return JSON.parse(readFileSync(LIST, 'utf8')) as RecordedFunctions;
}

export function writeRecordedFunctions(functions: RecordedFunctions): void {
  writeFileSync(LIST, `${JSON.stringify(functions, null, 2)}\n`);
}

/** Asks the server: `SHOW SYSTEM FUNCTIONS`, then `DESCRIBE FUNCTION EXTENDED` of each. */
export async function recordFunctions(spark: SparkSession): Promise<RecordedFunctions> {
  const listed = await spark.sql<{ function: string }>('SHOW SYSTEM FUNCTIONS').collect();
  const names = [...new Set(listed.map((row) => row.function))].sort();
  const found = new Map<string, RecordedFunction>();
  const rest = names.values();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (const name of rest) found.set(name, await describeFunction(spark, name));
    }),
  );
  return Object.fromEntries(names.map((name) => [name, found.get(name) as RecordedFunction]));
}

/** What the server's catalog answers at once for all: the same but `since`. Describing each takes a hundred times as long. */
export async function listFunctions(
  spark: SparkSession,
): Promise<Readonly<Record<string, Omit<RecordedFunction, 'since'>>>> {
  const listed = await spark.catalog.listFunctions();
  return Object.fromEntries(
    listed.map(({ name, className, description }) => [
      name,
      // Of a few operators the server knows no class.
      { class: className ?? '', usage: withoutIndentation(description ?? '') },
    ]),
  );
}

export async function describeFunction(spark: SparkSession, name: string): Promise<RecordedFunction> {
  const rows = await spark.sql<{ function_desc: string }>(`DESCRIBE FUNCTION EXTENDED '${name}'`).collect();
  const lines = rows.map((row) => row.function_desc);
  const about = (label: string): string =>
    (lines.find((line) => line.startsWith(`${label}:`)) ?? '').slice(label.length + 1).trim();
  return {
    class: about('Class'),
    usage: withoutIndentation(about('Usage')),
    since: /^\s*Since: (\S+)/m.exec(lines.join('\n'))?.[1] ?? '',
  };
}

/** Spark indents its texts as its source does. */
function withoutIndentation(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
