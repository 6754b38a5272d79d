/** The topics of the pipeline: made if they are missing, looked at if they are there. For any Kafka, not only the one started here. */
import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import { kafkaAccess } from '../config/kafka-access.js';
import type { TopicSettings } from '../config/settings.js';
import { StackError } from './stack-error.js';

const ANSWER_MS_MAX = 10_000;

/** As the broker has it: in a cluster that keeps three copies of everything, three. */
const BROKER_DEFAULT = -1;

const MIB = 1024 ** 2;

const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

export interface TopicState {
  readonly topic: string;
  readonly partitions: number;
  readonly isCreated: boolean;
}

interface TopicWish {
  readonly topic: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

function wishes(topics: TopicSettings, further: readonly string[]): readonly TopicWish[] {
  const { partitions } = topics;
  return [
    { topic: topics.activity, partitions, config: { 'max.message.bytes': `${4 * MIB}` } },
    { topic: topics.enriched, partitions, config: {} },
    // A dead letter is the record as it was, and headers: the largest one must still fit.
    { topic: topics.deadLetter, partitions, config: { 'max.message.bytes': `${8 * MIB}` } },
    // The last marker of each query is all that counts, and it must never expire.
    { topic: topics.commits, partitions: 1, config: { 'cleanup.policy': 'compact' } },
    ...further.map((topic) => ({ topic, partitions, config: { 'max.message.bytes': `${8 * MIB}` } })),
  ];
}

/**
 * Creates the topics that are missing, `further` ones being those of a pipeline of one's own. Existing ones are left as they are: a number of partitions other than TOPIC_PARTITIONS is answered,
 * not changed, since adding partitions would send a user's later events elsewhere than the earlier ones. Any number of callers may do so at once.
 * @throws StackError `unreachable`; `mismatch` if the marker topic cannot do its job: more than one partition, or not compacted.
 */
export async function ensureTopics(
  bootstrapServers: string,
  topics: TopicSettings,
  further: readonly string[] = [],
): Promise<readonly TopicState[]> {
  const client = new kafkajs.Kafka({
    clientId: 'sluice-topics',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    connectionTimeout: 3000,
    requestTimeout: ANSWER_MS_MAX,
    retry: { retries: 2, initialRetryTime: 200 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = client.admin();

  try {
    await connect(admin, bootstrapServers);
    const wished = wishes(topics, further);
    const before = new Set(await admin.listTopics());
    const missing = wished.filter(({ topic }) => !before.has(topic));
    if (missing.length > 0) {
      // Answers false, without an error, for topics that another caller has created meanwhile.
      await admin.createTopics({
        waitForLeaders: false,
        timeout: ANSWER_MS_MAX,
        topics: missing.map(({ topic, partitions, config }) => ({
          topic,
          numPartitions: partitions,
          replicationFactor: BROKER_DEFAULT,
          configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
        })),
      });
    }
    const found = await describeTopics(
      admin,
      wished.map(({ topic }) => topic),
    );
    const states = found.map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions.length,
      isCreated: !before.has(name),
    }));
    await checkCommits(admin, topics.commits, states);
    return states;
  } finally {
    await admin.disconnect();
  }
}

async function connect(admin: Admin, bootstrapServers: string): Promise<void> {
  try {
    await admin.connect();
  } catch (error) {
    throw new StackError(
      'unreachable',
      `Kafka at ${bootstrapServers} does not answer (${(error as Error).message}). Start it with \`sluice up\`, or set KAFKA_BOOTSTRAP_SERVERS.`,
      { cause: error },
    );
  }
}

/**
 * A broker hears of a new topic a moment after the controller has made it, and leads it a moment later still. Until then it says that it does not
 * know the topic, or names a leader that refuses to be one; so each partition is also asked for its offsets.
 */
async function describeTopics(admin: Admin, topics: string[]): Promise<ITopicMetadata[]> {
  for (const deadline = Date.now() + ANSWER_MS_MAX; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    try {
      const found = (await admin.fetchTopicMetadata({ topics })).topics;
      if (found.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) {
        for (const topic of topics) await admin.fetchTopicOffsets(topic);
        return found;
      }
    } catch (error) {
      if (!isNotYet(error)) throw error;
      if (Date.now() >= deadline) throw error;
    }
    if (Date.now() >= deadline) throw new StackError('unreachable', `Kafka has no leader for ${topics.join(', ')} yet`);
  }
}

/** kafkajs wraps what it has tried several times. */
function isNotYet(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return NOT_YET.has(type ?? '') || (cause !== undefined && isNotYet(cause));
}

async function checkCommits(admin: Admin, topic: string, states: readonly TopicState[]): Promise<void> {
  const partitions = states.find((state) => state.topic === topic)?.partitions;
  if (partitions !== 1) {
    throw new StackError(
      'mismatch',
      `topic ${topic} has ${partitions ?? 'no'} partitions, but must have 1; choose another TOPIC_COMMITS`,
    );
  }
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy'] }],
  });
  const policy = resources[0]?.configEntries.find((entry) => entry.configName === 'cleanup.policy')?.configValue ?? '';
  if (policy !== 'compact') {
    throw new StackError(
      'mismatch',
      `topic ${topic} has cleanup.policy=${policy}: its markers would expire. Set it to compact, or choose another TOPIC_COMMITS`,
    );
  }
}
