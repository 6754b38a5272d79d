// Streams from and to the sources and sinks that ship with Spark, by every trigger.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import {
  col,
  count,
  type DataFrame,
  from_json,
  type KafkaRow,
  lit,
  long,
  notNull,
  session_window,
  string,
  struct,
  Trigger,
  timestamp,
  to_json,
} from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const spark = await openSession();
await spark.conf.set('spark.sql.shuffle.partitions', '2');

const folder = await mkdtemp(join(tmpdir(), 'sluice-streams-'));
after(() => rm(folder, { recursive: true, force: true }));

const brokers = { 'kafka.bootstrap.servers': process.env.KAFKA_BOOTSTRAP_SERVERS ?? '127.0.0.1:9092' };
const admin = new Kafka({ brokers: [brokers['kafka.bootstrap.servers']], logLevel: logLevel.NOTHING }).admin();
await admin.connect();
after(() => admin.disconnect());

const END_MS = 60_000;
const checkpoint = () => join(folder, `checkpoint-${randomUUID()}`);

/** A topic of this test's own with these values. */
async function topicOf(name: string, values: readonly object[]): Promise<string> {
  const topic = `frame-${name}-${randomUUID()}`;
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  after(() => admin.deleteTopics({ topics: [topic] }));
  const rows = values.map((value) => ({ value: JSON.stringify(value) }));
  if (rows.length > 0) {
    await spark
      .createDataFrame(rows, struct({ value: string() }))
      .write.format('kafka')
      .options({ ...brokers, topic })
      .save();
  }
  return topic;
}

function records(topic: string, options: Readonly<Record<string, number>> = {}): DataFrame<KafkaRow> {
  return spark.readStream
    .format('kafka')
    .options({ ...brokers, subscribe: topic, startingOffsets: 'earliest', ...options })
    .load();
}

test('availableNow reads a topic to its end in batches of the limit, and ends', async () => {
  const topic = await topicOf('limit', [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }]);
  const name = `q_${randomUUID().replaceAll('-', '_')}`;
  const query = await records(topic, { maxOffsetsPerTrigger: 2 })
    .select(from_json(col('value').cast('string'), struct({ id: long() })).as('event'))
    .select('event.id')
    .writeStream.format('memory')
    .queryName(name)
    .trigger(Trigger.availableNow())
    .option('checkpointLocation', checkpoint())
    .start();
  assert.equal(await query.awaitTermination(END_MS), true);
  const progress = await query.recentProgress();
  assert.deepEqual(
    progress.map((batch) => batch.numInputRows),
    [2, 2, 1],
  );
  const rows = await spark.table<{ id: bigint }>(name).orderBy('id').collect();
  assert.deepEqual(
    rows.map((row) => row.id),
    [1n, 2n, 3n, 4n, 5n],
  );
});

test('a session closes when the watermark has passed its end', async () => {
  const events = ['00:00:00', '00:04:00', '01:00:00'].map((time) => ({ user: 'ann', time: `2026-01-01T${time}Z` }));
  const topic = await topicOf('sessions', events);
  const name = `q_${randomUUID().replaceAll('-', '_')}`;
  const query = await records(topic)
    .select(from_json(col('value').cast('string'), struct({ user: notNull(string()), time: timestamp() })).as('e'))
    .select('e.*')
    .withWatermark('time', '1 minute')
    .groupBy(col('user'), session_window('time', '5 minutes'))
    .agg(count('*').as('events'))
    .select('user', 'events')
    .writeStream.format('memory')
    .queryName(name)
    .outputMode('append')
    .trigger(Trigger.availableNow())
    .option('checkpointLocation', checkpoint())
    .start();
  assert.equal(await query.awaitTermination(END_MS), true);
  assert.deepEqual(await spark.table(name).collect(), [{ user: 'ann', events: 2n }]);
});

test('files become a stream, and a stream files of their partitions and a table', async () => {
  const source = join(folder, 'source');
  const files = join(folder, 'files');
  await spark
    .range(6)
    .withColumn('kind', col('id').mod(lit(2n)))
    .write.parquet(source);
  const stream = spark.readStream.schema(struct({ id: long(), kind: long() })).parquet(source);
  const toFiles = await stream.writeStream
    .format('parquet')
    .partitionBy('kind')
    .trigger(Trigger.once())
    .option('checkpointLocation', checkpoint())
    .start(files);
  assert.equal(await toFiles.awaitTermination(END_MS), true);
  assert.deepEqual((await readdir(files)).filter((name) => name.startsWith('kind=')).sort(), ['kind=0', 'kind=1']);

  const table = `t_${randomUUID().replaceAll('-', '_')}`;
  const toTable = await stream.writeStream
    .trigger(Trigger.availableNow())
    .option('checkpointLocation', checkpoint())
    .option('path', join(folder, table))
    .toTable(table);
  try {
    assert.equal(await toTable.awaitTermination(END_MS), true);
    assert.equal(await spark.table(table).count(), 6n);
  } finally {
    await spark.sql(`DROP TABLE IF EXISTS ${table}`).collect();
  }
});

test('in real time a record comes out long before its batch has ended', async () => {
  const input = await topicOf('in', [{ id: 1 }]);
  const output = await topicOf('out', []);
  const query = await records(input)
    .select('key', 'value')
    .writeStream.format('kafka')
    .options({ ...brokers, topic: output })
    .outputMode('update')
    .trigger(Trigger.realTime('5 minutes'))
    .option('checkpointLocation', checkpoint())
    .start();
  try {
    const written = spark.read
      .format('kafka')
      .options({ ...brokers, subscribe: output })
      .load();
    const deadline = Date.now() + END_MS;
    while ((await written.count()) === 0n) {
      assert.ok(Date.now() < deadline, 'nothing came out');
      assert.equal(await query.awaitTermination(200), false);
    }
    assert.equal((await query.recentProgress()).length, 0);
  } finally {
    await query.stop();
  }
});

test('a continuous query runs until it is stopped', async () => {
  const query = await spark.readStream
    .format('rate')
    .load()
    .select(to_json(struct('value')).as('value'))
    .writeStream.format('noop')
    .trigger(Trigger.continuous('1 second'))
    .option('checkpointLocation', checkpoint())
    .start();
  assert.equal(await query.isActive(), true);
  await query.stop();
  assert.equal(await query.isActive(), false);
});
