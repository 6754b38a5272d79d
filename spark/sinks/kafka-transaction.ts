/**
 * Writes a micro-batch to Kafka exactly once, for readers with `isolation.level=read_committed`: records and a marker "this batch is written"
 * go into one transaction. A crash before the commit leaves nothing visible; after it, the marker tells the next attempt to skip.
 *
 * Three things in this order make older writers harmless. Beginning a transaction opens a new producer under the same transactional id: the
 * broker ends whatever an older producer left open and refuses all it still sends. *Then* the fence is asked: whoever passes has begun before any
 * successor will, so that the successor shuts it out; whoever woke up late does not pass. *Then* the marker is read, with the past decided and
 * nobody else writing, so what a worker remembers of its own last marker stays true.
 */
import type { Clock, KafkaTransaction, Marker, OutgoingRecord, TransactionalTopics } from './ports.js';
import { assertFew, isolateRefused, type Refusal, RefusalCount } from './refusal.js';
import { SinkError } from './sink-error.js';

/** Records sent to a partition leader at once: kafkajs makes one record batch of them, which must stay below the broker's message.max.bytes. */
const SEND_BYTES_MAX = 512 * 1024;

/** The client itself retries for about half a minute; these are for what it gives up on, such as a broker that was restarted. */
const RETRY = { attemptsMax: 4, waitMsFirst: 250, waitFactor: 4 } as const;

/** The query's last marker as this worker knows it: `undefined` before it has asked and after any doubt, `none` when there is no marker. */
export interface MarkerMemory {
  lastMarker: Marker | 'none' | undefined;
}

export interface KafkaBatch {
  readonly queryId: string;
  readonly batchId: bigint;
  readonly epoch: string;
  /** Records in the batch, all told. */
  readonly rows: bigint;
  readonly records: () => AsyncIterable<readonly OutgoingRecord[]>;
  /** Awaited before the commit; when it rejects, nothing is committed. */
  readonly readyToCommit: () => Promise<void>;
  /** How many records Kafka may refuse before the batch fails. */
  readonly refusedMax: number;
}

/** Records that the broker would not take. */
class PartRefused extends Error {
  readonly part: readonly OutgoingRecord[];

  constructor(part: readonly OutgoingRecord[], why: string, cause: unknown) {
    super(why, { cause });
    this.part = part;
  }
}

