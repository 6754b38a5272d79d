/**
 * Query page_view_counts, simulated: page views per page and minute, with Spark's rule for late rows.
 *
 * A row is late in a batch when its window ends at or before the watermark of the batch before. In update mode giving up state changes no
 * row, since whatever could still reach the window would be late; so a window is compared and forgotten when its end is reached.
 */
import type { Batch } from './batches.js';
import type { RowComparison } from './compare.js';
import type { EventStore, PartitionEvents } from './event-store.js';
import { floorDiv } from './event-time.js';
import { LateRows, type Simulation } from './replay.js';

export const MINUTE_US = 60_000_000n;
export const MINUTE_MS = 60_000;

interface Count {
  views: number;
  batchId: number;
}

export class PageViewCounts implements Simulation {
  readonly late = new LateRows();
  /** Page views that are in some row. */
  counted = 0;
  /** By minute since 1970, then by page. */
  readonly #windows = new Map<number, Map<number, Count>>();
  readonly #store: EventStore;
  readonly #rows: RowComparison;
  #touched = 0;

  constructor(store: EventStore, rows: RowComparison) {
    this.#store = store;
    this.#rows = rows;
  }

  /** Minutes with state, for the test that it is given up. */
  get openWindows(): number {
    return this.#windows.size;
  }

  event(events: PartitionEvents, index: number, batch: Batch): void {
    const minute = minuteOf(events.time[index] ?? 0n);
    if (isLate((minute + 1) * MINUTE_MS, batch.lateWatermarkMs)) {
      this.late.events++;
      this.late.add(events, index, batch, BigInt(minute + 1) * MINUTE_US);
      return;
    }
    this.counted++;
    let pages = this.#windows.get(minute);
    if (pages === undefined) {
      pages = new Map();
      this.#windows.set(minute, pages);
    }
    const page = events.page[index] ?? 0;
    const count = pages.get(page);
    if (count === undefined) {
      pages.set(page, { views: 1, batchId: batch.id });
      this.#touched++;
      return;
    }
    count.views++;
    if (count.batchId !== batch.id) {
      count.batchId = batch.id;
      this.#touched++;
    }
  }

  /** Update mode delivers each group that the batch touched, once. */
  endBatch(batch: Batch): number {
    const rows = this.#touched;
    this.#touched = 0;
    for (const [minute, pages] of this.#windows) {
      if (isLate((minute + 1) * MINUTE_MS, batch.watermarkMs)) this.#compare(minute, pages);
    }
    return rows;
  }

  finish(): void {
    for (const [minute, pages] of this.#windows) this.#compare(minute, pages);
    this.#rows.finish();
  }

  #compare(minute: number, pages: ReadonlyMap<number, Count>): void {
    const start = String(BigInt(minute) * MINUTE_US);
    const end = String(BigInt(minute + 1) * MINUTE_US);
    for (const [page, { views, batchId }] of pages) {
      this.#rows.expect([start, this.#store.pages.textOf(page)], [end, String(views), String(batchId)]);
    }
    this.#windows.delete(minute);
  }
}

/** Whole minutes since 1970. */
export function minuteOf(micros: bigint): number {
  return Number(floorDiv(micros, MINUTE_US));
}

/** Spark's predicate, for dropping rows and for giving up state alike: `window.end <= watermark`. Without a watermark nothing is late. */
export function isLate(windowEndMs: number, watermarkMs: number | undefined): boolean {
  return watermarkMs !== undefined && windowEndMs <= watermarkMs;
}
