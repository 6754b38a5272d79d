/** Records and marker in one transaction, as a read_committed reader sees them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  beginTransaction,
  isRetriedKafkaError,
  type KafkaTarget,
  kafkaRefusalOf,
} from '../../../spark/sinks/kafka-producer.js';
import { type MarkerMemory, writeKafkaBatch } from '../../../spark/sinks/kafka-transaction.js';
import { readLastMarker } from '../../../spark/sinks/marker.js';
import type { Marker, OutgoingRecord, TransactionalTopics } from '../../../spark/sinks/ports.js';
import { SinkError } from '../../../spark/sinks/sink-error.js';
import { systemClock } from '../../../spark/sinks/spark-ports.js';
import { openSession } from '../connect/open-session.js';
import { createTopics, readTopic } from './kafka.js';
import { required } from './micro-batch.js';

const spark = await openSession();

interface Setting {
  readonly topic: string;
  readonly target: KafkaTarget;
  /** Writes as a worker does that has just started, unless `memory` is what it remembers. */
  write(batch: number, records: Records, options?: Options): Promise<Marker>;
  committed(): Promise<(string | null)[]>;
}

type Records = () => AsyncIterable<readonly OutgoingRecord[]>;
type Options = {
  readonly memory?: MarkerMemory;
  readonly assertOwnTurn?: () => Promise<void>;
  readonly readyToCommit?: () => Promise<void>;
  readonly rows?: bigint;
};

async function createSetting(): Promise<Setting> {
  const [topic = '', markerTopic = ''] = await createTopics('sinks_records', 'sinks_markers');
  const target: KafkaTarget = {
    bootstrapServers: required('KAFKA_BOOTSTRAP_SERVERS'),
    transactionalId: `sinks-${randomUUID()}`,
    markerTopic,
    markerKey: 'p.q',
  };
  const topics: TransactionalTopics = {
    begin: () => beginTransaction(target),
    lastMarker: () => readLastMarker(spark, target),
    refusalOf: kafkaRefusalOf,
    isRetried: isRetriedKafkaError,
  };
  return {
    topic,
    target,
    write: async (id, records, options = {}) => {
      const { memory = { lastMarker: undefined }, assertOwnTurn = passes, readyToCommit = passes, rows = 0n } = options;
      const batch = { queryId: 'id', batchId: BigInt(id), epoch: '1', records, readyToCommit, refusedMax: 2, rows };
      return writeKafkaBatch(topics, batch, memory, assertOwnTurn, systemClock);
    },
    committed: async () => (await readTopic(spark, topic)).map(({ value }) => value),
  };
}

const passes = async (): Promise<void> => {};

let offset = 0;

const record = (topic: string, value: string): OutgoingRecord => ({
  topic,
  message: { key: 'k', value, headers: { source_offset: String(offset++) } },
});

function chunks(topic: string, ...values: readonly (readonly string[])[]): Records {
  const records = values.map((chunk) => chunk.map((value) => record(topic, value)));
  return async function* () {
    yield* records;
  };
}

test('a batch becomes its records in order and a marker with their number', async () => {
  const { topic, target, write, committed } = await createSetting();
  assert.equal(await readLastMarker(spark, target), undefined);
  const marker: Marker = { queryId: 'id', batchId: '0', epoch: '1', records: 3, refused: [] };
  assert.deepEqual(await write(0, chunks(topic, ['a', 'b'], [], ['c'])), marker);
  assert.deepEqual(await committed(), ['a', 'b', 'c']);
  assert.deepEqual(await readLastMarker(spark, target), marker);
});

test('a batch that comes again writes nothing and is not even read', async () => {
  const { topic, write, committed } = await createSetting();
  const memory: MarkerMemory = { lastMarker: undefined };
  await write(0, chunks(topic, ['a']), { memory });
  const last = await write(1, chunks(topic, ['b']), { memory });
  const unread: Records = () => assert.fail('it read the batch');
  assert.deepEqual(await write(1, unread, { rows: 1n }), last);
  assert.deepEqual(await write(0, unread), last);
  assert.deepEqual(await write(1, unread, { rows: 1n, memory }), last);
  assert.deepEqual(await committed(), ['a', 'b']);
});

test('a batch that comes again with another number of records is refused: it is not the same batch', async () => {
  const { topic, write } = await createSetting();
  await write(0, chunks(topic, ['a']));
  await assert.rejects(
    write(0, chunks(topic, ['a', 'b']), { rows: 2n }),
    (error: unknown) => error instanceof SinkError && error.kind === 'target' && /with 2 records/.test(error.message),
  );
});

test('a batch that fails half-way is invisible, and the next attempt writes it once', async () => {
  const { topic, target, write, committed } = await createSetting();
  async function* failing(): AsyncGenerator<OutgoingRecord[]> {
    yield [record(topic, 'a'), record(topic, 'b')];
    throw new Error('the batch cannot be read on');
  }
  await assert.rejects(write(0, failing), /cannot be read on/);
  assert.deepEqual(await committed(), []);
  assert.equal(await readLastMarker(spark, target), undefined);
  assert.equal((await write(0, chunks(topic, ['a', 'b', 'c']))).records, 3);
  assert.deepEqual(await committed(), ['a', 'b', 'c']);
  // The first attempt did reach the broker: what hides it is the transaction.
  const all = await readTopic(spark, topic, 'read_uncommitted');
  assert.deepEqual(
    all.map(({ value }) => value),
    ['a', 'b', 'a', 'b', 'c'],
  );
});

