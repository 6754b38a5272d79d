/** Whether a query's ledger and its checkpoint tell the same story. Each can be restored, deleted or moved without the other. */
import type { ClientBase } from 'pg';
import type { EndOffsets, OffsetRanges } from '../../sinks/offset-log.js';
import { StartError } from '../start-error.js';
import type { Checkpoint } from './checkpoint.js';
import { resetQuery } from './remedy.js';

/** The last batch of a query in the ledger, per checkpoint that it has had. */
export interface LedgerEnd {
  readonly queryId: string;
  readonly batchId: bigint;
  readonly offsets: OffsetRanges;
  /** Over all batches. */
  readonly rows: bigint;
  readonly dead: bigint;
}

/** What is known of a query when ledger and checkpoint agree. */
export interface Progress {
  readonly query: string;
  /** Undefined before the first batch. */
  readonly ledger: LedgerEnd | undefined;
  readonly checkpoint: Checkpoint | undefined;
}

export async function readLedgerEnds(client: ClientBase, pipeline: string, query: string): Promise<LedgerEnd[]> {
  const { rows } = await client.query<{
    query_id: string;
    batch_id: string;
    offsets: OffsetRanges;
    rows: string;
    dead: string;
  }>(
    `SELECT DISTINCT ON (query_id) query_id, batch_id, offsets,
            sum(rows) OVER of_query AS rows, sum(dead) OVER of_query AS dead
     FROM sluice.ledger WHERE pipeline = $1 AND query = $2
     WINDOW of_query AS (PARTITION BY query_id)
     ORDER BY query_id, batch_id DESC`,
    [pipeline, query],
  );
  return rows.map((row) => ({
    queryId: row.query_id,
    batchId: BigInt(row.batch_id),
    offsets: row.offsets,
    rows: BigInt(row.rows),
    dead: BigInt(row.dead),
  }));
}

/**
 * Spark plans a batch (offset log), the handler writes it (ledger), Spark finishes it (commit log). So the ledger ends with the batch that Spark
 * finished last, or with the one that it has planned after that.
 * @throws StartError `checkpoint`
 */
export function assertProgress(
  query: string,
  ledger: readonly LedgerEnd[],
  checkpoint: Checkpoint | undefined,
): Progress {
  const refuse = (found: string): never => {
    throw new StartError('checkpoint', found, resetQuery(query));
  };
  // On a file system of the cluster's: the ledger's keys still guard it, since another checkpoint has another query id.
  if (checkpoint === undefined) return { query, ledger: ledger.at(-1), checkpoint };
  const other = ledger.find(({ queryId }) => queryId !== checkpoint.queryId);
  if (other !== undefined) {
    const found =
      checkpoint.queryId === null ? 'its checkpoint is gone' : `the checkpoint is another one (${checkpoint.queryId})`;
    refuse(`The ledger has batches of ${query} up to ${other.batchId} from checkpoint ${other.queryId}, but ${found}.`);
  }
  const { lastCommit, planned } = checkpoint;
  const last = ledger[0];
  const lastBatch = last?.batchId ?? -1n;
  if (lastBatch < lastCommit) {
    refuse(
      `The checkpoint of ${query} has committed batch ${lastCommit}, the ledger ends with ${lastBatch < 0n ? 'nothing' : lastBatch}: the database was restored from an older backup, or the ledger was emptied.`,
    );
  }
  if (lastBatch > lastCommit + 1n) {
    refuse(
      `The ledger of ${query} ends with batch ${lastBatch}, the checkpoint has committed ${lastCommit < 0n ? 'nothing' : lastCommit}: the checkpoint was restored from an older backup.`,
    );
  }
  if (last !== undefined && planned?.batchId === lastBatch && !endsAgree(last.offsets, planned.ends)) {
    refuse(
      `Batch ${lastBatch} of ${query} ends at ${JSON.stringify(endsOf(last.offsets))} in the ledger, and at ${JSON.stringify(planned.ends)} in the checkpoint: one of them was restored.`,
    );
  }
  if (lastBatch > lastCommit && planned?.batchId !== lastBatch) {
    // Spark would plan this batch anew, with more records, and the ledger would have it skipped as already written.
    refuse(
      `The ledger has batch ${lastBatch} of ${query}, which the checkpoint has not planned yet: the checkpoint was restored from an older backup.`,
    );
  }
  return { query, ledger: last, checkpoint };
}

/** Per partition of `topic` the offset at which Spark goes on reading; nothing before the first batch. */
export function nextOffsets({ ledger, checkpoint }: Progress, topic: string): ReadonlyMap<string, number> {
  const next = new Map<string, number>();
  const isRunAgain = ledger !== undefined && checkpoint !== undefined && ledger.batchId > checkpoint.lastCommit;
  for (const [partition, [from, until]] of Object.entries(ledger?.offsets[topic] ?? {})) {
    next.set(partition, isRunAgain ? from : until);
  }
  return next;
}

/** Per partition the offset up to which a batch was planned: the topic must have had that many records. */
export function knownEnds({ ledger, checkpoint }: Progress, topic: string): ReadonlyMap<string, number> {
  const ends = new Map(Object.entries(endsOf(ledger?.offsets ?? {})[topic] ?? {}));
  for (const [partition, until] of Object.entries(checkpoint?.planned?.ends[topic] ?? {})) {
    ends.set(partition, Math.max(until, ends.get(partition) ?? 0));
  }
  return ends;
}

function endsOf(ranges: OffsetRanges): EndOffsets {
  return Object.fromEntries(
    Object.entries(ranges).map(([topic, partitions]) => [
      topic,
      Object.fromEntries(Object.entries(partitions).map(([partition, [, until]]) => [partition, until])),
    ]),
  );
}

function endsAgree(ranges: OffsetRanges, ends: EndOffsets): boolean {
  const ofLedger = endsOf(ranges);
  const topics = new Set([...Object.keys(ofLedger), ...Object.keys(ends)]);
  return [...topics].every((topic) => {
    const partitions = new Set([...Object.keys(ofLedger[topic] ?? {}), ...Object.keys(ends[topic] ?? {})]);
    return [...partitions].every((partition) => ofLedger[topic]?.[partition] === ends[topic]?.[partition]);
  });
}
