/** Whether the source topic is the one that was read so far, and still has what is to be read next. */

import { Kafka, logLevel } from 'kafkajs';
import { kafkaAccess } from '../../../config/kafka-access.js';
import { StartError } from '../start-error.js';
import { knownEnds, nextOffsets, type Progress } from './progress.js';
import { RESET_ALL_QUERIES } from './remedy.js';

export interface TopicFacts {
  /** Kafka's id of the topic. */
  readonly id: string | undefined;
  /** Per partition the first offset that is there, and where the log ends. */
  readonly partitions: ReadonlyMap<string, TopicPartition>;
}

export interface TopicPartition {
  readonly low: bigint;
  readonly high: bigint;
}

/** What each of these topics holds; a topic that does not exist is left out. */
export async function readTopicOffsets(
  bootstrapServers: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, TopicPartition>>> {
  const admin = new Kafka({
    clientId: 'sluice-start-checks',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const found = new Map<string, ReadonlyMap<string, TopicPartition>>();
    for (const topic of topics) {
      if (!existing.has(topic)) continue;
      const offsets = await admin.fetchTopicOffsets(topic);
      found.set(
        topic,
        new Map(offsets.map(({ partition, low, high }) => [`${partition}`, { low: BigInt(low), high: BigInt(high) }])),
      );
    }
    return found;
  } finally {
    await admin.disconnect();
  }
}

/**
 * @param knownId the topic's id when the pipeline first read it; undefined if it was not recorded.
 * @throws StartError `topic`
 */
export function assertTopic(
  topic: string,
  facts: TopicFacts | undefined,
  knownId: string | undefined,
  progress: readonly Progress[],
): void {
  if (facts === undefined) {
    throw new StartError('topic', `Kafka has no topic ${topic}.`, 'Create the topics with `sluice up`.');
  }
  const refuse = (found: string): never => {
    throw new StartError('topic', found, RESET_ALL_QUERIES);
  };
  const hasRead = progress.some((query) => knownEnds(query, topic).size > 0);
  if (hasRead && knownId !== undefined && facts.id !== undefined && facts.id !== knownId) {
    refuse(
      `The topic ${topic} was deleted and created again: it is ${facts.id}, and what was read so far is ${knownId}.`,
    );
  }
  for (const query of progress) {
    for (const [partition, until] of knownEnds(query, topic)) {
      const there = facts.partitions.get(partition);
      if (there === undefined || there.high < BigInt(until)) {
        refuse(
          `${query.query} has read partition ${partition} of ${topic} up to offset ${until}, but the ${there === undefined ? 'partition is gone' : `partition ends at ${there.high}`}: the topic was created again, or has lost records.`,
        );
      }
    }
    for (const [partition, next] of nextOffsets(query, topic)) {
      const low = facts.partitions.get(partition)?.low ?? 0n;
      if (low > BigInt(next)) {
        refuse(
          `${query.query} goes on at offset ${next} of partition ${partition} of ${topic}, but the partition begins at ${low}: ${low - BigInt(next)} offsets were deleted (retention) before they were read.`,
        );
      }
    }
  }
}
