// Waiting for something at the server that may take for ever. Asked in turns: no call stands open longer than the server, a proxy or a gRPC
// deadline likes, and a signal is heard between turns as well as within one.
import { SparkError } from '../errors/spark-error.js';
import type { OperationId } from '../types/ids.js';

export interface AwaitOptions {
  /** For ever if absent. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long one turn is held at the server. */
const TURN_MS = 10_000;

/**
 * Calls `ask` with the milliseconds of the next turn until it answers true or the time is over: then false.
 * @throws SparkError of kind `input` if the time is not a number from 0 up.
 */
export async function awaitInTurns(
  options: number | AwaitOptions | undefined,
  ask: (timeoutMs: number, signal: AbortSignal | undefined) => Promise<boolean>,
): Promise<boolean> {
  const { timeoutMs = Number.POSITIVE_INFINITY, signal } =
    typeof options === 'number' ? { timeoutMs: options } : (options ?? {});
  if (!(timeoutMs >= 0)) throw new SparkError(`timeoutMs must be 0 or more, not ${timeoutMs}.`, { kind: 'input' });
  const startedMs = Date.now();
  for (;;) {
    const leftMs = timeoutMs - (Date.now() - startedMs);
    // The server takes whole milliseconds from 1 up; a time limit of 0 asks once.
    if (await ask(Math.max(1, Math.min(TURN_MS, Math.ceil(leftMs))), signal)) return true;
    if (Date.now() - startedMs >= timeoutMs) return false;
  }
}

/** What was aborted, as an error: the signal's reason is its cause. */
export function cancelled(what: string, signal: AbortSignal, operationId?: OperationId): SparkError {
  return new SparkError(`${what} was cancelled.`, { kind: 'cancelled', operationId, cause: signal.reason });
}

/**
 * Waits for what cannot be called off, but no longer than until the signal is aborted.
 * @throws SparkError of kind `cancelled` then; how the work ends is no matter any more.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (signal === undefined) return work;
  let abort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(cancelled(what, signal));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
