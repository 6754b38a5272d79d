/**
 * Writes a micro-batch to Kafka exactly once, for readers with `isolation.level=read_committed`: records and a marker "this batch is written"
 * go into one transaction. A crash before the commit leaves nothing visible; after it, the marker tells the next attempt to skip.
 *
 * Each batch opens a new producer with the same transactional id. The broker then ends whatever an older producer left open and refuses anything
 * it still sends, so that when the marker is read the past is decided. A failed producer is thrown away, never used again: kafkajs cannot
 * recover one whose commit failed.
 */

import {
  CompressionTypes,
  Kafka,
  logLevel,
  type Message,
  Partitioners,
  type Producer,
  type TopicMessages,
} from 'kafkajs';
import { kafkaAccess } from '../../config/kafka-access.js';

/** Records sent to a partition leader at once: kafkajs makes one record batch of them, which must stay below the broker's message.max.bytes. */
const SEND_BYTES_MAX = 512 * 1024;

/** Longer than any batch takes, shorter than the broker's `transaction.max.timeout.ms` (15 minutes). */
const TRANSACTION_TIMEOUT_MS = 120_000;

export interface Marker {
  readonly queryId: string;
  readonly batchId: string;
  readonly epoch: string;
  readonly records: number;
}

export interface KafkaBatchTarget {
  readonly bootstrapServers: string;
  readonly transactionalId: string;
  readonly markerTopic: string;
  /** Key of this query's marker in the marker topic. */
  readonly markerKey: string;
}

/** A record on its way to `topic`. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly message: Message;
}

/**
 * Writes `records` and `marker` in one transaction, unless `isWritten` finds the batch's marker in Kafka already. `isWritten` is asked when
 * every older transaction of this id has been decided. Returns the number of records written.
 */
export async function writeKafkaBatch(
  target: KafkaBatchTarget,
  records: AsyncIterable<readonly OutgoingRecord[]>,
  marker: Omit<Marker, 'records'>,
  isWritten: () => Promise<boolean>,
): Promise<number> {
  const kafka = new Kafka({
    clientId: 'sluice-sink',
    brokers: target.bootstrapServers.split(','),
    ...kafkaAccess(),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 2_000, retries: 20 },
  });
  const producer = kafka.producer({
    transactionalId: target.transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    if (await isWritten()) {
      await transaction.abort();
      return 0;
    }
    let written = 0;
    for await (const chunk of records) {
      for (const part of bySize(chunk)) {
        await transaction.sendBatch({ acks: -1, compression: CompressionTypes.None, topicMessages: byTopic(part) });
      }
      written += chunk.length;
    }
    const value = JSON.stringify({ ...marker, records: written } satisfies Marker);
    await transaction.send({ topic: target.markerTopic, acks: -1, messages: [{ key: target.markerKey, value }] });
    await transaction.commit();
    return written;
  } finally {
    await disconnect(producer);
  }
}

/** The answer to a disconnect changes nothing: a commit has been acknowledged before, and a failed transaction is ended by the next producer. */
async function disconnect(producer: Producer): Promise<void> {
  await producer.disconnect().catch(() => {});
}

function* bySize(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let from = 0;
  let bytes = 0;
  for (let i = 0; i < records.length; i++) {
    const size = recordBytes(records[i] as OutgoingRecord);
    if (bytes + size > SEND_BYTES_MAX && i > from) {
      yield records.slice(from, i);
      from = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield records.slice(from);
}

/** Key and value as they are, plus what headers and framing take, roughly. */
function recordBytes({ message }: OutgoingRecord): number {
  return (message.key?.length ?? 0) + (message.value?.length ?? 0) + 128;
}

function byTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, message } of records) {
    const messages = topics.get(topic);
    if (messages === undefined) topics.set(topic, [message]);
    else messages.push(message);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
