import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { readRecords, readTopic } from '../../../verify/read-topic.js';

const servers = process.env.KAFKA_BOOTSTRAP_SERVERS ?? '';
const topic = `verify_read_${process.pid}_${Date.now()}`;
const kafka = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING });
let admin: Admin;

before(async () => {
  admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] });
  await withProducer({}, async (plain) => {
    for (let round = 0; round < 5; round++) {
      const messages = Array.from({ length: 2000 }, (_, i) => ({
        partition: 2,
        value: `${round}-${i}-${'x'.repeat(400)}`,
      }));
      await plain.send({ topic, messages, compression: round % 2 });
    }
  });
  await withProducer({ transactionalId: topic, maxInFlightRequests: 1 }, async (transactional) => {
    for (const [value, end] of [
      ['first', 'commit'],
      ['lost', 'abort'],
      ['second', 'commit'],
      ['lost', 'abort'],
      ['lost', 'abort'],
    ] as const) {
      const transaction = await transactional.transaction();
      const messages = [{ partition: 0, value }];
      // Partition 1 ends with a commit marker, partition 0 with an aborted tail.
      await transaction.send({ topic, messages: end === 'commit' ? [...messages, { partition: 1, value }] : messages });
      await transaction[end]();
    }
  });
});

after(async () => {
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

async function withProducer(
  options: Parameters<Kafka['producer']>[0],
  use: (producer: Producer) => Promise<void>,
): Promise<void> {
  const producer = kafka.producer(options);
  await producer.connect();
  try {
    await use(producer);
  } finally {
    await producer.disconnect();
  }
}

async function read(
  settleMsMax = 0,
): Promise<{ values: Map<number, string[]>; ends: (readonly [number, number, number])[] }> {
  const values = new Map<number, string[]>();
  const bounds = await readTopic(
    servers,
    topic,
    (records, partition) => {
      const seen = values.get(partition) ?? [];
      for (const { value } of records) seen.push(value?.toString() ?? '');
      values.set(partition, seen);
    },
    { settleMsMax },
  );
  return { values, ends: (bounds ?? []).map(({ partition, start, end }) => [partition, start, end]) };
}

describe('readTopic', () => {
  it('ends at once behind an aborted tail, a commit marker and in an empty partition', async () => {
    const { values, ends } = await read(10_000);
    assert.deepEqual(values.get(0), ['first', 'second']);
    assert.deepEqual(values.get(1), ['first', 'second']);
    assert.deepEqual(ends, [
      [0, 0, 10],
      [1, 0, 4],
      [2, 0, 10_000],
      [3, 0, 0],
    ]);
  });

  it('delivers a partition’s records in order, each once, over many fetches', async () => {
    const { values } = await read();
    assert.equal(values.get(2)?.length, 10_000);
    assert.deepEqual(
      values.get(2)?.map((value) => value.slice(0, value.lastIndexOf('-'))),
      Array.from({ length: 10_000 }, (_, i) => `${Math.floor(i / 2000)}-${i % 2000}`),
    );
  });

  it('does not see what is open, and ends before it', async () => {
    await withProducer({ transactionalId: `${topic}-open`, maxInFlightRequests: 1 }, async (producer) => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 3, value: 'undecided' }] });
      const during = await read();
      await transaction.commit();
      assert.equal(during.values.get(3), undefined);
      assert.deepEqual(during.ends[3], [3, 0, 0]);
    });
    assert.deepEqual((await read(10_000)).values.get(3), ['undecided']);
  });

  it('waits for the reader before it fetches on', async () => {
    let inside = 0;
    await readTopic(servers, topic, async () => {
      inside++;
      assert.equal(inside, 1);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    });
  });

  it('passes on what the reader throws', async () => {
    await assert.rejects(
      readTopic(servers, topic, () => {
        throw new Error('enough');
      }),
      /enough/,
    );
  });

  it('answers undefined for a topic that does not exist, and does not create it', async () => {
    assert.equal(await readTopic(servers, `${topic}_none`, () => {}), undefined);
    assert.ok(!(await admin.listTopics()).includes(`${topic}_none`));
  });

  it('reads single records again', async () => {
    const records = await readRecords(servers, topic, [
      { partition: 2, offset: 7777 },
      { partition: 0, offset: 4 },
    ]);
    assert.deepEqual(
      records.map(({ offset, value }) => `${offset} ${value?.toString().slice(0, 8)}`),
      ['7777 3-1777-x', '4 second'],
    );
  });
});
