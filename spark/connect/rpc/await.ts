// Waiting for something at the server that may take for ever. Asked in turns: no call stands open longer than the server, a proxy or a gRPC
// deadline likes, and a signal is heard between turns as well as within one.
import { setMaxListeners } from 'node:events';
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
  let forget = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    forget = onAbort(signal, () => reject(cancelled(what, signal)));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    forget();
  }
}

/**
 * Calls `listener` when the signal is aborted, at once if it is already; what it answers forgets the listener. One signal may serve any number of
 * calls at a time, so Node does not warn from the eleventh on.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener();
    return () => {};
  }
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** A signal that is aborted with the first of both, for the same reason. Who is done with it calls `forget`. */
export function eitherSignal(
  first: AbortSignal | undefined,
  second: AbortSignal,
): { readonly signal: AbortSignal; forget(): void } {
  const either = new AbortController();
  const forgets = [first, second].map((each) => onAbort(each, () => either.abort(each?.reason)));
  return {
    signal: either.signal,
    forget: () => {
      for (const forget of forgets) forget();
    },
  };
}
