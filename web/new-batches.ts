/** What one reader of the events has not been sent yet: micro-batches do not change, and hours of them need not travel with every snapshot. */
import type { BatchPoint, Snapshot } from './snapshot.js';

export class NewBatches {
  #sent: ReadonlySet<string> = new Set();

  /** The snapshot with those batches only that none before had. The first has all. */
  of(snapshot: Snapshot): Snapshot {
    const batches = snapshot.batches.filter((batch) => !this.#sent.has(nameOf(batch)));
    // What has left the snapshot does not come back.
    this.#sent = new Set(snapshot.batches.map(nameOf));
    return { ...snapshot, batches };
  }
}

/** A query that was reset begins again at batch 0, at another time. */
function nameOf({ query, batchId, startedAt }: BatchPoint): string {
  return `${query} ${batchId} ${startedAt}`;
}
