/**
 * Reads partitions of a topic without a consumer group: nothing to join, to commit or to clean up, and the position is our own.
 *
 * kafkajs offers no such thing, but all its parts (config/kafka-cluster.ts); the response is decoded by record-batch.ts.
 */
import { type Cluster, createCluster, fetchExchange, type ResponseDecoder } from '../../config/kafka-cluster.js';
import { VerifyError } from '../verify-error.js';
import { type AbortedTransaction, decodeRecords, type TopicRecord } from './record-batch.js';

const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
/** The timestamps by which ListOffsets knows the ends of a log. */
const EARLIEST = -2;
const LATEST = -1;
/** How long a broker may hold a fetch when there is nothing to hand out yet. */
const FETCH_WAIT_MS_MAX = 500;

export interface FetchPosition {
  readonly partition: number;
  readonly offset: number;
  readonly endOffset: number;
}

export interface FetchedPartition {
  readonly partition: number;
  /** Kafka's error code; 0 is none. */
  readonly errorCode: number;
  readonly records: readonly TopicRecord[];
  readonly nextOffset: number;
}

export interface PartitionBounds {
  readonly partition: number;
  /** First offset that the partition still holds. */
  readonly start: number;
  /** The last stable offset: everything below it is decided, committed or aborted. */
  readonly end: number;
  /** Where the log ends; above `end` while a transaction is open. */
  readonly highWatermark: number;
}

/** A partition is moving to another broker: passes by itself. */
export class NoLeaderError extends Error {
  override readonly name = 'NoLeaderError';
}

export class FetchClient implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #topic: string;
  readonly #bootstrapServers: string;

  private constructor(cluster: Cluster, topic: string, bootstrapServers: string) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#bootstrapServers = bootstrapServers;
  }

  /** Connects; undefined if the topic does not exist. @throws VerifyError `kafka` if no broker answers. */
  static async open(bootstrapServers: string, topic: string): Promise<FetchClient | undefined> {
    const cluster = createCluster({
      clientId: 'sluice-verify',
      brokers: bootstrapServers.split(',').map((server) => server.trim()),
      retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 2_000 },
    });
    const client = new FetchClient(cluster, topic, bootstrapServers);
    try {
      await cluster.connect();
      await cluster.addTargetTopic(topic);
      return client;
    } catch (error) {
      await client.close();
      if ((error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
      throw client.#unreachable(error);
    }
  }

  /** What every partition holds now, in order of the partitions. @throws VerifyError `kafka` if it cannot be asked */
  async bounds(): Promise<PartitionBounds[]> {
    try {
      const starts = await this.#listOffsets(EARLIEST, READ_COMMITTED);
      const highWatermarks = await this.#listOffsets(LATEST, READ_UNCOMMITTED);
      const ends = await this.#listOffsets(LATEST, READ_COMMITTED);
      return [...starts]
        .map(([partition, start]) => ({
          partition,
          start,
          end: ends.get(partition) ?? start,
          highWatermark: highWatermarks.get(partition) ?? start,
        }))
        .sort((a, b) => a.partition - b.partition);
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  /** Groups positions by the broker that leads their partitions. @throws NoLeaderError while a partition has none */
  leaders(positions: readonly FetchPosition[]): Map<number, FetchPosition[]> {
    return this.#byLeader(positions, ({ partition }) => partition);
  }

  /** One Fetch request to one broker. The order of `positions` is kept: the first partition with data is always served. */
  async fetch(nodeId: number, positions: readonly FetchPosition[], bytesMax: number): Promise<FetchedPartition[]> {
    const broker = await this.#cluster.findBroker({ nodeId });
    const wanted = new Map(positions.map((position) => [position.partition, position]));
    const response: ResponseDecoder = {
      decode: async (payload) => ({
        clientSideThrottleTime: payload.readInt32BE(0),
        partitions: decode(payload, wanted),
      }),
      parse: async (data) => (data as { partitions: FetchedPartition[] }).partitions,
    };
    const exchange = fetchExchange(
      {
        maxWaitTime: FETCH_WAIT_MS_MAX,
        minBytes: 1,
        maxBytes: bytesMax,
        topics: [
          {
            topic: this.#topic,
            partitions: positions.map(({ partition, offset }) => ({
              partition,
              fetchOffset: String(offset),
              maxBytes: bytesMax,
            })),
          },
        ],
      },
      response,
    );
    return (await broker.connectionPool.send(exchange)) as FetchedPartition[];
  }

  /** Asks again who leads what, after an error that says it has changed. */
  async refresh(): Promise<void> {
    await this.#cluster.refreshMetadata();
  }

  /** Closes the connections; safe to call twice. */
  async close(): Promise<void> {
    await this.#cluster.disconnect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #listOffsets(timestamp: number, isolationLevel: number): Promise<Map<number, number>> {
    const topic = this.#topic;
    const partitions = this.#cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
    const offsets = new Map<number, number>();
    for (const [nodeId, ofBroker] of this.#byLeader(partitions, (partition) => partition)) {
      const broker = await this.#cluster.findBroker({ nodeId });
      const { responses } = await broker.listOffsets({
        isolationLevel,
        topics: [{ topic, partitions: ofBroker.map((partition) => ({ partition, timestamp })) }],
      });
      for (const { partition, offset } of responses.flatMap((response) => response.partitions)) {
        offsets.set(partition, Number(offset));
      }
    }
    return offsets;
  }

  /** @throws VerifyError if a partition has no leader right now. */
  #byLeader<T>(items: readonly T[], partitionOf: (item: T) => number): Map<number, T[]> {
    const metadata = this.#cluster.findTopicPartitionMetadata(this.#topic);
    const leaderOf = new Map(metadata.map(({ partitionId, leader }) => [partitionId, leader]));
    const groups = new Map<number, T[]>();
    for (const item of items) {
      const leader = leaderOf.get(partitionOf(item)) ?? -1;
      if (leader < 0) throw new NoLeaderError(`Partition ${partitionOf(item)} of ${this.#topic} has no leader.`);
      groups.set(leader, [...(groups.get(leader) ?? []), item]);
    }
    return groups;
  }

  #unreachable(cause: unknown): VerifyError {
    return new VerifyError(
      'kafka',
      `Kafka at ${this.#bootstrapServers} could not be read: ${(cause as Error).message}. Start it with \`sluice up\`, or set KAFKA_BOOTSTRAP_SERVERS.`,
      { cause },
    );
  }
}

