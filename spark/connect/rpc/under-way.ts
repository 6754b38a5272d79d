// What a connection has under way: calls that somebody waits for, operations that the server runs for it, and what is told to the server beside them.
// Closing ends the first at once, and gives the last some seconds.
import { SparkError } from '../errors/spark-error.js';
import type { OperationId } from '../types/ids.js';
import { eitherSignal } from './await.js';

/** How long the server may take to hear what is told it in the background. */
export const BACKGROUND_DEADLINE_MS = 5_000;

export class UnderWay {
  readonly #closing = new AbortController();
  readonly #operations = new Set<OperationId>();
  readonly #background = new Set<Promise<unknown>>();

  /** Whether `end` was called. */
  get isEnded(): boolean {
    return this.#closing.signal.aborted;
  }

  /** A signal for one call, aborted by the caller's own and by `end`; `forget` when the call is over. */
  signalOf(own: AbortSignal | undefined): ReturnType<typeof eitherSignal> {
    return eitherSignal(own, this.#closing.signal);
  }

  /** As `signalOf`, for an operation that must be freed at the server should the connection be closed meanwhile. */
  begin(id: OperationId, own: AbortSignal | undefined): ReturnType<typeof eitherSignal> {
    const { signal, forget } = this.signalOf(own);
    this.#operations.add(id);
    return {
      signal,
      forget: () => {
        this.#operations.delete(id);
        forget();
      },
    };
  }

  /** Runs beside everything else; a failure is dropped because the server frees by itself what nobody reads. */
  inBackground(work: Promise<unknown>): void {
    const done = work
      .catch(() => {})
      .finally(() => {
        this.#background.delete(done);
      });
    this.#background.add(done);
  }

  /** Resolves when what runs in the background is done or has failed: at most some seconds. */
  async settled(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }

  /** Ends the calls, has `free` tell the server of each operation that it is no longer wanted, and calls `close` when that is told. Idempotent. */
  end(free: (id: OperationId) => void, close: () => void): void {
    if (this.isEnded) return;
    const operations = [...this.#operations];
    this.#closing.abort();
    for (const id of operations) free(id);
    if (this.#background.size === 0) close();
    else void this.settled().then(close);
  }
}

/** What a caller hears whose call was under way when the connection was closed. */
export function closedMeanwhile(what: string, operationId?: OperationId): SparkError {
  return new SparkError(`${what} was cut off: the session was closed here.`, { kind: 'cancelled', operationId });
}
