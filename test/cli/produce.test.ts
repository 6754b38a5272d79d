// The producer as a command, on a real broker (KAFKA_BOOTSTRAP_SERVERS, as the test stack sets it).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import kafkajs from 'kafkajs';
import { parseVariable } from '../../config/variables.js';
import { type ProduceSummary, simulate } from '../../producer/index.js';
import { sluice, startSluice, temporaryFolder } from './run-sluice.js';

const brokers = parseVariable('KAFKA_BOOTSTRAP_SERVERS', process.env.KAFKA_BOOTSTRAP_SERVERS);
assert.ok(brokers, 'KAFKA_BOOTSTRAP_SERVERS is not set: run these tests by `npm test`');
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });

async function temporaryTopic(t: Cleanup): Promise<string> {
  const topic = `cli_produce_${randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
  t.after(async () => {
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });
  return topic;
}

interface StoredRecord {
  readonly partition: number;
  readonly key: string;
  readonly value: string | null;
}

interface Cleanup {
  after(clean: () => Promise<void>): void;
}

/** What a reader of committed records sees, until `isAll` says that it is enough. */
async function readUntil(
  t: Cleanup,
  topic: string,
  isAll: (records: readonly StoredRecord[]) => boolean,
): Promise<StoredRecord[]> {
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, readUncommitted: false });
  t.after(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const records: StoredRecord[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        async eachBatch({ batch: { partition, messages } }) {
          for (const { key, value } of messages) {
            records.push({ partition, key: String(key), value: value === null ? null : value.toString('latin1') });
          }
          if (isAll(records)) resolve();
        },
      })
      .catch(reject);
  });
  return records;
}

function readAll(t: Cleanup, topic: string, count: number): Promise<StoredRecord[]> {
  return readUntil(t, topic, (records) => records.length >= count);
}

test('what is produced is in the topic, by the summary on stdout, and each user keeps to one partition', async (t) => {
  const topic = await temporaryTopic(t);
  const result = await sluice(
    [
      'produce',
      '--topic',
      topic,
      '--bootstrap-servers',
      brokers,
      '--count',
      '5000',
      '--late-share',
      '2%',
      '--malformed-share',
      '1%',
      '--json',
    ],
    { cwd: temporaryFolder(t) },
  );
  assert.equal(result.exitCode, 0, result.stderr);
  const summary = JSON.parse(result.stdout) as ProduceSummary;
  assert.deepEqual([summary.sent, summary.valid, summary.late, summary.malformed], [5_000, 4_950, 100, 50]);
  assert.equal(
    Object.values(summary.malformedByKind).reduce((sum, count) => sum + count, 0),
    50,
  );

  const records = await readAll(t, topic, 5_000);
  const partitionOf = new Map<string, number>();
  for (const { key, partition } of records) {
    assert.equal(partitionOf.get(key) ?? partition, partition, key);
    partitionOf.set(key, partition);
  }
  assert.equal(records.filter(({ value }) => value === null).length, summary.malformedByKind.null_value ?? 0);
  assert.equal(new Set(partitionOf.values()).size, 3);
});

test('the same seed and event time give the same records in the same order', async (t) => {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const cwd = temporaryFolder(t);
  const contents: string[] = [];
  for (let turn = 0; turn < 2; turn++) {
    const topic = await temporaryTopic(t);
    const args = [
      '--topic',
      topic,
      '--bootstrap-servers',
      brokers,
      '--count',
      '2000',
      '--seed',
      '42',
      '--event-time-from',
      from,
      '-q',
    ];
    const { exitCode, stdout, stderr } = await sluice(['produce', ...args], { cwd });
    assert.deepEqual([exitCode, stdout, stderr], [0, '', '']);
    const records = await readAll(t, topic, 2_000);
    contents.push(
      [0, 1, 2].map((of) => JSON.stringify(records.filter(({ partition }) => partition === of))).join('\n'),
    );
  }
  assert.equal(contents[0], contents[1]);
});

test('Ctrl-C ends it with a summary of what was sent, all of it committed, and 130', async (t) => {
  const topic = await temporaryTopic(t);
  const { child, result } = startSluice(
    [
      'produce',
      '--topic',
      topic,
      '--bootstrap-servers',
      brokers,
      '--rate',
      '500',
      '--transactional',
      '--transactional-id',
      topic,
      '--json',
    ],
    { cwd: temporaryFolder(t) },
  );
  t.after(async () => void child.kill('SIGKILL'));
  // The first line of progress comes after the first transaction.
  await once(child.stderr as NodeJS.ReadableStream, 'data');
  child.kill('SIGINT');
  const { exitCode, stdout, stderr } = await result;
  assert.equal(exitCode, 130, stderr);
  const summary = JSON.parse(stdout) as ProduceSummary;
  assert.ok(summary.sent > 0 && summary.aborted);
  assert.equal(summary.unacknowledged, 0);
  assert.equal((await readAll(t, topic, summary.sent)).length, summary.sent);
});

test('a topic that does not exist is refused, and not created', async (t) => {
  const topic = `cli_missing_${randomUUID()}`;
  const { exitCode, stderr } = await sluice(
    ['produce', '--count', '1', '--topic', topic, '--bootstrap-servers', brokers],
    {
      cwd: temporaryFolder(t),
    },
  );
  assert.equal(exitCode, 3);
  assert.match(stderr, new RegExp(`has no topic ${topic}`));
  const admin = kafka.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  assert.ok(!(await admin.listTopics()).includes(topic));
});

test('a second producer with the same transactional id fences the first, which says so', async (t) => {
  const topic = await temporaryTopic(t);
  const cwd = temporaryFolder(t);
  const args = [
    'produce',
    '--topic',
    topic,
    '--bootstrap-servers',
    brokers,
    '--transactional',
    '--transactional-id',
    topic,
    '-q',
  ];
  const first = startSluice([...args, '--rate', '200'], { cwd });
  t.after(async () => void first.child.kill('SIGKILL'));
  await readAll(t, topic, 1);
  assert.equal((await sluice([...args, '--count', '10'], { cwd })).exitCode, 0);
  const { exitCode, stderr } = await first.result;
  assert.equal(exitCode, 1);
  assert.match(stderr, new RegExp(`Another producer has taken over the transactional id "${topic}"`));
});

test('a transactional producer that is killed leaves a beginning of its events, each once, and nothing half done', async (t) => {
  const topic = await temporaryTopic(t);
  const cwd = temporaryFolder(t);
  const eventTimeFrom = new Date(Date.now() - 3_600_000).toISOString();
  const common = [
    'produce',
    '--topic',
    topic,
    '--bootstrap-servers',
    brokers,
    '--transactional',
    '--transactional-id',
    topic,
  ];
  const killed = startSluice(
    [
      ...common,
      '--count',
      '400000',
      '--seed',
      '3',
      '--users',
      '500',
      '--event-time-from',
      eventTimeFrom,
      '--late-share',
      '2%',
      '--malformed-share',
      '0',
    ],
    { cwd },
  );
  // Its first progress: by then many transactions are through, and one is under way.
  await once(killed.child.stderr as NodeJS.ReadableStream, 'data');
  killed.child.kill('SIGKILL');
  assert.equal((await killed.result).exitCode, undefined);

  // The next one with its id rolls back what it left open; its own events mark the end of every partition.
  const markers = [
    ...common,
    '--count',
    '500',
    '--event-time-from',
    '2001-01-01T00:00:00Z',
    '--late-share',
    '0',
    '--malformed-share',
    '0',
    '-q',
  ];
  assert.equal((await sluice(markers, { cwd })).exitCode, 0);
  const isMarker = ({ value }: StoredRecord) => value?.startsWith('{"event_time":"2001-') === true;
  const records = await readUntil(t, topic, (all) => all.filter(isMarker).length === 500);

  const found = records.filter((record) => !isMarker(record)).map(({ key, value }) => `${key} ${value}`);
  assert.ok(found.length > 0);
  const expected: string[] = [];
  const options = { count: 400_000, seed: 3, users: 500, eventTimeFrom, lateShare: 0.02, malformedShare: 0 };
  for (const { key, value } of simulate(options)) {
    if (expected.length === found.length) break;
    expected.push(`${key} ${value?.toString('latin1')}`);
  }
  assert.deepEqual(found.sort(), expected.sort());
});
