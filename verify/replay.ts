/** Plays the records of a query's batches to a simulation, batch by batch, as Spark read them. */
import type { QueryName } from '../config/names.js';
import type { Batch, QueryBatches } from './batches.js';
import { type Check, CheckBuilder } from './compare.js';
import type { EventStore, PartitionEvents } from './event-store.js';
import { formatMicros } from './event-time.js';
import type { LateRow } from './late-row.js';
import { indexes, isRelevant } from './watermarks.js';

/** A query, simulated. `event` is called for each event that the query works on, then `endBatch`, which says how many rows the batch delivers. */
export interface Simulation {
  event(events: PartitionEvents, index: number, batch: Batch): void;
  endBatch(batch: Batch): number | Promise<number>;
  /** After the last batch: whatever is still open. */
  finish(): void | Promise<void>;
}

/** Plays all batches; compares the number of rows that each delivers with what the ledger recorded. */
export async function replay(
  query: QueryBatches<QueryName>,
  store: EventStore,
  simulation: Simulation,
  signal?: AbortSignal,
): Promise<Check> {
  const check = new CheckBuilder(
    `${query.query}.batches`,
    `the number of rows that each batch of ${query.query} delivered, as the ledger has it`,
  );
  for (const batch of query.batches) {
    signal?.throwIfAborted();
    for (const range of batch.ranges) {
      const events = store.partitions.get(range.partition);
      if (events === undefined) continue;
      const [from, until] = indexes(events, range);
      for (let i = from; i < until; i++) if (isRelevant(query.query, events, i)) simulation.event(events, i, batch);
    }
    const rows = await simulation.endBatch(batch);
    check.count(1, 1);
    if (rows !== batch.rows)
      check.difference('different', `${query.query} batch ${batch.id}, rows`, String(rows), String(batch.rows));
  }
  await simulation.finish();
  return check.finish({ emptyHolds: false });
}

/** The latest ones: of a stream they are what somebody may still look into. */
const LATE_SAMPLES_MAX = 10;

export class LateRows {
  /** Rows that Spark drops: (event, window) pairs. */
  pairs = 0;
  /** Events all of whose windows were closed. */
  events = 0;
  readonly samples: LateRow[] = [];

  add(events: PartitionEvents, index: number, batch: Batch, windowEnd: bigint): void {
    this.pairs++;
    if (this.samples.length >= LATE_SAMPLES_MAX) this.samples.shift();
    this.samples.push({
      partition: events.partition,
      offset: events.start + index,
      batchId: batch.id,
      eventTime: formatMicros(events.time[index] ?? 0n),
      windowEnd: formatMicros(windowEnd),
      watermark: formatMicros(BigInt(batch.lateWatermarkMs ?? 0) * 1000n),
    });
  }
}
