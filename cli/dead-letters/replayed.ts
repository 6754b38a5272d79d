// Which dead letters have been sent again: records of a compacted topic, written in the same transaction as what was sent. The source topic's id is
// part of the key, as a topic that was deleted and made anew has other records under the same offsets. Results can be reset and computed again
// without this being lost: the same record is then dead again, and has still been replayed.
import kafkajs from 'kafkajs';
import { kafkaAccess } from '../../config/kafka-access.js';
import { readTopic } from '../../verify/read-topic.js';
import type { SourcePlace } from './read.js';

const SETTLE_MS_MAX = 10_000;

/** Named after the topic of the sinks' markers, so that two installations on one Kafka keep apart. */
export function replayedTopic(commitsTopic: string): string {
  return `${commitsTopic}_replayed`;
}

export function replayedKey(topicId: string, { topic, partition, offset }: SourcePlace): string {
  return JSON.stringify([topic, topicId, partition, offset]);
}

/** The keys of all that was replayed; none when there is no such topic yet. @throws VerifyError `kafka` */
export async function readReplayed(
  bootstrapServers: string,
  topic: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  await readTopic(
    bootstrapServers,
    topic,
    (records) => {
      for (const { key } of records) if (key !== null) keys.add(key.toString());
    },
    { signal, settleMsMax: SETTLE_MS_MAX },
  );
  return keys;
}

/** Makes the topic if it is missing: one partition, nothing in it ever expires. */
export async function ensureReplayedTopic(bootstrapServers: string, topic: string): Promise<void> {
  const admin = new kafkajs.Kafka({
    clientId: 'sluice-replay',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    if ((await admin.listTopics()).includes(topic)) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: 1, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] }],
    });
  } finally {
    await admin.disconnect();
  }
}