test('records are sent before the lake has the batch, and not committed when it will not have it', async () => {
  const { topic, target, write, committed } = await createSetting();
  const readyToCommit = async (): Promise<void> => {
    const sent = await readTopic(spark, topic, 'read_uncommitted');
    assert.deepEqual(
      sent.map(({ value }) => value),
      ['a'],
    );
    throw new Error('the lake is full');
  };
  await assert.rejects(write(0, chunks(topic, ['a']), { readyToCommit }), /the lake is full/);
  assert.deepEqual(await committed(), []);
  assert.equal(await readLastMarker(spark, target), undefined);
});

test('a writer that another has overtaken in the middle of its batch cannot commit any of it', async () => {
  const { topic, write, committed } = await createSetting();
  const isFenced = (error: unknown): boolean => error instanceof SinkError && error.kind === 'fenced';
  let isOverTaken = false;
  async function* overtaken(): AsyncGenerator<OutgoingRecord[]> {
    yield [record(topic, 'old 1')];
    // As a driver that was paused here, while its successor did the same batch.
    isOverTaken = true;
    await write(0, chunks(topic, ['new 1', 'new 2']));
    yield [record(topic, 'old 2')];
  }
  const assertOwnTurn = async (): Promise<void> => {
    if (isOverTaken) throw new SinkError('fenced', 'taken over');
  };
  await assert.rejects(write(0, overtaken, { assertOwnTurn }), isFenced);
  assert.deepEqual(await committed(), ['new 1', 'new 2']);
});

test('a writer that was paused before its transaction does not trust what it remembers of the markers', async () => {
  const { topic, write, committed } = await createSetting();
  const memory: MarkerMemory = { lastMarker: undefined };
  await write(0, chunks(topic, ['a']), { memory });
  // Its successor has meanwhile written batch 1; the fence is asked when the old producer is shut out, and before the marker counts.
  await write(1, chunks(topic, ['b']));
  const assertOwnTurn = async (): Promise<void> => {
    throw new SinkError('fenced', 'taken over');
  };
  await assert.rejects(write(1, chunks(topic, ['b']), { memory, assertOwnTurn }), /taken over/);
  assert.deepEqual(await committed(), ['a', 'b']);
  assert.equal(memory.lastMarker, undefined);
});

test('records that together exceed one request are written all, each once', async () => {
  const { topic, write, committed } = await createSetting();
  const large = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(100 * 1024)}`);
  assert.equal((await write(0, chunks(topic, large, [`40 ${'y'.repeat(900 * 1024)}`]))).records, 41);
  assert.deepEqual(
    (await committed()).map((value) => Number.parseInt(value ?? '', 10)),
    Array.from({ length: 41 }, (_, index) => index),
  );
});

test('a record that Kafka refuses for its size is set aside with its coordinates, the others are written once', async () => {
  const { topic, target, write, committed } = await createSetting();
  const many = Array.from({ length: 5 }, (_, index) => String(index));
  const tooLarge = record(topic, 'z'.repeat(2 * 1024 * 1024));
  const first = chunks(topic, many);
  const marker = await write(0, async function* () {
    yield* first();
    yield [tooLarge, record(topic, '5')];
  });
  assert.equal(marker.records, 6);
  assert.deepEqual(
    marker.refused.map(({ what, why }) => [JSON.parse(what).source_offset, why.split(':')[0]]),
    [[tooLarge.message.headers.source_offset, 'MESSAGE_TOO_LARGE']],
  );
  assert.deepEqual(await committed(), [...many, '5']);
  // Whoever finds the marker learns of the refusal, and takes the batch for the same.
  assert.deepEqual(await write(0, () => assert.fail('it read the batch'), { rows: 7n }), marker);
  assert.deepEqual(await readLastMarker(spark, target), marker);
});

test('more records refused than allowed fail the batch, and nothing of it is written', async () => {
  const { topic, write, committed } = await createSetting();
  const large = chunks(topic, ...Array.from({ length: 3 }, () => ['z'.repeat(2 * 1024 * 1024)]));
  await assert.rejects(
    write(0, large),
    (error: unknown) => error instanceof SinkError && error.kind === 'poison' && /POISON_ROWS_MAX/.test(error.message),
  );
  assert.deepEqual(await committed(), []);
});

test('keys, headers, empty values and nulls arrive as they were given', async () => {
  const { topic, write } = await createSetting();
  await write(0, async function* () {
    yield [
      { topic, message: { key: Buffer.from('é'), value: Buffer.from(''), headers: { reason: 'x', batch_id: '0' } } },
      { topic, message: { key: null, value: null, headers: {} } },
    ];
  });
  assert.deepEqual(await readTopic(spark, topic), [
    { topic, key: 'é', value: '', headers: { reason: 'x', batch_id: '0' } },
    { topic, key: null, value: null, headers: {} },
  ]);
});
