/** Records and marker in one transaction, as a read_committed reader sees them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  type KafkaBatchTarget,
  type Marker,
  type OutgoingRecord,
  writeKafkaBatch,
} from '../../../spark/sinks/kafka-transaction.js';
import { readLastMarker } from '../../../spark/sinks/marker.js';
import { openSession } from '../connect/open-session.js';
import { createTopics, readTopic } from './kafka.js';
import { required } from './micro-batch.js';

const spark = await openSession();

interface Setting {
  readonly topic: string;
  readonly target: KafkaBatchTarget;
  /** Writes as the handler does: unless the marker says that the batch is there. */
  write(batch: number, records: AsyncIterable<readonly OutgoingRecord[]>): Promise<number>;
  committed(): Promise<(string | null)[]>;
}

async function createSetting(): Promise<Setting> {
  const [topic = '', markerTopic = ''] = await createTopics('sinks_records', 'sinks_markers');
  const target: KafkaBatchTarget = {
    bootstrapServers: required('KAFKA_BOOTSTRAP_SERVERS'),
    transactionalId: `sinks-${randomUUID()}`,
    markerTopic,
    markerKey: 'p.q',
  };
  return {
    topic,
    target,
    write: (batch, records) =>
      writeKafkaBatch(target, records, { queryId: 'id', batchId: String(batch), epoch: '1' }, async () => {
        const marker = await readLastMarker(spark, target);
        return marker !== undefined && BigInt(marker.batchId) >= BigInt(batch);
      }),
    committed: async () => (await readTopic(spark, topic)).map(({ value }) => value),
  };
}

const record = (topic: string, value: string): OutgoingRecord => ({ topic, message: { key: 'k', value } });

async function* chunks(topic: string, ...values: readonly (readonly string[])[]): AsyncGenerator<OutgoingRecord[]> {
  for (const chunk of values) yield chunk.map((value) => record(topic, value));
}

test('a batch becomes its records in order and a marker with their number', async () => {
  const { topic, target, write, committed } = await createSetting();
  assert.equal(await readLastMarker(spark, target), undefined);
  assert.equal(await write(0, chunks(topic, ['a', 'b'], [], ['c'])), 3);
  assert.deepEqual(await committed(), ['a', 'b', 'c']);
  const marker: Marker = { queryId: 'id', batchId: '0', epoch: '1', records: 3 };
  assert.deepEqual(await readLastMarker(spark, target), marker);
});

test('a batch that comes again writes nothing and is not even read', async () => {
  const { topic, target, write, committed } = await createSetting();
  await write(0, chunks(topic, ['a']));
  await write(1, chunks(topic, ['b']));
  async function* unread(): AsyncGenerator<OutgoingRecord[]> {
    yield assert.fail('it read the batch');
  }
  assert.equal(await write(1, unread()), 0);
  assert.equal(await write(0, unread()), 0);
  assert.deepEqual(await committed(), ['a', 'b']);
  assert.equal((await readLastMarker(spark, target))?.batchId, '1');
});

test('a batch that fails half-way is invisible, and the next attempt writes it once', async () => {
  const { topic, target, write, committed } = await createSetting();
  async function* failing(): AsyncGenerator<OutgoingRecord[]> {
    yield [record(topic, 'a'), record(topic, 'b')];
    throw new Error('the batch cannot be read on');
  }
  await assert.rejects(write(0, failing()), /cannot be read on/);
  assert.deepEqual(await committed(), []);
  assert.equal(await readLastMarker(spark, target), undefined);
  assert.equal(await write(0, chunks(topic, ['a', 'b', 'c'])), 3);
  assert.deepEqual(await committed(), ['a', 'b', 'c']);
  // The first attempt did reach the broker: what hides it is the transaction.
  const all = await readTopic(spark, topic, 'read_uncommitted');
  assert.deepEqual(
    all.map(({ value }) => value),
    ['a', 'b', 'a', 'b', 'c'],
  );
});

test('a writer that another has overtaken in the middle of its batch cannot commit any of it', async () => {
  const { topic, write, committed } = await createSetting();
  async function* overtaken(): AsyncGenerator<OutgoingRecord[]> {
    yield [record(topic, 'old 1')];
    // As a driver that was paused here, while its successor did the same batch.
    await write(0, chunks(topic, ['new 1', 'new 2']));
    yield [record(topic, 'old 2')];
  }
  await assert.rejects(write(0, overtaken()));
  assert.deepEqual(await committed(), ['new 1', 'new 2']);
});

test('records that together exceed one request are written all, each once', async () => {
  const { topic, write, committed } = await createSetting();
  const large = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(100 * 1024)}`);
  assert.equal(await write(0, chunks(topic, large, [`40 ${'y'.repeat(900 * 1024)}`])), 41);
  assert.deepEqual(
    (await committed()).map((value) => Number.parseInt(value ?? '', 10)),
    Array.from({ length: 41 }, (_, index) => index),
  );
});

test('keys, headers, empty values and nulls arrive as they were given', async () => {
  const { topic, write } = await createSetting();
  async function* records(): AsyncGenerator<OutgoingRecord[]> {
    yield [
      { topic, message: { key: Buffer.from('é'), value: Buffer.from(''), headers: { reason: 'x', batch_id: '0' } } },
      { topic, message: { key: null, value: null } },
    ];
  }
  await write(0, records());
  assert.deepEqual(await readTopic(spark, topic), [
    { topic, key: 'é', value: '', headers: { reason: 'x', batch_id: '0' } },
    { topic, key: null, value: null, headers: {} },
  ]);
});
