/**
 * Which records must stand in the sinks of query `events`: everything that the ledger's batches have read, each once, under the batch that
 * read it. Beyond the last batch a row is in flight: its sinks are written before the ledger.
 */
import type { QueryBatches } from './batches.js';
import type { CheckBuilder } from './compare.js';
import { type EventStore, type PartitionEvents, RECORD } from './event-store.js';
import { formatMicros } from './event-time.js';
import type { TopicRecord } from './kafka/record-batch.js';
import { indexes } from './watermarks.js';

export interface Coordinates {
  readonly partition: number;
  readonly offset: number;
}

export type Place =
  | { readonly kind: 'expected'; readonly events: PartitionEvents; readonly index: number }
  | { readonly kind: 'in-flight' }
  /** Not in the ledger, or under the wrong batch; `expected` and `found` say it for people. */
  | { readonly kind: 'wrong'; readonly expected: string; readonly found: string };

export class Coverage {
  readonly store: EventStore;
  readonly lastBatchId: number;
  readonly #batches: QueryBatches;
  /** Per partition the ends of the batches' ranges, ascending, and whose they are. */
  readonly #ends = new Map<number, { until: number; batchId: number }[]>();

  constructor(store: EventStore, batches: QueryBatches) {
    this.store = store;
    this.#batches = batches;
    this.lastBatchId = batches.batches.at(-1)?.id ?? -1;
    for (const { id, ranges } of batches.batches) {
      for (const { partition, from, until } of ranges) {
        if (from === until) continue;
        const ends = this.#ends.get(partition) ?? [];
        ends.push({ until, batchId: id });
        this.#ends.set(partition, ends);
      }
    }
  }

  /** Records in the ledger's batches that are of this kind (one of RECORD). */
  count(record: number): number {
    let count = 0;
    for (const _ of this.#each((events, i) => events.record[i] === record)) count++;
    return count;
  }

  /** Those of them that were not found in a sink. */
  *unseen(record: number, bit: number): Generator<Coordinates> {
    yield* this.#each((events, i) => events.record[i] === record && ((events.seen[i] ?? 0) & bit) === 0);
  }

  hasBatch(batchId: number): boolean {
    return this.#batches.batches.some(({ id }) => id === batchId);
  }

  /** Where a row that claims to come from these coordinates, written by that batch, belongs; it must be a record of kind `record`. */
  place({ partition, offset }: Coordinates, batchId: number, record: number): Place {
    const events = this.store.partitions.get(partition);
    const owner = this.ownerOf({ partition, offset });
    if (owner === undefined) {
      if (batchId > this.lastBatchId) return { kind: 'in-flight' };
      return { kind: 'wrong', expected: `nothing: no batch has read it`, found: `a row of batch ${batchId}` };
    }
    if (owner !== batchId) return { kind: 'wrong', expected: `batch ${owner}`, found: `batch ${batchId}` };
    if (events?.has(offset) !== true) return { kind: 'wrong', expected: 'nothing: no such record', found: 'a row' };
    const index = offset - events.start;
    if (events.record[index] !== record) {
      const is = events.record[index] === RECORD.valid ? 'a valid event' : 'dead';
      return { kind: 'wrong', expected: `nothing: the record is ${is}`, found: 'a row' };
    }
    return { kind: 'expected', events, index };
  }

  /** As if the sink had not been read yet. */
  forget(bit: number): void {
    for (const { seen } of this.store.partitions.values())
      for (let i = 0; i < seen.length; i++) seen[i] = (seen[i] ?? 0) & ~bit;
  }

  /** The batch that read the offset; undefined if none has. */
  ownerOf({ partition, offset }: Coordinates): number | undefined {
    const events = this.store.partitions.get(partition);
    const ends = this.#ends.get(partition);
    if (ends === undefined || offset < (events?.start ?? 0)) return undefined;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle]?.until ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return ends[low]?.batchId;
  }

  /** Notes that the sink holds the record; false if it did already. */
  mark(events: PartitionEvents, index: number, bit: number): boolean {
    const seen = events.seen[index] ?? 0;
    events.seen[index] = seen | bit;
    return (seen & bit) === 0;
  }

  *#each(wanted: (events: PartitionEvents, index: number) => boolean): Generator<Coordinates> {
    for (const { ranges } of this.#batches.batches) {
      for (const range of ranges) {
        const events = this.store.partitions.get(range.partition);
        if (events === undefined) continue;
        const [from, until] = indexes(events, range);
        for (let i = from; i < until; i++) {
          if (wanted(events, i)) yield { partition: range.partition, offset: events.start + i };
        }
      }
    }
  }
}

/** Reads records of the activity topic again, by coordinates. */
export type RecordLookup = (coordinates: readonly Coordinates[]) => Promise<TopicRecord[]>;

/**
 * Differences whose expected side is only known as a fingerprint. They are kept until the sink is read through; then the records of the first
 * ones are read from the topic again, to say what was expected.
 */
export class PendingDifferences<Found> {
  readonly #first: { readonly coordinates: Coordinates; readonly found: Found }[] = [];
  readonly #check: CheckBuilder;
  readonly #keptMax: number;
  #more = 0;

  constructor(check: CheckBuilder, keptMax: number) {
    this.#check = check;
    this.#keptMax = keptMax;
  }

  add(coordinates: Coordinates, found: Found): void {
    if (this.#first.length < this.#keptMax) this.#first.push({ coordinates, found });
    else this.#more++;
  }

  /** Reports them all; `report` turns one into a difference, with the record if the topic still has it. */
  async resolve(
    lookup: RecordLookup,
    report: (coordinates: Coordinates, found: Found, record: TopicRecord | undefined) => void,
  ): Promise<void> {
    if (this.#first.length === 0) return;
    const records = await lookup(this.#first.map(({ coordinates }) => coordinates));
    for (const { coordinates, found } of this.#first) {
      report(
        coordinates,
        found,
        records.find(({ partition, offset }) => partition === coordinates.partition && offset === coordinates.offset),
      );
    }
    for (let i = 0; i < this.#more; i++) this.#check.difference('different', '');
  }
}

export function coordinatesText(topic: string, { partition, offset }: Coordinates): string {
  return `${topic} partition ${partition} offset ${offset}`;
}

/** The columns in which two rows differ, one side each. A bigint is a time in microseconds. */
export function differingColumns(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): [string, string] {
  const names = Object.keys(expected).filter((name) => expected[name] !== found[name]);
  const print = (row: Readonly<Record<string, unknown>>): string =>
    names
      .map((name) => `${name} ${typeof row[name] === 'bigint' ? formatMicros(row[name] as bigint) : String(row[name])}`)
      .join(', ');
  return [print(expected), print(found)];
}
