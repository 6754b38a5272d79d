/** Which events of the user-activity pipeline a query works on, and the check that the ledger's watermarks follow from them. */
import { QUERIES, type QueryName } from '../config/names.js';
import type { Batch, OffsetRange, QueryBatches } from './batches.js';
import type { Check, CheckBuilder } from './compare.js';
import { type EventStore, type PartitionEvents, RECORD, TYPE } from './event-store.js';
import { floorDiv, formatMicros } from './event-time.js';
import type { VerifySettings } from './settings.js';

/**
 * Which events a query's watermark follows. Spark moves a filter that does not ask for the event time below the watermark operator
 * (PushPredicateThroughNonJoin, Spark 4.2), so page_view_counts sees the times of page views only.
 */
const WATERMARK_OVER: Readonly<Record<QueryName, 'none' | 'valid' | 'page views'>> = {
  events: 'none',
  page_view_counts: 'page views',
  active_users: 'valid',
  user_sessions: 'valid',
};

/** Whether an event of the store is one that the query works on. */
export function isRelevant(query: QueryName, events: PartitionEvents, index: number): boolean {
  return (
    events.record[index] === RECORD.valid && (query !== QUERIES.pageViewCounts || events.type[index] === TYPE.pageView)
  );
}

/** Adds what needs the records: every watermark must follow from the events of the batches before it. */
export function checkWatermarks(
  { query, batches }: QueryBatches<QueryName>,
  store: EventStore,
  settings: VerifySettings,
  check: CheckBuilder,
): Check {
  const over = WATERMARK_OVER[query];
  let expectedMs: number | undefined;
  for (const batch of batches) {
    if (batch.watermarkMs !== expectedMs) {
      check.difference(
        'different',
        `${query} batch ${batch.id}, watermark`,
        formatMs(expectedMs),
        formatMs(batch.watermarkMs),
      );
    }
    if (over === 'none') continue;
    const latest = latestTime(query, batch, store);
    if (latest === undefined) continue;
    const next = Number(floorDiv(latest, 1000n)) - settings.watermarkDelayMs;
    // From the recorded one, so that one wrong watermark is one difference and not one for every batch after it.
    const current = batch.watermarkMs ?? 0;
    expectedMs = Math.max(current, next) > 0 ? Math.max(current, next) : undefined;
  }
  return check.finish({ emptyHolds: false });
}

function latestTime(query: QueryName, batch: Batch, store: EventStore): bigint | undefined {
  let latest: bigint | undefined;
  for (const range of batch.ranges) {
    const events = store.partitions.get(range.partition);
    if (events === undefined) continue;
    const [from, until] = indexes(events, range);
    for (let i = from; i < until; i++) {
      if (!isRelevant(query, events, i)) continue;
      const time = events.time[i] ?? 0n;
      if (latest === undefined || time > latest) latest = time;
    }
  }
  return latest;
}

/** The part of a range that the store holds, as indexes of its columns. */
export function indexes(events: PartitionEvents, { from, until }: OffsetRange): [from: number, until: number] {
  return [Math.max(from, events.start) - events.start, Math.min(until, events.end) - events.start];
}

function formatMs(ms: number | undefined): string {
  return ms === undefined ? 'none' : formatMicros(BigInt(ms) * 1000n);
}
