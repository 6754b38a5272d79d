/**
 * The way of an events micro-batch: lake, then Kafka, then the ledger, which says that it is complete. Records travel to Kafka while the lake is
 * written, and their transaction is committed when the lake has the batch. Each step is harmless when repeated, so a crash between two of them
 * costs a repetition and nothing else; and each asks for the turn at a moment that makes an older writer harmless.
 */
import { type MarkerMemory, writeKafkaBatch } from './kafka-transaction.js';
import { publishStaged } from './lake.js';
import type { EventsPorts } from './ports.js';
import type { Refusal } from './refusal.js';
import type { QueryParams } from './sink.js';
import { inTransaction } from './transaction.js';
import { assertTurn, batchKey, inTurn, isDelivered, keptWhile } from './turn.js';

/** What one worker process remembers from batch to batch. */
export interface EventsWorker extends MarkerMemory {
  hasSwept: boolean;
}

export async function deliverEvents(
  ports: EventsPorts,
  params: Pick<QueryParams, 'pipeline' | 'query' | 'epoch' | 'poisonRowsMax'>,
  batchId: bigint,
  worker: EventsWorker,
  signal?: AbortSignal,
): Promise<void> {
  const { batch, lake, kafka } = ports;
  const { epoch } = params;
  const key = await batchKey(params, ports.checkpoint, batchId);
  const assertOwnTurn = (): Promise<void> => assertTurn(ports, key.pipeline, epoch, signal);
  const isIn = await isDelivered(ports, key, epoch, signal);
  if (!worker.hasSwept) {
    await lake?.sweep();
    worker.hasSwept = true;
  }
  if (isIn) {
    await batch.runToNoop();
    return;
  }

  // One materialised batch feeds every sink: reading Kafka again for each would cost time and could, after retention, give other rows.
  await keptWhile(batch, async () => {
    const { rows, dead, outgoing } = await batch.count();
    const published =
      lake !== undefined && rows > dead
        ? publishStaged(lake, rows - dead, key.queryId, (move) => inTurn(ports, key.pipeline, epoch, move, signal))
        : Promise.resolve();
    const refused = await bothEnded(published, outgoing > 0n ? writeToKafka(outgoing, published) : []);
    const offsets = await ports.checkpoint.offsets(batchId);
    await inTransaction(
      ports,
      async (session) => {
        // The fence first: whoever has passed it is waited for by a take-over, so that no older writer can hold the batch's place in the ledger.
        await session.assertEpoch(key.pipeline, epoch);
        const isEntered = await session.enterLedger({ ...key, epoch, offsets, rows, dead });
        if (isEntered && refused.length > 0) await session.enterRefusals(key, refused);
        return { commit: isEntered, value: undefined };
      },
      signal,
    );
  });

  async function writeToKafka(rows: bigint, published: Promise<void>): Promise<readonly Refusal[]> {
    if (kafka.kind === 'at-least-once') {
      await published;
      await assertOwnTurn();
      await kafka.write();
      return [];
    }
    const { queryId } = key;
    const target = {
      queryId,
      batchId,
      epoch,
      rows,
      records: () => batch.records(),
      readyToCommit: () => published,
      refusedMax: params.poisonRowsMax,
    };
    const marker = await writeKafkaBatch(kafka.topics, target, worker, assertOwnTurn, ports.clock, signal);
    return marker.refused;
  }
}

/** What `second` gives. A failure of one waits until the other has ended too: nothing may go on writing when the batch is given up. */
async function bothEnded<T>(first: Promise<void>, second: T | Promise<T>): Promise<T> {
  const [one, two] = await Promise.allSettled([first, second]);
  if (one.status === 'rejected') throw one.reason;
  if (two.status === 'rejected') throw two.reason;
  return two.value;
}
