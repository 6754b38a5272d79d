/**
 * Query active_users, simulated: the users of each five minutes, every minute, counted exactly; with Spark's rule for late rows, which judges
 * each of an event's five windows by itself.
 *
 * The table holds an estimate. It is compared with the exact count within the estimator's error, and for equality with what Spark's own
 * approx_count_distinct makes of the same users (spark-distinct.ts): the estimate depends on the set alone, not on the order of arrival.
 */
import type { Batch } from './batches.js';
import { type CheckBuilder, type KeyedRows, pairs, RowComparison } from './compare.js';
import type { PartitionEvents } from './event-store.js';
import { SEPARATOR } from './hash.js';
import { RefusedTable } from './refused.js';
import { LateRows, type Simulation } from './replay.js';
import { isLate, MINUTE_MS, MINUTE_US, minuteOf } from './windows.js';

const WINDOW_MINUTES = 5;
/** The rsd that the query asks for. */
export const RELATIVE_DEVIATION = 0.02;

/** Spark's HyperLogLog++ takes the next power of two: precision = ceil(2 * log2(1.106 / rsd)) = 12, so 4,096 registers. */
const REGISTERS = 4096;
/** Up to here it counts empty registers instead (THRESHOLDS in HyperLogLogPlusPlusHelper.scala, precision 12). */
const LINEAR_COUNTING_MAX = 3100;
/** How many standard deviations the bound is wide; beyond 5 lies about one estimate in 1.7 million. */
const SIGMAS = 5;

/** A window whose users are all known, handed to the recomputation in Spark. */
export interface ClosedWindow {
  /** Minutes since 1970. */
  readonly startMinute: number;
  readonly users: ReadonlySet<number>;
  readonly batchId: number;
}

interface OpenWindow {
  readonly users: Set<number>;
  batchId: number;
}

export class ActiveUsers implements Simulation {
  readonly late = new LateRows();
  /** Events that count in at least one window. */
  counted = 0;
  countedPairs = 0;
  readonly #windows = new Map<number, OpenWindow>();
  readonly #onClosed: (window: ClosedWindow) => Promise<void> | void;
  #touched = 0;

  constructor(onClosed: (window: ClosedWindow) => Promise<void> | void) {
    this.#onClosed = onClosed;
  }

  /** Windows with state, for the test that it is given up. */
  get openWindows(): number {
    return this.#windows.size;
  }

  event(events: PartitionEvents, index: number, batch: Batch): void {
    const minute = minuteOf(events.time[index] ?? 0n);
    const user = events.user[index] ?? 0;
    let kept = 0;
    for (let start = minute - WINDOW_MINUTES + 1; start <= minute; start++) {
      if (isLate((start + WINDOW_MINUTES) * MINUTE_MS, batch.lateWatermarkMs)) {
        this.late.add(events, index, batch, BigInt(start + WINDOW_MINUTES) * MINUTE_US);
        continue;
      }
      kept++;
      this.#add(start, user, batch);
    }
    this.countedPairs += kept;
    if (kept > 0) this.counted++;
    else this.late.events++;
  }

  /** Update mode delivers each window that the batch touched, once. */
  async endBatch(batch: Batch): Promise<number> {
    const rows = this.#touched;
    this.#touched = 0;
    for (const [start, window] of this.#windows) {
      if (isLate((start + WINDOW_MINUTES) * MINUTE_MS, batch.watermarkMs)) await this.#close(start, window);
    }
    return rows;
  }

  async finish(): Promise<void> {
    for (const [start, window] of this.#windows) await this.#close(start, window);
  }

  #add(start: number, user: number, batch: Batch): void {
    const window = this.#windows.get(start);
    if (window === undefined) {
      this.#windows.set(start, { users: new Set([user]), batchId: batch.id });
      this.#touched++;
      return;
    }
    window.users.add(user);
    if (window.batchId !== batch.id) {
      window.batchId = batch.id;
      this.#touched++;
    }
  }

  async #close(startMinute: number, { users, batchId }: OpenWindow): Promise<void> {
    this.#windows.delete(startMinute);
    await this.#onClosed({ startMinute, users, batchId });
  }
}