/** Writes the batch and its marker in one transaction, unless its marker is in Kafka already. Returns the marker that is there afterwards. */
export async function writeKafkaBatch(
  topics: TransactionalTopics,
  batch: KafkaBatch,
  memory: MarkerMemory,
  assertOwnTurn: () => Promise<void>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Marker> {
  const refused = new Map<string, Refusal>();
  const refusals = new RefusalCount();
  let sendBytesMax = SEND_BYTES_MAX;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      const marker = await attemptBatch(refused, sendBytesMax);
      memory.lastMarker = marker;
      return marker;
    } catch (error) {
      // The transaction may have been committed all the same: ask Kafka, not memory.
      memory.lastMarker = undefined;
      if (error instanceof PartRefused) {
        if (!refusals.isLast(error.message)) continue;
        const found = await isolate(error.part);
        // None is refused alone: it was their number that was too large.
        if (found.size === 0 && error.part.length === 1) throw error.cause;
        if (found.size === 0) sendBytesMax = Math.floor(partBytes(error.part) / 2);
        for (const [record, refusal] of found) refused.set(record, refusal);
        assertFew(refused.size, batch.refusedMax, error.message);
        attempt = 0;
        continue;
      }
      if (attempt >= RETRY.attemptsMax || !topics.isRetried(error)) throw error;
      const waitMs = RETRY.waitMsFirst * RETRY.waitFactor ** (attempt - 1);
      console.warn(`Kafka: ${(error as Error).message}; attempt ${attempt + 1} in ${waitMs} ms`);
      await clock.delay(waitMs, signal);
    }
  }

  async function attemptBatch(without: ReadonlyMap<string, Refusal>, bytesMax: number): Promise<Marker> {
    const transaction = await topics.begin();
    try {
      await assertOwnTurn();
      const last = memory.lastMarker ?? (await topics.lastMarker()) ?? 'none';
      if (last !== 'none' && last.queryId === batch.queryId && BigInt(last.batchId) >= batch.batchId) {
        await transaction.abort();
        assertSame(last, batch);
        return last;
      }
      const marker = await writeAll(transaction, without, bytesMax);
      await batch.readyToCommit();
      await transaction.commit();
      return marker;
    } finally {
      await transaction.close();
    }
  }

  async function writeAll(
    transaction: KafkaTransaction,
    without: ReadonlyMap<string, Refusal>,
    bytesMax: number,
  ): Promise<Marker> {
    let written = 0;
    for await (const chunk of batch.records()) {
      const taken = without.size === 0 ? chunk : chunk.filter((record) => !without.has(coordinatesOf(record)));
      for (const part of bySize(taken, bytesMax)) await send(transaction, part);
      written += taken.length;
    }
    const { queryId, epoch } = batch;
    const marker = { queryId, batchId: String(batch.batchId), epoch, records: written, refused: [...without.values()] };
    await transaction.sendMarker(marker);
    return marker;
  }

  async function send(transaction: KafkaTransaction, part: readonly OutgoingRecord[]): Promise<void> {
    try {
      await transaction.send(part);
    } catch (error) {
      const why = topics.refusalOf(error);
      throw why === undefined ? error : new PartRefused(part, why, error);
    }
  }

  /** Tries halves of a refused part, each in a transaction that is thrown away. */
  async function isolate(part: readonly OutgoingRecord[]): Promise<Map<string, Refusal>> {
    const found = await isolateRefused(part.length, batch.refusedMax, async (from, until) => {
      const transaction = await topics.begin();
      try {
        await assertOwnTurn();
        await transaction.send(part.slice(from, until));
        await transaction.abort();
        return undefined;
      } catch (error) {
        const why = topics.refusalOf(error);
        if (why === undefined) throw error;
        return why;
      } finally {
        await transaction.close();
      }
    });
    return new Map(
      found.map(({ index, why }) => {
        const what = coordinatesOf(part[index] as OutgoingRecord);
        return [what, { what, why }];
      }),
    );
  }
}

/** A batch that comes again must be the same. If it is not, Kafka has one version and the other sinks would get another. */
function assertSame(marker: Marker, { batchId, rows }: KafkaBatch): void {
  if (BigInt(marker.batchId) !== batchId || BigInt(marker.records + marker.refused.length) === rows) return;
  throw new SinkError(
    'target',
    `Batch ${batchId} came again with ${rows} records, but Kafka has it with ${marker.records} (and ${marker.refused.length} refused): ` +
      'the source has changed under the checkpoint. Run `sluice verify` to see what is affected.',
  );
}

/** Where in the source a record comes from, as JSON. */
function coordinatesOf({ topic, message: { headers } }: OutgoingRecord): string {
  const { source_topic, source_partition, source_offset } = headers;
  return JSON.stringify({ topic, source_topic, source_partition, source_offset });
}

/** @internal exported for its test */
export function* bySize(records: readonly OutgoingRecord[], bytesMax: number): Generator<readonly OutgoingRecord[]> {
  let from = 0;
  let bytes = 0;
  for (let i = 0; i < records.length; i++) {
    const size = recordBytes(records[i] as OutgoingRecord);
    if (bytes + size > bytesMax && i > from) {
      yield records.slice(from, i);
      from = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield records.slice(from);
}

function partBytes(records: readonly OutgoingRecord[]): number {
  return records.reduce((sum, record) => sum + recordBytes(record), 0);
}

/** Key and value as they are, plus what headers and framing take, roughly. */
function recordBytes({ message }: OutgoingRecord): number {
  return (message.key?.length ?? 0) + (message.value?.length ?? 0) + 128;
}