/** A response that does not decode will not decode the second time either: not to be taken for a connection error, which is retried. */
function decode(payload: Buffer, wanted: ReadonlyMap<number, FetchPosition>): FetchedPartition[] {
  try {
    return decodeResponse(payload, wanted);
  } catch (cause) {
    if (cause instanceof VerifyError) throw cause;
    throw new VerifyError('kafka', `A fetched response could not be decoded: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Fetch response, version 11: throttle_ms i32 · error i16 · session i32 · [topic string · [partition i32 · error i16 · high_watermark i64 ·
 * last_stable i64 · log_start i64 · [producer_id i64 · first_offset i64] · preferred_replica i32 · records bytes]]
 */
function decodeResponse(payload: Buffer, wanted: ReadonlyMap<number, FetchPosition>): FetchedPartition[] {
  // Behind throttle_ms.
  let at = 4;
  const advance = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  const int16 = (): number => payload.readInt16BE(advance(2));
  const int32 = (): number => payload.readInt32BE(advance(4));
  const int64 = (): bigint => payload.readBigInt64BE(advance(8));

  const errorCode = int16();
  if (errorCode !== 0) throw new VerifyError('kafka', `Kafka refused a fetch with error ${errorCode}.`);
  int32();
  const partitions: FetchedPartition[] = [];
  for (let topics = int32(); topics > 0; topics--) {
    advance(int16());
    for (let count = int32(); count > 0; count--) {
      const partition = int32();
      const errorCode = int16();
      int64();
      int64();
      int64();
      const aborted: AbortedTransaction[] = [];
      for (let left = int32(); left > 0; left--) aborted.push({ producerId: int64(), firstOffset: Number(int64()) });
      int32();
      const length = Math.max(0, int32());
      const records = payload.subarray(at, at + length);
      at += length;
      const position = wanted.get(partition);
      if (position === undefined) continue;
      partitions.push({
        partition,
        errorCode,
        ...decodeRecords(records, partition, position.offset, position.endOffset, aborted),
      });
    }
  }
  return partitions;
}
