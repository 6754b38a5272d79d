/** Transactions by kafkajs: one producer for each, thrown away after it, since kafkajs cannot recover one whose commit failed. */
import kafkajs, { CompressionTypes, Kafka, logLevel, type Message, Partitioners, type TopicMessages } from 'kafkajs';
import { kafkaAccess } from '../../config/kafka-access.js';
import type { KafkaTransaction, OutgoingRecord } from './ports.js';

/**
 * Longer than any batch takes, shorter than the broker's `transaction.max.timeout.ms` (15 minutes): a batch that is slower than this would be
 * aborted by the broker again and again. The next producer ends an open transaction at once, it does not wait for this.
 */
const TRANSACTION_TIMEOUT_MS = 600_000;

/** Kafka's answers to a record that it will never take. */
const REFUSED = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP']);

export interface KafkaTarget {
  readonly bootstrapServers: string;
  readonly transactionalId: string;
  readonly markerTopic: string;
  /** Key of this query's marker in the marker topic. */
  readonly markerKey: string;
}

/** Opens a producer, which shuts out older ones of the same transactional id and ends what they left open, and begins its transaction. */
export async function beginTransaction(target: KafkaTarget): Promise<KafkaTransaction> {
  const producer = new Kafka({
    clientId: 'sluice-sink',
    brokers: target.bootstrapServers.split(','),
    ...kafkaAccess(),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 2_000, retries: 20 },
  }).producer({
    transactionalId: target.transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  // The answer to a disconnect changes nothing: a commit has been acknowledged before, and a failed transaction is ended by the next producer.
  const close = (): Promise<void> => producer.disconnect().catch(() => {});
  try {
    await producer.connect();
    const transaction = await producer.transaction();
    return {
      send: async (records) => {
        const topicMessages = byTopic(records);
        await transaction.sendBatch({ acks: -1, compression: CompressionTypes.None, topicMessages });
      },
      sendMarker: async (marker) => {
        const messages = [{ key: target.markerKey, value: JSON.stringify(marker) }];
        await transaction.send({ topic: target.markerTopic, acks: -1, messages });
      },
      commit: () => transaction.commit(),
      abort: () => transaction.abort(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Kafka's word for why it refuses the records as such; undefined for any other failure. */
export function kafkaRefusalOf(error: unknown): string | undefined {
  for (
    let at = error as { type?: unknown; message?: string; cause?: unknown } | undefined, depth = 0;
    at && depth < 5;
  ) {
    if (typeof at.type === 'string' && REFUSED.has(at.type)) return `${at.type}: ${at.message}`;
    at = at.cause as typeof at;
    depth++;
  }
  return undefined;
}

/** Everything of Kafka's but a lack of rights: also "fenced", since the fence in Postgres decides whether that was meant for us. */
export function isRetriedKafkaError(error: unknown): boolean {
  if (!(error instanceof kafkajs.KafkaJSError)) return false;
  return !/AUTHORIZATION_FAILED|AUTHENTICATION|SASL/.test(
    `${error.name} ${(error as { type?: string }).type ?? ''}`.toUpperCase(),
  );
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
