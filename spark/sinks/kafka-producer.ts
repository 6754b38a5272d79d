/** Transactions by kafkajs: one producer for each, thrown away after it, since kafkajs cannot recover one whose commit failed. */
import kafkajs from 'kafkajs';
import { createCluster, createRetrier, createTransactionState, type RetryTimes } from '../../config/kafka-cluster.js';
import { KafkaSender } from './kafka-sender.js';
import type { KafkaTransaction } from './ports.js';

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

/** How long a broker that is away is waited for: about half a minute. */
const RETRY: RetryTimes = { initialRetryTime: 50, maxRetryTime: 2_000, retries: 20 };

/** Becomes a new producer, which shuts out older ones of the same transactional id and ends what they left open, and begins its transaction. */
export async function beginTransaction(target: KafkaTarget): Promise<KafkaTransaction> {
  const { transactionalId, markerTopic, markerKey } = target;
  const cluster = createCluster({
    clientId: 'sluice-sink',
    brokers: target.bootstrapServers.split(','),
    connectionTimeout: 1_000,
    retry: RETRY,
  });
  // The answer to a disconnect changes nothing: a commit has been acknowledged before, and a failed transaction is ended by the next producer.
  const close = (): Promise<void> => cluster.disconnect().catch(() => {});
  try {
    await cluster.connect();
    const state = createTransactionState(cluster, { transactionalId, transactionTimeout: TRANSACTION_TIMEOUT_MS });
    await state.initProducerId();
    state.beginTransaction();
    const sender = new KafkaSender(cluster, state, transactionalId, createRetrier(RETRY));
    return {
      send: (records) => sender.send(records),
      sendMarker: (marker) =>
        sender.send([{ topic: markerTopic, message: { key: markerKey, value: JSON.stringify(marker), headers: {} } }]),
      commit: () => state.commit(),
      abort: () => state.abort(),
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
