// Decides, for every error, whether a call is made again, and how long is waited before.
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateFault } from '../errors/certificate.js';
import { GrpcCode, readGrpcFailure } from '../errors/grpc-status.js';

export interface RetryPolicy {
  /** Retries after the first attempt; 0 = none. */
  readonly retriesMax: number;
  readonly waitMsFirst: number;
  readonly waitFactor: number;
  readonly waitMsMax: number;
  /** Up to so much is added at random to waits of `jitterFromMs` and more, so that many clients do not come back at once. */
  readonly jitterMs: number;
  readonly jitterFromMs: number;
  /** How long a wait the server may ask for. */
  readonly serverWaitMsMax: number;
  /** No new attempt once so much time has passed since the first. */
  readonly elapsedMsMax: number;
}

/**
 * How long a call may fail before the caller hears of it: in total at least ten minutes, so that a restarting server is waited for.
 * The numbers are Spark's (`DefaultPolicy` in pyspark/sql/connect/client/retries.py of 4.2); change them only when Spark does.
 */
export const DEFAULT_RETRY: RetryPolicy = {
  retriesMax: 15,
  waitMsFirst: 50,
  waitFactor: 4,
  waitMsMax: 60_000,
  jitterMs: 500,
  jitterFromMs: 2_000,
  serverWaitMsMax: 600_000,
  elapsedMsMax: Number.POSITIVE_INFINITY,
};

export type RetryVerdict =
  | { readonly kind: 'fail' }
  | { readonly kind: 'retry'; readonly serverWaitMs: number | undefined };

/** What the server says when another connection took over the stream, or the stream was cut; Spark gives it code INTERNAL. */
const CURSOR_DISCONNECTED = 'INVALID_CURSOR.DISCONNECTED';

/**
 * Whether trying again can help. Only what is known to be passing is retried: everything else, known or not, fails at once, because a
 * plan may have effects. UNAVAILABLE is the connection's own: the call was not answered, unless by a certificate that is refused.
 */
export function judge(caught: unknown): RetryVerdict {
  const failure = readGrpcFailure(caught);
  if (failure === undefined) return { kind: 'fail' };
  if (failure.retryDelayMs !== undefined) return { kind: 'retry', serverWaitMs: failure.retryDelayMs };
  if (failure.code === GrpcCode.unavailable) {
    return certificateFault(failure.text) === undefined ? { kind: 'retry', serverWaitMs: undefined } : { kind: 'fail' };
  }
  if (failure.code === GrpcCode.internal) {
    // grpc-js tells a reset stream (RST_STREAM, the proxy's favourite) as INTERNAL too; the server's own INTERNAL errors have texts of Spark's.
    if (failure.text.includes(CURSOR_DISCONNECTED) || failure.text.startsWith('Received RST_STREAM')) {
      return { kind: 'retry', serverWaitMs: undefined };
    }
  }
  return { kind: 'fail' };
}

/** The attempts of one call. Not shared: each call has its own budget. */
export class Retrier {
  readonly #policy: RetryPolicy;
  readonly #startedMs = Date.now();
  #retries = 0;
  #failures = 0;
  #nextWaitMs: number;

  constructor(policy: RetryPolicy) {
    this.#policy = policy;
    this.#nextWaitMs = policy.waitMsFirst;
  }

  /** Attempts so far that have failed. */
  get attempts(): number {
    return this.#failures;
  }

  get elapsedMs(): number {
    return Date.now() - this.#startedMs;
  }

  /** A stream that gave something has its whole budget again: the limit is on failures in a row. */
  succeeded(): void {
    this.#retries = 0;
    this.#nextWaitMs = this.#policy.waitMsFirst;
  }

  /** How long to wait before the next attempt, in milliseconds, or undefined if there is none. Counts as one failed attempt. */
  next(caught: unknown, random: () => number = Math.random): number | undefined {
    this.#failures++;
    const verdict = judge(caught);
    if (verdict.kind === 'fail') return undefined;
    return this.nextAfter(verdict.serverWaitMs, random);
  }

  /** As `next`, for a failure that is already known to be worth another attempt. */
  nextAfter(serverWaitMs: number | undefined, random: () => number = Math.random): number | undefined {
    const policy = this.#policy;
    if (this.#retries >= policy.retriesMax) return undefined;
    this.#retries++;
    let waitMs = this.#nextWaitMs;
    this.#nextWaitMs = Math.min(policy.waitMsMax, waitMs * policy.waitFactor);
    if (serverWaitMs !== undefined) waitMs = Math.max(waitMs, Math.min(serverWaitMs, policy.serverWaitMsMax));
    if (waitMs >= policy.jitterFromMs) waitMs += random() * policy.jitterMs;
    if (this.elapsedMs >= policy.elapsedMsMax) return undefined;
    // The last attempt falls on the limit, not before it.
    return Math.round(Math.min(waitMs, policy.elapsedMsMax - this.elapsedMs));
  }
}

/** Waits, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  try {
    await sleep(waitMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Calls `attempt` until it succeeds or must not be tried again; the last error comes out as it was.
 * `retrier` can be asked afterwards how often and how long it was tried.
 */
export async function withRetries<T>(
  retrier: Retrier,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
  wait: (waitMs: number, signal: AbortSignal | undefined) => Promise<void> = pause,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (caught) {
      const waitMs = retrier.next(caught);
      if (waitMs === undefined) throw caught;
      await wait(waitMs, signal);
    }
  }
}
