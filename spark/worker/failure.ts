/** What went wrong in a handler, as the text that becomes the query's exception. */
import { inspect } from 'node:util';
import { isSparkError } from '../connect/index.js';

/** Spark keeps the text in the exception, prints it to its log more than once and sends it to every client that asks. */
export const FAILURE_CHARS_MAX = 16_000;

const CAUSES_MAX = 5;
const ERRORS_MAX = 3;

/** The error with its stack, Spark's condition if it is one of Spark's, and what caused it. Bounded, and never throws. */
export function describeFailure(error: unknown): string {
  const lines: string[] = [];
  try {
    const seen = new Set<unknown>();
    let cause = error;
    do {
      lines.push(`${seen.size === 0 ? '' : 'Caused by: '}${describeOne(cause)}`);
      seen.add(cause);
      cause = causeOf(cause);
    } while (cause !== undefined && seen.size < CAUSES_MAX && !seen.has(cause));
  } catch (fault) {
    // A getter of the handler's own error class threw: what has been gathered so far must do.
    lines.push(`(the error cannot be described: ${String(fault)})`);
  }
  return cut(lines.join('\n'));
}

function describeOne(error: unknown): string {
  if (!(error instanceof Error)) return `${inspect(error, { depth: 2 })} (thrown, but not an Error)`;
  const lines = [stackOf(error)];
  const details = sparkDetails(error);
  if (details !== '') lines.push(`    (${details})`);
  // What several addresses or attempts answered, such as Node's own error for a refused connection, whose message is empty.
  if (error instanceof AggregateError) {
    for (const one of error.errors.slice(0, ERRORS_MAX)) lines.push(`    of: ${String(one)}`);
    if (error.errors.length > ERRORS_MAX) lines.push(`    and ${error.errors.length - ERRORS_MAX} more`);
  }
  return lines.join('\n');
}

/** The stack does not repeat a message that was changed after the error was made. */
function stackOf(error: Error): string {
  const { stack } = error;
  if (stack === undefined || stack === '') return String(error);
  return stack.includes(error.message) ? stack : `${String(error)}\n${stack}`;
}

/** Of a SparkError, and nothing taken for granted: the handler may have brought a client of its own, of another version. */
function sparkDetails(error: Error): string {
  if (!isSparkError(error)) return '';
  const { condition, sqlState, operationId, causes }: Readonly<Record<string, unknown>> = { ...error };
  const parts: string[] = [];
  if (typeof condition === 'string') parts.push(`condition ${condition}`);
  if (typeof sqlState === 'string') parts.push(`SQLSTATE ${sqlState}`);
  if (typeof operationId === 'string') parts.push(`operation ${operationId}`);
  if (Array.isArray(causes)) {
    for (const { message } of causes.slice(0, CAUSES_MAX) as { message?: unknown }[])
      parts.push(`at the server: ${String(message)}`);
  }
  return parts.join('; ');
}

/** What gRPC says below an error of Spark is the same sentence once more, with the client's own lines. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  const { cause } = error;
  return isSparkError(error) && cause instanceof Error && 'metadata' in cause ? undefined : cause;
}

/** The mapped text without the stack's lines below the handler: this program's own, the same in every failure. */
export function withoutOwnLines(text: string): string {
  return text.replace(
    /\n {4}at [^\n]*(?:spark\/worker\/(?:batch|task)-host\.[jt]s|sluice-worker\.cjs):\d+:\d+\)?(?=\n|$)/g,
    '',
  );
}

/** Keeps the beginning, where the error is, and the end, where the first cause is. */
function cut(text: string): string {
  if (text.length <= FAILURE_CHARS_MAX) return text;
  const half = Math.floor(FAILURE_CHARS_MAX / 2) - 50;
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out …\n${text.slice(-half)}`;
}
