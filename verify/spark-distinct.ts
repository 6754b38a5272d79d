/**
 * What Spark's own approx_count_distinct makes of the users that the simulation kept, computed as a batch over local rows. The only check
 * that asks Spark; all others get by without it.
 */
import { setTimeout } from 'node:timers/promises';
import { approx_count_distinct, col, long, SparkSession, string, structType } from '../spark/connect/index.js';
import { type ClosedWindow, RELATIVE_DEVIATION } from './distinct.js';
import type { Interner } from './event-store.js';
import { messageOf, VerifyError } from './verify-error.js';

/**
 * Rows that go to Spark in one plan. A window is never split, since estimates cannot be added; a row is about 20 bytes, and the server takes
 * messages of 128 MB (spark.connect.grpc.maxInboundMessageSize).
 */
const PLAN_ROWS_MAX = 250_000;

/** How long Spark may take for one plan; it needs a second, so this is a server that hangs or has far too much to do. */
const PLAN_MS_MAX = 120_000;

const RELEASE_MS_MAX = 5_000;

const PAIRS = structType({ window_start: long(), user_id: string() });

/** The estimate of one window. */
export interface Estimate {
  /** Minutes since 1970. */
  readonly startMinute: number;
  readonly count: bigint;
}

/** Gathers closed windows and lets Spark estimate as many at once as fit a plan. */
export class SparkEstimates implements AsyncDisposable {
  readonly #spark: SparkSession;
  readonly #users: Interner;
  readonly #onEstimate: (estimate: Estimate) => void;
  readonly #signal: AbortSignal | undefined;
  #windows: ClosedWindow[] = [];
  #rows = 0;

  private constructor(
    spark: SparkSession,
    users: Interner,
    onEstimate: (estimate: Estimate) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#spark = spark;
    this.#users = users;
    this.#onEstimate = onEstimate;
    this.#signal = signal;
  }

  /** @throws VerifyError `spark` if the server cannot be reached. */
  static async open(
    remote: string,
    token: string | undefined,
    users: Interner,
    onEstimate: (estimate: Estimate) => void,
    signal: AbortSignal | undefined,
  ): Promise<SparkEstimates> {
    try {
      const spark = await SparkSession.connect(remote, token === undefined ? {} : { token });
      return new SparkEstimates(spark, users, onEstimate, signal);
    } catch (cause) {
      throw sparkError(cause);
    }
  }

  async add(window: ClosedWindow): Promise<void> {
    if (this.#rows > 0 && this.#rows + window.users.size > PLAN_ROWS_MAX) await this.flush();
    this.#windows.push(window);
    this.#rows += window.users.size;
  }

  /** Estimates what was gathered. */
  async flush(): Promise<void> {
    if (this.#rows === 0) return;
    const rows = this.#windows.flatMap(({ startMinute, users }) => {
      const window_start = BigInt(startMinute);
      return Array.from(users, (user) => ({ window_start, user_id: this.#users.textOf(user) }));
    });
    this.#windows = [];
    this.#rows = 0;
    try {
      const counted = await this.#spark
        .createDataFrame(rows, PAIRS)
        .groupBy('window_start')
        .agg(approx_count_distinct(col('user_id'), RELATIVE_DEVIATION).as('users'))
        .collect({ signal: this.#deadline() });
      for (const { window_start, users } of counted as { window_start: bigint; users: bigint }[]) {
        this.#onEstimate({ startMinute: Number(window_start), count: users });
      }
    } catch (cause) {
      throw sparkError(cause);
    }
  }

  #deadline(): AbortSignal {
    const timeout = AbortSignal.timeout(PLAN_MS_MAX);
    return this.#signal === undefined ? timeout : AbortSignal.any([this.#signal, timeout]);
  }

  /** Gives the session back to the server, if that answers soon; it forgets idle sessions by itself. Safe to call twice. */
  async close(): Promise<void> {
    const released = this.#spark.release().catch(() => {});
    await Promise.race([released, setTimeout(RELEASE_MS_MAX, undefined, { ref: false })]);
    this.#spark.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function sparkError(cause: unknown): VerifyError {
  return new VerifyError(
    'spark',
    `Spark could not recompute approx_count_distinct: ${messageOf(cause)}. \`--no-spark\` leaves this check out.`,
    { cause },
  );
}
