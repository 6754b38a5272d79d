/** The check that asks Spark: whether the table's estimates are the ones that Spark makes of the same users in a batch. */
import type { Endpoints } from '../config/endpoints.js';
import { type Check, CheckBuilder, type KeyedRows, type RowComparison } from './compare.js';
import { type ClosedWindow, estimateRows } from './distinct.js';
import type { Interner } from './event-store.js';
import type { SparkEstimates } from './spark-distinct.js';
import { messageOf } from './verify-error.js';
import { MINUTE_US } from './windows.js';

/** The equality with Spark's own estimate. Whatever goes wrong with Spark leaves all other checks standing. */
export class SparkEquality implements AsyncDisposable {
  readonly #check = new CheckBuilder(
    'active_users.spark',
    'active_users, every row, equal to approx_count_distinct of the same users in a Spark batch',
  );
  readonly #rows: RowComparison;
  #spark: SparkEstimates | undefined;
  #why: { readonly kind: 'skipped' | 'not-run'; readonly text: string } | undefined;

  readonly #signal: AbortSignal | undefined;

  private constructor(found: KeyedRows, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#rows = estimateRows(this.#check, found);
  }

  /** @param isWanted false leaves the check out, on request */
  static async open(
    endpoints: Endpoints,
    users: Interner,
    found: KeyedRows,
    { isWanted, signal }: { readonly isWanted: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<SparkEquality> {
    const equality = new SparkEquality(found, signal);
    if (!isWanted) {
      equality.#why = { kind: 'skipped', text: 'left out on request (--no-spark)' };
      return equality;
    }
    await equality.#try(async () => {
      // Loaded only when asked for: without it nothing of Spark's client is needed.
      const { SparkEstimates } = await import('./spark-distinct.js');
      equality.#spark = await SparkEstimates.open(
        endpoints.sparkRemote,
        endpoints.sparkToken,
        users,
        ({ startMinute, count }) => equality.#rows.expect([String(BigInt(startMinute) * MINUTE_US)], [String(count)]),
        signal,
      );
    });
    return equality;
  }

  async add(window: ClosedWindow): Promise<void> {
    await this.#try(async () => this.#spark?.add(window));
  }

  /** For a window whose row the table refused. */
  leaveOut({ startMinute }: ClosedWindow): void {
    this.#rows.leaveOut([String(BigInt(startMinute) * MINUTE_US)]);
  }

  async finish(emptyHolds: boolean): Promise<Check> {
    await this.#try(async () => this.#spark?.flush());
    if (this.#why?.kind === 'skipped') return this.#check.skipped(this.#why.text);
    if (this.#why?.kind === 'not-run') return this.#check.notRun(this.#why.text);
    this.#rows.finish();
    return this.#check.finish({ emptyHolds });
  }

  /** Gives the session back, however the check went: an open one would keep the process alive. Safe to call twice. */
  async [Symbol.asyncDispose](): Promise<void> {
    const spark = this.#spark;
    this.#spark = undefined;
    await spark?.close();
  }

  async #try(step: () => Promise<void>): Promise<void> {
    if (this.#why !== undefined) return;
    try {
      await step();
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.#why = { kind: 'not-run', text: messageOf(error) };
    }
  }
}
