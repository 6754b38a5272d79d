/** Sending again after a failure: the same bytes, and only what is not acknowledged. The brokers are made up; each loses or refuses what it is told to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Broker,
  type Cluster,
  createRetrier,
  type Exchange,
  type PartitionMetadata,
  type TransactionState,
} from '../../../../config/kafka-cluster.js';
import { KafkaSender } from '../../../../spark/sinks/kafka-sender.js';
import { partitionOf } from '../../../../spark/sinks/partition-of.js';
import type { OutgoingRecord } from '../../../../spark/sinks/ports.js';

const QUICK = { retries: 5, initialRetryTime: 1, maxRetryTime: 2 };
/** Of the batch's first record in its partition; RecordBatch has its place. */
const BASE_SEQUENCE_AT = 53;
const COUNT_AT = 57;

interface Sent {
  readonly node: number;
  /** The partitions that belonged to the transaction by then. */
  readonly joined: readonly string[];
  readonly body: Buffer;
}

/** What a broker answers to its next requests, in order: an error, or undefined for an acknowledgement. */
type Answers = (Error | undefined)[];

class World {
  readonly sent: Sent[] = [];
  readonly added: string[] = [];
  readonly #sequences = new Map<string, number>();
  leaders: number[];
  refreshes = 0;
  /** Who leads from the next look on. */
  leadersNext: number[] | undefined;
  readonly answers = new Map<number, Answers>();

  constructor(leaders: number[]) {
    this.leaders = leaders;
  }

  sender(): KafkaSender {
    return new KafkaSender(this.#cluster(), this.#state(), 'tx', createRetrier(QUICK));
  }

  #cluster(): Cluster {
    const unused = async (): Promise<void> => {};
    return {
      connect: unused,
      disconnect: unused,
      isConnected: () => true,
      refreshMetadata: async () => {
        this.refreshes++;
        this.leaders = this.leadersNext ?? this.leaders;
      },
      refreshMetadataIfNecessary: unused,
      addTargetTopic: unused,
      addMultipleTargetTopics: unused,
      removeBroker: () => {},
      findTopicPartitionMetadata: (): PartitionMetadata[] =>
        this.leaders.map((leader, partitionId) => ({ partitionId, leader })),
      findBroker: async ({ nodeId }) => this.#broker(nodeId),
    };
  }

  #broker(nodeId: number): Broker {
    return {
      nodeId,
      disconnect: async () => {},
      listOffsets: () => Promise.reject(new Error('nobody asks')),
      connectionPool: {
        send: async ({ request }: Exchange) => {
          this.sent.push({ node: nodeId, joined: [...this.added], body: Buffer.from((await request.encode()).buffer) });
          const error = this.answers.get(nodeId)?.shift();
          if (error !== undefined) throw error;
          return undefined;
        },
      },
    };
  }

  #state(): TransactionState {
    const unused = async (): Promise<void> => {};
    const key = (topic: string, partition: number): string => `${topic} ${partition}`;
    return {
      initProducerId: unused,
      commit: unused,
      abort: unused,
      beginTransaction: () => {},
      getProducerId: () => 9n,
      getProducerEpoch: () => 0,
      getSequence: (topic, partition) => this.#sequences.get(key(topic, partition)) ?? 0,
      updateSequence: (topic, partition, count) =>
        void this.#sequences.set(key(topic, partition), (this.#sequences.get(key(topic, partition)) ?? 0) + count),
      addPartitionsToTransaction: async (topics) => {
        for (const { topic, partitions } of topics) this.added.push(...partitions.map((p) => key(topic, p.partition)));
      },
    };
  }
}

function kafkaError(retriable: boolean, type: string): Error {
  return Object.assign(new Error(type), { name: 'KafkaJSProtocolError', retriable, type });
}

/** A record for partition 0 or 1 of two. */
function recordFor(partition: number, value: string): OutgoingRecord {
  for (let n = 0; ; n++) {
    const key = `${n}`;
    if (partitionOf(key, 2, 0) === partition) return { topic: 't', message: { key, value, headers: {} } };
  }
}

/** Base sequence and number of records of the one batch in a request. */
function batchIn({ body }: Sent): readonly [sequence: number, count: number] {
  // transactional_id, acks, timeout, one topic with its name, one partition with its number, and the length of the records.
  const at = 2 + 'tx'.length + 2 + 4 + 4 + (2 + 't'.length) + 4 + 4 + 4;
  return [body.readInt32BE(at + BASE_SEQUENCE_AT), body.readInt32BE(at + COUNT_AT)];
}

test('sequence numbers go on from request to request, partition by partition', async () => {
  const world = new World([1, 2]);
  const sender = world.sender();
  await sender.send([recordFor(0, 'a'), recordFor(0, 'b'), recordFor(1, 'c')]);
  await sender.send([recordFor(0, 'd'), recordFor(1, 'e')]);
  const byNode = (node: number) => world.sent.filter((sent) => sent.node === node).map(batchIn);
  assert.deepEqual(byNode(1), [
    [0, 2],
    [2, 1],
  ]);
  assert.deepEqual(byNode(2), [
    [0, 1],
    [1, 1],
  ]);
});

test('what was not acknowledged is sent again byte for byte, and nothing else', async () => {
  const world = new World([1, 2]);
  world.answers.set(2, [kafkaError(true, 'REQUEST_TIMED_OUT'), kafkaError(true, 'NOT_LEADER_FOR_PARTITION')]);
  await world.sender().send([recordFor(0, 'a'), recordFor(1, 'b')]);
  assert.deepEqual(
    world.sent.map(({ node }) => node),
    [1, 2, 2, 2],
  );
  const [, first, second, third] = world.sent;
  assert.ok(first && second && third);
  assert.equal(Buffer.compare(first.body, second.body), 0);
  assert.equal(Buffer.compare(first.body, third.body), 0);
  assert.equal(world.refreshes, 2);
});

test('a partition that has another leader meanwhile is sent there', async () => {
  const world = new World([1, 1]);
  world.answers.set(1, [kafkaError(true, 'NOT_LEADER_FOR_PARTITION')]);
  world.leadersNext = [3, 3];
  await world.sender().send([recordFor(0, 'a')]);
  assert.deepEqual(
    world.sent.map(({ node }) => node),
    [1, 3],
  );
});

test('what cannot get better is told at once, as Kafka said it', async () => {
  const world = new World([1, 1]);
  const refused = kafkaError(false, 'MESSAGE_TOO_LARGE');
  world.answers.set(1, [refused]);
  await assert.rejects(world.sender().send([recordFor(0, 'a')]), refused);
  assert.equal(world.sent.length, 1);
});

test('a broker that stays away is given up after as many tries as are allowed', async () => {
  const world = new World([1, 1]);
  world.answers.set(1, Array<Error>(20).fill(kafkaError(true, 'LEADER_NOT_AVAILABLE')));
  await assert.rejects(world.sender().send([recordFor(0, 'a')]), /LEADER_NOT_AVAILABLE/);
  assert.equal(world.sent.length, QUICK.retries + 1);
});

test('a partition joins the transaction before anything is sent to it', async () => {
  const world = new World([1, 2]);
  await world.sender().send([recordFor(0, 'a'), recordFor(1, 'b')]);
  for (const { node, joined } of world.sent) assert.ok(joined.includes(`t ${node - 1}`), `${node}: ${joined}`);
  assert.equal(world.sent.length, 2);
});
