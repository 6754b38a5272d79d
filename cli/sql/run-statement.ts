// One statement: run, its rows written as they come, and how it ended.
import { type ExecutionProgress, SparkError, type SparkSession, type StructType } from '../../spark/connect/index.js';
import type { Style } from '../ui/style.js';
import { printable } from '../ui/text.js';
import { type ResultOptions, type ResultWriter, resultWriter } from './result-writer.js';

export type StatementEnd =
  | { readonly kind: 'rows'; readonly rows: number; readonly isCut: boolean }
  /** A command without a result, such as CREATE VIEW. */
  | { readonly kind: 'done' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: SparkError };

export interface StatementOptions extends ResultOptions {
  /** Interrupts the operation at the server. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** @throws SparkError when Spark cannot be reached any more. */
export async function runStatement(
  spark: SparkSession,
  text: string,
  options: StatementOptions,
): Promise<StatementEnd> {
  let writer: ResultWriter | undefined;
  try {
    const plan = { kind: 'relation', relation: spark.sql(text).relation } as const;
    for await (const event of spark.connection.execute(plan, { signal: options.signal })) {
      if (event.kind === 'schema') writer ??= writerOf(event.schema, options);
      else if (event.kind === 'batch') {
        // Leaving the loop interrupts what is left of the operation.
        if (writer !== undefined && !(await writer.write(event.batch))) break;
      } else if (event.kind === 'progress' && event.progress.stages.length > 0) {
        options.onProgress(progressLine(event.progress));
      }
    }
  } catch (error) {
    if (!(error instanceof SparkError)) throw error;
    if (options.signal.aborted || error.kind === 'cancelled') return { kind: 'interrupted' };
    if (error.kind === 'connection' || error.kind === 'sessionLost') throw error;
    return { kind: 'failed', error };
  }
  if (writer === undefined) return { kind: 'done' };
  return { kind: 'rows', ...(await writer.end()) };
}

function writerOf(schema: StructType, options: ResultOptions): ResultWriter | undefined {
  return schema.fields.length === 0 ? undefined : resultWriter(schema, options);
}

function progressLine({ stages, inflightTasks }: ExecutionProgress): string {
  const [done, all] = stages.reduce(([a, b], { completedTasks, tasks }) => [a + completedTasks, b + tasks], [0, 0]);
  return `${done} of ${all} tasks done, ${inflightTasks} running`;
}

/** The condition and SQLSTATE, the message without what Spark wraps around it, and the place in the statement. */
export function describeError(error: SparkError, statement: string, style: Style): string[] {
  const names = [error.condition, error.sqlState === undefined ? undefined : `SQLSTATE ${error.sqlState}`];
  const head = names.filter((name) => name !== undefined).join(', ');
  return [
    style.red(head === '' ? 'failed' : head),
    ...messageLines(error).map(printable),
    ...placeLines(error, statement, style),
  ];
}

/** Spark repeats condition and SQLSTATE in the text, and ends it with the plan. */
function messageLines({ message, condition }: SparkError): readonly string[] {
  const withoutPlan = message.split(/;?\n(?='|== SQL|\s*[+:]-)/, 1)[0] ?? '';
  const text = condition === undefined ? withoutPlan : withoutPlan.replace(`[${condition}] `, '');
  return text
    .replace(/\s*SQLSTATE: \w{5}/, '')
    .replace(/;? line \d+,? pos(ition)? \d+;?$/, '')
    .replace(/\s*\(line \d+, pos \d+\)$/, '')
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function placeLines({ queryContexts }: SparkError, statement: string, style: Style): readonly string[] {
  const place = queryContexts.find(({ kind, objectName }) => kind === 'sql' && objectName === '');
  if (place === undefined || place.startIndex < 0 || place.startIndex >= statement.length) return [];
  const lineBegin = statement.lastIndexOf('\n', place.startIndex - 1) + 1;
  const line = statement.slice(lineBegin).split('\n', 1)[0] ?? '';
  const from = place.startIndex - lineBegin;
  const width = Math.max(1, Math.min(place.stopIndex - place.startIndex + 1, line.length - from));
  return [printable(line), ' '.repeat(from) + style.red('^'.repeat(width))];
}
