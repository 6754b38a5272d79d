/** Builders for the oracle's tests: records as they come from Kafka, a store filled with them, batches as the ledger lists them. */
import type { Batch, OffsetRange } from '../../../verify/batches.js';
import { CheckBuilder, type KeyedRows, RowComparison } from '../../../verify/compare.js';
import { EventStore } from '../../../verify/event-store.js';
import { parseEventTime } from '../../../verify/event-time.js';
import { SEPARATOR } from '../../../verify/hash.js';
import type { TopicRecord } from '../../../verify/kafka/record-batch.js';

export interface TestEvent {
  /** Clock time on 2026-03-01, UTC: `12:00:00` or `12:00:00.5`. */
  readonly at: string;
  readonly user?: string;
  readonly page?: string;
  readonly type?: string;
}

export const DAY = '2026-03-01';
/** Long after every test event's time. */
export const KAFKA_MS = Date.parse('2026-03-02T00:00:00Z');

export function eventJson({ at, user = 'u1', page = '/', type = 'page_view' }: TestEvent): string {
  return JSON.stringify({ event_time: `${DAY}T${at}Z`, user_id: user, page_url: page, event_type: type });
}

export function topicRecord(
  partition: number,
  offset: number,
  value: string | null,
  timestampMs: number = KAFKA_MS,
): TopicRecord {
  return { partition, offset, timestampMs, key: null, value: value === null ? null : Buffer.from(value), headers: [] };
}

/** One partition, 0, whose offsets are the events' indexes; a string is a record's raw text. */
export function storeOf(events: readonly (TestEvent | string)[]): EventStore {
  const store = new EventStore(5 * 60_000);
  store.open([{ partition: 0, start: 0, end: events.length, highWatermark: events.length }]);
  events.forEach((event, offset) => {
    store.add(topicRecord(0, offset, typeof event === 'string' ? event : eventJson(event)));
  });
  return store;
}

/** Microseconds of a clock time on the test day. */
export function us(at: string): bigint {
  const micros = parseEventTime(`${DAY}T${at}Z`);
  if (micros === undefined) throw new Error(`not a time: ${at}`);
  return micros;
}

/** Batches of partition 0: how many records each reads, and its watermark as a clock time. */
export function batchesOf(...sizes: readonly (readonly [records: number, watermark?: string])[]): Batch[] {
  const batches: Batch[] = [];
  let from = 0;
  for (const [records, watermark] of sizes) {
    const ranges: OffsetRange[] = [{ partition: 0, from, until: from + records }];
    const watermarkMs = watermark === undefined ? undefined : Number(us(watermark) / 1000n);
    batches.push({
      id: batches.length,
      ranges,
      watermarkMs,
      lateWatermarkMs: batches.at(-1)?.watermarkMs,
      rows: 0,
      dead: 0,
    });
    from += records;
  }
  return batches;
}

/** Rows as the database reader delivers them: key columns, then values. */
export function keyed(keyColumns: number, rows: readonly (readonly (string | number | bigint)[])[]): KeyedRows {
  return new Map(rows.map((row) => [row.slice(0, keyColumns).join(SEPARATOR), row.slice(keyColumns).join(SEPARATOR)]));
}

export function comparison(
  keys: readonly string[],
  values: readonly string[],
  found: KeyedRows,
): { check: CheckBuilder; rows: RowComparison } {
  const check = new CheckBuilder('test.rows', 'rows under test');
  return { check, rows: new RowComparison(check, keys, values, found) };
}
