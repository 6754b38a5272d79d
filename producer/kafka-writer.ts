// The only file here that knows kafkajs: how it is set up for our guarantees, and its errors in words.

import {
  type Admin,
  type ICustomPartitioner,
  Kafka,
  logLevel,
  Partitioners,
  type Producer,
  type RetryOptions,
} from 'kafkajs';
import { kafkaAccess } from '../config/kafka-access.js';
import type { SimulatedMessage } from './disorder.js';
import { ProduceError } from './produce-error.js';
import type { ProduceSettings } from './settings.js';

const CONNECT_MS_MAX = 3_000;
/** Finding the cluster: a person waits for the answer, so give up after about 2 s of refusals. */
const LOOK_RETRY = { retries: 3, initialRetryTime: 200, maxRetryTime: 1_000 } as const;
/**
 * Sending: a restarting broker is waited for, about 20 s in all. The first wait is short because each transaction's first request is usually told to
 * come back (CONCURRENT_TRANSACTIONS: the broker is still finishing the one before).
 */
const SEND_RETRY = { retries: 10, initialRetryTime: 20, maxRetryTime: 5_000 } as const;
/** Keys whose partition is remembered; hashing one costs kafkajs more than encoding its message. */
const REMEMBERED_KEYS_MAX = 200_000;

export interface KafkaWriter {
  /** Resolves when all replicas have all messages (and, if transactional, the transaction is committed). Not to be called twice at once. */
  write(messages: readonly SimulatedMessage[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects an idempotent or transactional producer.
 * @throws ProduceError of kind `unreachable` or `topic`, within about 10 s.
 */
export async function openKafkaWriter(settings: ProduceSettings): Promise<KafkaWriter> {
  await assertTopic(createKafka(settings, LOOK_RETRY).admin(), settings);

  const producer = createKafka(settings, SEND_RETRY).producer({
    idempotent: true,
    // With more than one request under way kafkajs' idempotence does not keep the order when one fails.
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: rememberingPartitioner,
    ...(settings.transactional ? { transactionalId: settings.transactionalId } : {}),
  });
  try {
    await producer.connect();
  } catch (error) {
    await closeQuietly(producer);
    throw toProduceError(error, settings);
  }
  return {
    async write(messages) {
      try {
        if (settings.transactional) await writeInTransaction(producer, settings.topic, messages);
        else await writeTo(producer, settings.topic, messages);
      } catch (error) {
        throw toProduceError(error, settings);
      }
    },
    close: () => closeQuietly(producer),
  };
}

/** The retries are given to the client: connections and transactions go by these, whatever the producer or admin made from it says. */
function createKafka(settings: ProduceSettings, retry: RetryOptions): Kafka {
  return new Kafka({
    clientId: 'sluice-producer',
    brokers: [...settings.brokers],
    ...kafkaAccess(),
    connectionTimeout: CONNECT_MS_MAX,
    retry,
    // Its log repeats what its errors say.
    logLevel: logLevel.NOTHING,
  });
}

async function writeInTransaction(
  producer: Producer,
  topic: string,
  messages: readonly SimulatedMessage[],
): Promise<void> {
  const transaction = await producer.transaction();
  try {
    await writeTo(transaction, topic, messages);
    await transaction.commit();
  } catch (error) {
    // Whatever abort() says, the first error is the one to report; the broker aborts by itself when the transaction times out.
    await transaction.abort().catch(() => undefined);
    throw error;
  }
}

async function writeTo(
  to: Pick<Producer, 'send'>,
  topic: string,
  messages: readonly SimulatedMessage[],
): Promise<void> {
  await to.send({ topic, acks: -1, messages: messages.map(({ key, value }) => ({ key, value })) });
}

async function assertTopic(admin: Admin, settings: ProduceSettings): Promise<void> {
  try {
    await admin.connect();
    // Asking for the one topic would create it on a broker that creates topics on its own.
    const topics = await admin.listTopics();
    if (!topics.includes(settings.topic)) throw unknownTopic(settings);
  } catch (error) {
    throw toProduceError(error, settings);
  } finally {
    await closeQuietly(admin);
  }
}

/** kafkajs' own partitioner (murmur2, as in Java's client), with the answers for the keys so far kept. */
const rememberingPartitioner: ICustomPartitioner = () => {
  const partition = Partitioners.DefaultPartitioner();
  let partitionCount = 0;
  const known = new Map<string, number>();
  return (args) => {
    const { key } = args.message;
    if (typeof key !== 'string') return partition(args);
    if (args.partitionMetadata.length !== partitionCount || known.size >= REMEMBERED_KEYS_MAX) {
      partitionCount = args.partitionMetadata.length;
      known.clear();
    }
    let found = known.get(key);
    if (found === undefined) {
      found = partition(args);
      known.set(key, found);
    }
    return found;
  };
};

function toProduceError(error: unknown, settings: ProduceSettings): ProduceError {
  if (error instanceof ProduceError) return error;
  const { name, type, message } = innermost(error);
  const where = settings.brokers.join(', ');
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return unknownTopic(settings, error);
  if (type === 'PRODUCER_FENCED' || type === 'INVALID_PRODUCER_EPOCH' || type === 'INVALID_PRODUCER_ID_MAPPING') {
    return new ProduceError(
      'fenced',
      `Another producer has taken over the transactional id "${settings.transactionalId}". Give each its own (--transactional-id).`,
      { cause: error },
    );
  }
  if (type !== undefined) {
    return new ProduceError(
      'topic',
      `Kafka at ${where} refused the messages for ${settings.topic}: ${message} (${type}).`,
      {
        cause: error,
      },
    );
  }
  return new ProduceError(
    'unreachable',
    `Kafka at ${where} does not answer: ${message || name}. Start it with \`sluice up\`, or set KAFKA_BOOTSTRAP_SERVERS.`,
    { cause: error },
  );
}

function unknownTopic(settings: ProduceSettings, cause?: unknown): ProduceError {
  return new ProduceError(
    'topic',
    `Kafka at ${settings.brokers.join(', ')} has no topic ${settings.topic}. \`sluice up\` and \`sluice run\` create it; or name another (--topic).`,
    { cause },
  );
}

/** kafkajs wraps an error in "number of retries exceeded" and the like; what counts is inside. `type` is the broker's error code, if it was the broker's. */
function innermost(error: unknown): { name: string; type?: string; message: string } {
  let found = error;
  for (let depth = 0; depth < 8; depth++) {
    const cause: unknown = found instanceof Error ? found.cause : undefined;
    if (!(cause instanceof Error)) break;
    found = cause;
  }
  if (!(found instanceof Error)) return { name: 'Error', message: String(found) };
  const type = 'type' in found && typeof found.type === 'string' ? found.type : undefined;
  return { name: found.name, message: found.message.trim(), ...(type === undefined ? {} : { type }) };
}

/** Ends a client whose work is done or has failed already: an error here would hide the one that matters. */
async function closeQuietly(client: { disconnect(): Promise<void> }): Promise<void> {
  await client.disconnect().catch(() => undefined);
}
