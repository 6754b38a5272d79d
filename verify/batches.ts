/**
 * The ledger of any pipeline as a chain: per query its micro-batches in order, each with the records it read and the two watermarks that
 * ruled it. And the checks of the chain itself, without which recomputing from it would prove nothing.
 */
import { CheckBuilder } from './compare.js';
import { floorDiv } from './event-time.js';
import type { PartitionBounds } from './kafka/fetch-client.js';
import type { LedgerRow } from './ledger.js';

export interface OffsetRange {
  readonly partition: number;
  /** The batch read `from <= offset < until`. */
  readonly from: number;
  readonly until: number;
}

export interface Batch {
  readonly id: number;
  readonly ranges: readonly OffsetRange[];
  /** Milliseconds since 1970: state that ends here or before is given up at the end of the batch. */
  readonly watermarkMs: number | undefined;
  /** That of the batch before: rows whose window ends here or before are late. */
  readonly lateWatermarkMs: number | undefined;
  readonly rows: number;
  readonly dead: number;
}

export interface QueryBatches<Name extends string = string> {
  readonly query: Name;
  readonly batches: readonly Batch[];
  /** Records between the first batch's start and the last one's end, control records and dead ones included. */
  readonly offsets: number;
  /** Per partition the first offset that no batch of the ledger has read. */
  readonly ends: ReadonlyMap<number, number>;
}

/**
 * Decodes the batches of one query and checks what can be said of them without the records.
 * @param mayBeNone whether no batch at all is only too early: a check of nothing then, which does not hold, and no difference.
 */
export function readBatches<Name extends string>(
  query: Name,
  rows: readonly LedgerRow[],
  topic: string,
  bounds: readonly PartitionBounds[],
  mayBeNone = false,
): { readonly batches: QueryBatches<Name>; readonly check: CheckBuilder } {
  const check = new CheckBuilder(
    `${query}.ledger`,
    `the ledger of ${query}: batches without gaps, every record in one of them, watermark as its events say`,
  );
  const ofQuery = rows.filter((row) => row.query === query);
  const queryIds = new Set(ofQuery.map(({ queryId }) => queryId));
  if (queryIds.size > 1)
    check.difference('unexpected', `query_id of ${query}`, '1', `${queryIds.size}: ${[...queryIds].join(', ')}`);

  const batches: Batch[] = [];
  const ends = new Map<number, number>();
  let before: LedgerRow | undefined;
  let offsets = 0;
  // With several query ids the last in order is followed; the check has failed anyway.
  for (const row of ofQuery.filter(({ queryId }) => queryId === ofQuery.at(-1)?.queryId)) {
    const where = `${query} batch ${row.batchId}`;
    const expectedId = before === undefined ? 0 : before.batchId + 1;
    if (row.batchId !== expectedId)
      check.difference(
        'missing',
        `${query} batch ${expectedId}`,
        `batch_id ${expectedId}`,
        `batch_id ${row.batchId} is next`,
      );
    if (before !== undefined && row.epoch < before.epoch)
      check.difference('broken', where, `epoch >= ${before.epoch}`, `epoch ${row.epoch}`);
    const watermarkMs = decodeWatermark(row, where, check);
    const ranges = decodeRanges(row, topic, where, check);
    for (const { partition, from, until } of adjoining(ranges, ends, before === undefined, bounds, where, check)) {
      offsets += until - from;
      ends.set(partition, until);
    }
    batches.push({
      id: row.batchId,
      ranges,
      watermarkMs,
      lateWatermarkMs: batches.at(-1)?.watermarkMs,
      rows: row.rows,
      dead: row.dead,
    });
    before = row;
  }
  if (batches.length > 0 || !mayBeNone) checkAgainstTopic(query, ends, batches, bounds, check);
  check.count(batches.length, batches.length);
  return { batches: { query, batches, offsets, ends }, check };
}

