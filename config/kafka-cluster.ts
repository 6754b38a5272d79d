/**
 * Brokers below kafkajs's public API, for what that does not offer: fetching partitions without a consumer group (verify/kafka), and sending
 * records that are encoded already (spark/sinks). kafkajs has the parts for both, connections with TLS and a login, metadata, transactions; they
 * are taken from inside the package, whose version is pinned exactly, and here only.
 */
import { Kafka, type KafkaConfig, type Logger, logLevel } from 'kafkajs';
import ClusterClass from 'kafkajs/src/cluster/index.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import createEosManager from 'kafkajs/src/producer/eosManager/index.js';
import { staleMetadata } from 'kafkajs/src/protocol/error.js';
import fetchDefinition from 'kafkajs/src/protocol/requests/fetch/index.js';
import produceResponse from 'kafkajs/src/protocol/requests/produce/v7/response.js';
import createRetry from 'kafkajs/src/retry/index.js';
import { kafkaAccess } from './kafka-access.js';

export interface ResponseDecoder {
  decode(payload: Buffer): Promise<unknown>;
  parse(data: unknown): Promise<unknown>;
}

export interface Request {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  readonly expectResponse?: () => boolean;
  /** The body behind kafkajs's request header, in its first bytes up to `offset`: what kafkajs asks of its own Encoder. */
  readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
}

export interface Exchange {
  readonly request: Request;
  readonly response: ResponseDecoder;
  readonly requestTimeout?: number;
}

export interface Broker {
  readonly nodeId: number;
  readonly connectionPool: { send(exchange: Exchange): Promise<unknown> };
  disconnect(): Promise<void>;
  listOffsets(request: OffsetsRequest): Promise<OffsetsResponse>;
}

export interface OffsetsRequest {
  readonly isolationLevel: number;
  readonly topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[];
}

export interface OffsetsResponse {
  readonly responses: { readonly partitions: { readonly partition: number; readonly offset: string }[] }[];
}

export interface PartitionMetadata {
  readonly partitionId: number;
  /** Node id of the broker that leads it; negative while there is none. */
  readonly leader: number;
}

export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[];
  findBroker(broker: { readonly nodeId: number }): Promise<Broker>;
  removeBroker(address: { readonly host: string; readonly port: number }): void;
}

/** A producer's identity with the transaction coordinator, and the sequence numbers of what it has sent. */
export interface TransactionState {
  initProducerId(): Promise<void>;
  /** kafkajs keeps it as its own Long, which prints as a number. */
  getProducerId(): { toString(): string };
  getProducerEpoch(): number;
  getSequence(topic: string, partition: number): number;
  updateSequence(topic: string, partition: number, count: number): void;
  beginTransaction(): void;
  addPartitionsToTransaction(
    topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number }[] }[],
  ): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

export interface RetryTimes {
  readonly retries: number;
  readonly initialRetryTime: number;
  readonly maxRetryTime: number;
}

/** Runs `attempt` until it succeeds, calls `bail`, or the number of retries is used up. */
export type Retrier = <T>(attempt: (bail: (error: unknown) => void) => Promise<T>) => Promise<T>;

export interface ClusterOptions {
  readonly clientId: string;
  readonly brokers: readonly string[];
  readonly connectionTimeout?: number;
  readonly retry: RetryTimes;
}

/** Version 11 (Kafka 2.3, KIP-392) is kafkajs's last; Kafka 4 still answers everything from version 4 on. */
const FETCH_VERSION = 11;
const READ_COMMITTED = 1;

/** Not connected yet. Asking for a topic does not create it. */
export function createCluster({ clientId, brokers, retry, connectionTimeout = 5_000 }: ClusterOptions): Cluster {
  const config: KafkaConfig = {
    clientId,
    brokers: [...brokers],
    ...kafkaAccess(),
    connectionTimeout,
    logLevel: logLevel.NOTHING,
  };
  return new ClusterClass({
    ...config,
    logger: silentLogger(config),
    socketFactory: createSocketFactory(),
    retry,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: READ_COMMITTED,
  }) as Cluster;
}

export function createTransactionState(
  cluster: Cluster,
  options: { readonly transactionalId: string; readonly transactionTimeout: number },
): TransactionState {
  return createEosManager({
    logger: silentLogger({ brokers: [] }),
    cluster,
    transactional: true,
    ...options,
  }) as TransactionState;
}

export function createRetrier(times: RetryTimes): Retrier {
  return createRetry({ ...times }) as Retrier;
}

/** Whether asking again who leads what may help. */
export function isStaleMetadata(error: unknown): boolean {
  return staleMetadata(error);
}

/** A Fetch request; `response` takes the place of kafkajs's decoder. */
export function fetchExchange(
  request: Readonly<Record<string, unknown>>,
  response: ResponseDecoder,
): Exchange & { readonly requestTimeout: number } {
  const exchange = fetchDefinition.protocol({ version: FETCH_VERSION })({
    isolationLevel: READ_COMMITTED,
    ...request,
  }) as Exchange;
  return { ...exchange, response, requestTimeout: 30_000 };
}

/** A Produce request, version 7, whose body is encoded already. Its answer is checked by kafkajs: an error code of a partition is thrown. */
export function produceExchange(body: Buffer): Exchange {
  return {
    request: {
      apiKey: 0,
      apiVersion: 7,
      apiName: 'Produce',
      expectResponse: () => true,
      encode: async () => ({ buf: body, buffer: body }),
    },
    response: produceResponse as ResponseDecoder,
  };
}

function silentLogger(config: KafkaConfig): Logger {
  return new Kafka({ ...config, logLevel: logLevel.NOTHING }).logger();
}
