/**
 * Sends records within a transaction: groups them by partition, encodes each group as one record batch and hands every leader its batches in one
 * request. What is not acknowledged is sent again with the same sequence numbers, so that the broker takes it once.
 */
import {
  type Broker,
  type Cluster,
  isStaleMetadata,
  produceExchange,
  type Retrier,
  type TransactionState,
} from '../../config/kafka-cluster.js';
import { partitionOf } from './partition-of.js';
import type { OutgoingRecord } from './ports.js';
import { RecordBatch } from './record-batch.js';

/** How long the broker may wait for its replicas. */
const ACKNOWLEDGE_MS_MAX = 30_000;

interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

export class KafkaSender {
  readonly #cluster: Cluster;
  readonly #state: TransactionState;
  readonly #transactionalId: string;
  readonly #retrier: Retrier;
  readonly #topics = new Set<string>();
  #turn = 0;

  constructor(cluster: Cluster, state: TransactionState, transactionalId: string, retrier: Retrier) {
    this.#cluster = cluster;
    this.#state = state;
    this.#transactionalId = transactionalId;
    this.#retrier = retrier;
  }

  /** Resolves when all replicas have the records. One call at a time. */
  async send(records: readonly OutgoingRecord[]): Promise<void> {
    await this.#retrier((bail) => this.#orRefresh(bail, () => this.#learnTopics(records)));
    const pending = new Set(this.#encode(records));
    await this.#retrier((bail) => this.#orRefresh(bail, () => this.#produce(pending)));
  }

  async #learnTopics(records: readonly OutgoingRecord[]): Promise<void> {
    const unknown = new Set<string>();
    for (const { topic } of records) if (!this.#topics.has(topic)) unknown.add(topic);
    if (unknown.size === 0) return;
    await this.#cluster.addMultipleTargetTopics([...unknown]);
    for (const topic of unknown) this.#topics.add(topic);
  }

  #encode(records: readonly OutgoingRecord[]): PartitionBatch[] {
    const state = this.#state;
    const timestampMs = Date.now();
    const batches = new Map<string, RecordBatch[]>();
    for (const { topic, message } of records) {
      let ofTopic = batches.get(topic);
      if (ofTopic === undefined) {
        ofTopic = this.#cluster.findTopicPartitionMetadata(topic).map(() => new RecordBatch());
        batches.set(topic, ofTopic);
      }
      ofTopic[partitionOf(message.key, ofTopic.length, this.#turn++)]?.add(message);
    }
    const producer = {
      producerId: BigInt(state.getProducerId().toString()),
      producerEpoch: state.getProducerEpoch(),
      timestampMs,
    };
    return [...batches].flatMap(([topic, ofTopic]) =>
      ofTopic.flatMap((batch, partition) => {
        if (batch.count === 0) return [];
        const bytes = batch.encode({ ...producer, baseSequence: state.getSequence(topic, partition) });
        state.updateSequence(topic, partition, batch.count);
        return [{ topic, partition, bytes }];
      }),
    );
  }

  /** Takes out of `pending` what is acknowledged. */
  async #produce(pending: Set<PartitionBatch>): Promise<void> {
    await this.#cluster.refreshMetadataIfNecessary();
    const answers = await Promise.allSettled(
      [...this.#byLeader(pending)].map(async ([nodeId, batches]) => {
        const broker = await this.#cluster.findBroker({ nodeId });
        await this.#state.addPartitionsToTransaction(byTopic(batches));
        await exchange(broker, encodeProduce(this.#transactionalId, batches));
        for (const batch of batches) pending.delete(batch);
      }),
    );
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #byLeader(batches: Iterable<PartitionBatch>): Map<number, PartitionBatch[]> {
    const groups = new Map<number, PartitionBatch[]>();
    for (const batch of batches) {
      const partitions = this.#cluster.findTopicPartitionMetadata(batch.topic);
      const leader = partitions.find(({ partitionId }) => partitionId === batch.partition)?.leader ?? -1;
      const group = groups.get(leader);
      if (group === undefined) groups.set(leader, [batch]);
      else group.push(batch);
    }
    return groups;
  }

  /** What kafkajs itself does about a failed send: asks again who leads what, and gives up at once on what cannot get better. */
  async #orRefresh<T>(bail: (error: unknown) => void, step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (caught) {
      const error = caught as Error & { retriable?: boolean; host?: string; port?: number };
      const { name, host, port } = error;
      if (name === 'KafkaJSConnectionClosedError' && host !== undefined && port !== undefined)
        this.#cluster.removeBroker({ host, port });
      if (!this.#cluster.isConnected()) await this.#cluster.connect();
      else if (error.retriable !== true && !isStaleMetadata(error)) {
        bail(error);
        return undefined;
      }
      await this.#cluster.refreshMetadata();
      throw error;
    }
  }
}

async function exchange(broker: Broker, body: Buffer): Promise<void> {
  try {
    await broker.connectionPool.send(produceExchange(body));
  } catch (error) {
    if ((error as Error).name === 'KafkaJSConnectionClosedError') await broker.disconnect();
    throw error;
  }
}

function byTopic(batches: readonly PartitionBatch[]): { topic: string; partitions: PartitionBatch[] }[] {
  const topics = new Map<string, PartitionBatch[]>();
  for (const batch of batches) topics.set(batch.topic, [...(topics.get(batch.topic) ?? []), batch]);
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

/** transactional_id string · acks i16 · timeout i32 · [topic string · [partition i32 · records bytes]] */
function encodeProduce(transactionalId: string, batches: readonly PartitionBatch[]): Buffer {
  const int16 = (value: number): Buffer => {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return bytes;
  };
  const int32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const string = (text: string): Buffer => Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
  const topics = byTopic(batches);
  return Buffer.concat([
    string(transactionalId),
    int16(-1),
    int32(ACKNOWLEDGE_MS_MAX),
    int32(topics.length),
    ...topics.flatMap(({ topic, partitions }) => [
      string(topic),
      int32(partitions.length),
      ...partitions.flatMap(({ partition, bytes }) => [int32(partition), int32(bytes.length), bytes]),
    ]),
  ]);
}