function decodeWatermark(row: LedgerRow, where: string, check: CheckBuilder): number | undefined {
  if (row.watermark === null) return undefined;
  if (row.watermark % 1000n !== 0n || row.watermark <= 0n) {
    check.difference('broken', `${where}, watermark`, 'whole milliseconds after 1970', `${row.watermark} µs`);
  }
  return Number(floorDiv(row.watermark, 1000n));
}

/** @returns the ranges in order of partitions; what is not in the documented form is a difference. */
function decodeRanges(row: LedgerRow, topic: string, where: string, check: CheckBuilder): OffsetRange[] {
  const ofTopic = (row.offsets as Record<string, unknown> | null)?.[topic];
  const others = Object.keys(row.offsets ?? {}).filter((name) => name !== topic);
  if (typeof ofTopic !== 'object' || ofTopic === null || others.length > 0) {
    check.difference(
      'broken',
      `${where}, offsets`,
      `{"${topic}": {partition: [from, until]}}`,
      JSON.stringify(row.offsets),
    );
    return [];
  }
  const ranges: OffsetRange[] = [];
  for (const [name, range] of Object.entries(ofTopic)) {
    const [from, until] = Array.isArray(range) ? (range as unknown[]) : [];
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(until) || (until as number) < (from as number)) {
      check.difference(
        'broken',
        `${where}, offsets of partition ${name}`,
        '[from, until] with from <= until',
        JSON.stringify(range),
      );
      continue;
    }
    ranges.push({ partition: Number(name), from: from as number, until: until as number });
  }
  return ranges.sort((a, b) => a.partition - b.partition);
}

/** Ranges begin where those of the batch before ended, and no partition is left out once it was read. */
function adjoining(
  ranges: readonly OffsetRange[],
  ends: ReadonlyMap<number, number>,
  isFirst: boolean,
  bounds: readonly PartitionBounds[],
  where: string,
  check: CheckBuilder,
): readonly OffsetRange[] {
  for (const { partition, from } of ranges) {
    const end = ends.get(partition);
    const start = bounds.find((bound) => bound.partition === partition)?.start;
    if (end !== undefined && from !== end) {
      check.difference(
        from > end ? 'missing' : 'duplicate',
        `${where}, partition ${partition}`,
        `from offset ${end}`,
        `from offset ${from}`,
      );
    } else if (end === undefined && start !== undefined && from !== start) {
      const what =
        from > start
          ? `offsets ${start} to ${from - 1} were never read`
          : `offsets ${from} to ${start - 1} are no longer in the topic: they cannot be recomputed`;
      check.difference(
        'missing',
        `${where}, partition ${partition}`,
        `from offset ${start}, where the topic begins`,
        `from offset ${from}: ${what}`,
      );
    }
  }
  if (!isFirst) {
    for (const partition of ends.keys()) {
      if (!ranges.some((range) => range.partition === partition))
        check.difference('missing', `${where}, partition ${partition}`, 'a range', 'none');
    }
  }
  return ranges;
}

function checkAgainstTopic(
  query: string,
  ends: ReadonlyMap<number, number>,
  batches: readonly Batch[],
  bounds: readonly PartitionBounds[],
  check: CheckBuilder,
): void {
  for (const [partition, until] of ends) {
    const bound = bounds.find((candidate) => candidate.partition === partition);
    if (bound === undefined)
      check.difference('unexpected', `${query}, partition ${partition}`, 'a partition of the topic', 'none');
    else if (until > bound.end) {
      check.difference(
        'unexpected',
        `${query}, partition ${partition}`,
        `offsets below ${bound.end}, where the topic ends`,
        `read until ${until}`,
      );
    }
  }
  const records = bounds.reduce((sum, { start, end }) => sum + end - start, 0);
  if (batches.length === 0 && records > 0) {
    check.difference('missing', query, `batches for the topic's ${records} offsets`, 'no batch in the ledger');
  }
}
