// Waiting for something at the server that may take for ever. Asked in turns: no call stands open longer than the server, a proxy or a gRPC
// deadline likes, and a signal is heard between turns as well as within one.
import { SparkError } from '../errors/spark-error.js';

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
