/** Topics of a test's own, and what a careful reader of them sees. */
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import type { SparkSession } from '../../../spark/connect/index.js';
import { required } from './micro-batch.js';

export interface SeenRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Creates topics `<name>_<random>`, one partition each, that are gone after the file's tests. The names, in the order asked. */
export async function createTopics(...names: readonly string[]): Promise<string[]> {
  const admin = new Kafka({
    brokers: required('KAFKA_BOOTSTRAP_SERVERS').split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  const topics = names.map((name) => `${name}_${randomUUID().slice(0, 8)}`);
  await admin.connect();
  after(async () => {
    await admin.deleteTopics({ topics });
    await admin.disconnect();
  });
  // Kafka's own default; the broker of the stack takes more.
  const configEntries = [{ name: 'max.message.bytes', value: '1048588' }];
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({ topic, numPartitions: 1, configEntries })),
  });
  return topics;
}

/** All records in order, read by Spark; aborted ones and those of open transactions only if `isolation` is `read_uncommitted`. */
export async function readTopic(
  spark: SparkSession,
  topic: string,
  isolation: 'read_committed' | 'read_uncommitted' = 'read_committed',
): Promise<SeenRecord[]> {
  const rows = (await spark.read
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': required('KAFKA_BOOTSTRAP_SERVERS'),
      subscribe: topic,
      includeHeaders: 'true',
      'kafka.isolation.level': isolation,
    })
    .load()
    .orderBy('offset')
    .collect()) as {
    key: Uint8Array | null;
    value: Uint8Array | null;
    headers: { key: string; value: Uint8Array }[] | null;
  }[];
  const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());
  return rows.map(({ key, value, headers }) => ({
    topic,
    key: text(key),
    value: text(value),
    headers: Object.fromEntries((headers ?? []).map((header) => [header.key, String(text(header.value))])),
  }));
}