/**
 * How far the estimate may be from `exact`: 5 standard deviations, and 2 at least. Few users are counted by empty registers, with the error
 * of linear counting, sqrt(m * (e^t - t - 1)) at t = n / m (Whang et al. 1990): 1.1 at 100 users, 11.5 at 1,000. Above, 2 % of the count,
 * a little more than the 1.04 / sqrt(4096) = 1.6 % that HyperLogLog has with that many registers.
 */
export function estimateErrorMax(exact: number): number {
  const load = exact / REGISTERS;
  const sigma =
    exact <= LINEAR_COUNTING_MAX ? Math.sqrt(REGISTERS * (Math.exp(load) - load - 1)) : RELATIVE_DEVIATION * exact;
  return Math.max(2, Math.ceil(SIGMAS * sigma));
}

/** Compares the table within the bound: window_end and batch_id exactly, the count within the error. */
export class EstimateComparison {
  readonly #check: CheckBuilder;
  readonly #found: KeyedRows;
  readonly #refused: RefusedTable;
  #worst = 0;

  /** @param refused as for `RowComparison`. */
  constructor(check: CheckBuilder, found: KeyedRows, refused = new RefusedTable()) {
    this.#check = check;
    this.#found = new Map(found);
    this.#refused = refused;
    check.count(0, found.size);
  }

  /** @returns false for a window whose row the table refused, so that there is nothing else to compare it with. */
  expect(window: ClosedWindow): boolean {
    this.#check.count(1, 0);
    const { startMinute, users, batchId } = window;
    const key = String(BigInt(startMinute) * MINUTE_US);
    const where = pairs(['window_start'], [key]);
    const found = this.#found.get(key);
    this.#found.delete(key);
    const refusal = this.#refused.of(key, batchId);
    if (refusal?.values !== undefined) {
      const batch = found?.split(SEPARATOR)[2];
      if (batch === undefined || Number(batch) < batchId) {
        this.#refused.accept();
        this.#compare(`sluice.refused_rows, ${where}`, refusal.values, window);
      } else {
        const expected = `an older row or none: sluice.refused_rows has it for batch ${batchId}`;
        this.#check.difference('unexpected', where, expected, `batch_id ${batch}`);
      }
      return false;
    }
    if (found === undefined) this.#check.difference('missing', where, `active_user_count about ${users.size}`);
    else this.#compare(where, found, window);
    return true;
  }

  #compare(where: string, found: string, { startMinute, users, batchId }: ClosedWindow): void {
    const [end = '', count = '', batch = ''] = found.split(SEPARATOR);
    const expectedEnd = String(BigInt(startMinute + WINDOW_MINUTES) * MINUTE_US);
    if (end !== expectedEnd)
      this.#check.difference('different', where, pairs(['window_end'], [expectedEnd]), pairs(['window_end'], [end]));
    if (batch !== String(batchId)) this.#check.difference('different', `${where}, batch_id`, String(batchId), batch);
    const error = Math.abs(Number(count) - users.size);
    const errorMax = estimateErrorMax(users.size);
    if (error > errorMax)
      this.#check.difference('different', `${where}, active_user_count`, `${users.size} ± ${errorMax}`, count);
    this.#worst = Math.max(this.#worst, users.size === 0 ? 0 : error / users.size);
  }

  finish(): void {
    this.#refused.finish(this.#check);
    for (const [key, values] of this.#found) {
      this.#check.difference(
        'unexpected',
        pairs(['window_start'], [key]),
        undefined,
        `active_user_count ${values.split(SEPARATOR)[1] ?? ''}`,
      );
    }
    this.#check.note(`the furthest estimate is ${(this.#worst * 100).toFixed(2)} % off the exact count`);
  }
}

/** For the equality with Spark's recomputation: the same key and columns as the table. */
export function estimateRows(check: CheckBuilder, found: KeyedRows): RowComparison {
  const counts: KeyedRows = new Map();
  for (const [key, values] of found) counts.set(key, values.split(SEPARATOR)[1] ?? '');
  return new RowComparison(check, ['window_start'], ['active_user_count'], counts);
}
