/** The events handler as a whole: lake, enriched topic, dead letters and ledger, for a batch that comes again from every point of its way. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DataFrame } from '../../../spark/connect/index.js';
import { EVENTS_SINK, events } from '../../../spark/pipeline/events.js';
import { eventsBatch } from '../../../spark/sinks/events-batch.js';
import { publishStaged, sparkLake } from '../../../spark/sinks/lake.js';
import { withClient } from '../../../spark/sinks/postgres.js';
import type { EventsParams, EventsSink } from '../../../spark/sinks/sink.js';
import { SinkError } from '../../../spark/sinks/sink-error.js';
import type { BatchHandler } from '../../../spark/worker/index.js';
import { openSession } from '../connect/open-session.js';
import { kafkaRecords } from '../pipeline/kafka-records.js';
import { FUTURE_TOLERANCE_MS, GOOD } from '../pipeline/records.js';
import { createTopics, readTopic, type SeenRecord } from './kafka.js';
import { createQuery, required, type TestQuery } from './micro-batch.js';

const spark = await openSession();

const VALUES: readonly (string | null)[] = [
  JSON.stringify(GOOD),
  JSON.stringify({ ...GOOD, user_id: 'u2', event_time: '2026-02-28T23:59:59.123456789+01:00', more: 1 }),
  'not JSON',
  null,
  JSON.stringify({ ...GOOD, user_id: '' }),
];
const HEADERS = { source_topic: 'activity', source_partition: '0', batch_id: '0' };

interface Sinks {
  readonly lake: readonly Record<string, unknown>[];
  readonly enriched: readonly SeenRecord[];
  readonly dead: readonly SeenRecord[];
  readonly ledger: readonly Record<string, unknown>[];
}

interface World {
  readonly query: TestQuery;
  readonly params: EventsParams;
  read(): Promise<Sinks>;
}

async function createWorld(): Promise<World> {
  const query = await createQuery(spark);
  const [enrichedTopic = '', deadLetterTopic = '', markerTopic = ''] = await createTopics(
    'enriched',
    'dead',
    'markers',
  );
  const lakePath = join(query.folder, 'lake');
  const params: EventsParams = {
    ...query.params,
    sink: EVENTS_SINK,
    lakePath,
    delivery: 'exactly-once',
    kafka: {
      bootstrapServers: required('KAFKA_BOOTSTRAP_SERVERS'),
      sourceTopic: 'activity',
      enrichedTopic,
      deadLetterTopic,
      markerTopic,
      transactionalId: `sinks-${randomUUID()}`,
    },
  };
  return {
    query,
    params,
    read: async () => ({
      lake: await lakeRows(lakePath),
      enriched: await readTopic(spark, enrichedTopic),
      dead: await readTopic(spark, deadLetterTopic),
      ledger: await query.ledger(),
    }),
  };
}

test('each record of a batch is in the lake and the enriched topic, or in the dead letters, and the ledger counts both', async () => {
  const { query, params, read } = await createWorld();
  await query.deliver(eventsBatch, 0, batchOf(VALUES), params);
  const { lake, enriched, dead, ledger } = await read();

  assert.deepEqual(
    lake.map((row) => [row.kafka_offset, row.user_id, String(row.event_date), row.batch_id]),
    [
      [0n, 'u1', '2026-03-01', 0],
      [1n, 'u2', '2026-02-28', 0],
    ],
  );
  assert.equal(lake[1]?.event_time, BigInt(Date.parse('2026-02-28T22:59:59.123Z')) * 1000n + 456n);

  const bySource = (records: readonly SeenRecord[]) =>
    [...records].sort((a, b) => Number(a.headers.source_offset) - Number(b.headers.source_offset));
  assert.deepEqual(
    bySource(enriched).map(({ key, headers }) => [key, headers]),
    [
      ['u1', { ...HEADERS, source_offset: '0' }],
      ['u2', { ...HEADERS, source_offset: '1' }],
    ],
  );
  const { processing_time, ...fields } = JSON.parse(bySource(enriched)[1]?.value ?? '') as Record<string, string>;
  assert.deepEqual(fields, { ...GOOD, user_id: 'u2', event_time: '2026-02-28T23:59:59.123456789+01:00' });
  // When the offset log says that the batch was planned, in the lake too.
  assert.equal(processing_time, '1970-01-01T00:00:00.001000Z');
  assert.deepEqual(new Set(lake.map((row) => row.processing_time)), new Set([1_000n]));

  assert.deepEqual(
    bySource(dead).map(({ key, value, headers }) => [key, value, headers]),
    [
      ['key 2', VALUES[2], { reason: 'not_a_json_object', ...HEADERS, source_offset: '2' }],
      ['key 3', null, { reason: 'null_value', ...HEADERS, source_offset: '3' }],
      ['key 4', VALUES[4], { reason: 'user_id_invalid', ...HEADERS, source_offset: '4' }],
    ],
  );
  assert.deepEqual(
    ledger.map(({ batch_id, rows, dead: deadRows, offsets }) => [batch_id, rows, deadRows, offsets]),
    [['0', '5', '3', { t: { '0': [0, 10] } }]],
  );
});

test('a batch that is in the ledger changes no sink when it comes again', async () => {
  const { query, params, read } = await createWorld();
  await query.deliver(eventsBatch, 0, batchOf(VALUES), params);
  const first = await read();
  await query.deliver(eventsBatch, 0, batchOf(VALUES), params);
  assert.deepEqual(await read(), first);
});

test('a batch that was lost between Kafka and the ledger is finished by a new worker, each record once', async () => {
  const { query, params, read } = await createWorld();
  await query.deliver(eventsBatch, 0, batchOf(VALUES), params);
  const first = await read();
  await withClient((client) => client.query('DELETE FROM sluice.ledger WHERE pipeline = $1', [params.pipeline]));
  await query.deliver(await newWorker(), 0, batchOf(VALUES), params);
  const second = await read();
  assert.deepEqual(second.enriched, first.enriched);
  assert.deepEqual(second.dead, first.dead);
  assert.deepEqual(second.ledger, first.ledger);
  assert.deepEqual(second.lake, first.lake);
});

test('a batch that was lost between lake and Kafka is finished, each record once', async () => {
  const { query, params, read } = await createWorld();
  const unreachable = { ...params, kafka: { ...params.kafka, enrichedTopic: 'no topic of this name' } };
  await assert.rejects(query.deliver(await newWorker(), 0, batchOf(VALUES), unreachable));
  const half = await read();
  assert.deepEqual([half.lake.length, half.enriched.length, half.dead.length, half.ledger.length], [2, 0, 0, 0]);
  await query.deliver(await newWorker(), 0, batchOf(VALUES), params);
  const whole = await read();
  assert.deepEqual([whole.lake.length, whole.enriched.length, whole.dead.length, whole.ledger.length], [2, 2, 3, 1]);
});

test('a new worker writes the batch after the one that the marker names', async () => {
  const { query, params, read } = await createWorld();
  await query.deliver(await newWorker(), 0, batchOf(VALUES), params);
  await query.deliver(await newWorker(), 1, batchOf([JSON.stringify({ ...GOOD, user_id: 'u3' })]), params);
  const { lake, enriched, ledger } = await read();
  assert.deepEqual(enriched.map(({ key }) => key).sort(), ['u1', 'u2', 'u3']);
  assert.deepEqual(lake.map((row) => `${row.user_id} ${row.batch_id}`).sort(), ['u1 0', 'u2 0', 'u3 1']);
  assert.deepEqual(
    ledger.map(({ batch_id }) => batch_id),
    ['0', '1'],
  );
});

test('a batch without records is entered in the ledger and leaves no trace in lake and Kafka', async () => {
  const { query, params, read } = await createWorld();
  const empty = batchOf(VALUES).limit(0);
  await query.deliver(eventsBatch, 0, empty, params);
  const { lake, enriched, dead, ledger } = await read();
  assert.deepEqual([lake, enriched, dead], [[], [], []]);
  assert.deepEqual(
    ledger.map(({ rows, dead: deadRows }) => [rows, deadRows]),
    [['0', '0']],
  );
  assert.deepEqual(await readTopic(spark, params.kafka.markerTopic), []);
});

test('a writer whose turn is over is refused as fenced and leaves every sink empty', async () => {
  const { query, params, read } = await createWorld();
  await query.takeOver();
  await assert.rejects(
    query.deliver(eventsBatch, 0, batchOf(VALUES), params),
    (error: unknown) => error instanceof SinkError && error.kind === 'fenced',
  );
  assert.deepEqual(await read(), { lake: [], enriched: [], dead: [], ledger: [] });
});

test('a batch comes into the lake once, whoever is first, and leaves other batches as they were', async () => {
  const { query } = await createWorld();
  const path = join(query.folder, 'numbers');
  const sink: EventsSink = { kind: 'events', lakeColumns: ['n'], dateColumn: 'day' };
  const frame = spark.sql(`SELECT cast(id AS int) AS n, date'2026-01-01' + cast(id % 2 AS int) AS day FROM range(10)`);
  const attempt = (batchId: bigint, epoch: string) =>
    sparkLake(frame, sink, { path, query: 'q', queryId: async () => query.queryId, batchId, epoch, plannedAtMs: 0 });
  const publish = (batchId: bigint, queryId = query.queryId) =>
    publishStaged(attempt(batchId, '1'), 10n, queryId, (move) => move());
  await publish(0n);
  const filesOfFirst = await filesIn(path, 'batch_id=0');
  // An older writer that is paused with its rows staged, while its successor publishes the batch.
  const late = attempt(1n, '1');
  const [partition = ''] = await late.stage(10n);
  await publish(1n);
  const files = await filesIn(path, 'batch_id=1');
  assert.equal(await late.publish(partition), false);
  await late.discard();
  await publish(1n);
  assert.deepEqual(await filesIn(path, 'batch_id=1'), files);
  assert.deepEqual(await filesIn(path, 'batch_id=0'), filesOfFirst);
  const rows = (await spark.read.parquet(path).orderBy('batch_id', 'n').collect()) as { n: number; batch_id: number }[];
  assert.deepEqual(
    rows.map(({ n, batch_id }) => [batch_id, n]),
    [0, 1].flatMap((batch) => Array.from({ length: 10 }, (_, n) => [batch, n])),
  );
  await assert.rejects(
    publish(1n, 'another checkpoint'),
    (error: unknown) => error instanceof SinkError && error.kind === 'target' && /reset --sinks/.test(error.message),
  );
  assert.deepEqual(
    (await readdir(path)).filter((name) => name.startsWith('.spark-staging')),
    [],
  );
});

test('what a killed writer has staged is swept by the next worker of its query', async () => {
  const { query, params, read } = await createWorld();
  const { lakePath = '' } = params;
  const left = join(lakePath, '.spark-staging-sluice', 'q-0-e1-1-1', 'event_date=2026-03-01', 'batch_id=0');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, 'part-0.parquet'), 'half a file');
  await query.deliver(await newWorker(), 0, batchOf(VALUES), params);
  assert.equal((await read()).lake.length, 2);
  assert.deepEqual(
    (await readdir(lakePath)).filter((name) => name.startsWith('.spark-staging')),
    [],
  );
});

test('at least once, Spark itself writes the same records, and a batch lost before the ledger comes a second time', async () => {
  const { query, params, read } = await createWorld();
  const atLeastOnce = { ...params, delivery: 'at-least-once' as const };
  await query.deliver(eventsBatch, 0, batchOf(VALUES), atLeastOnce);
  const { enriched, dead, ledger } = await read();
  assert.deepEqual(enriched.map(({ key, headers, value }) => [key, headers.source_offset, value]).sort(), [
    ['u1', '0', JSON.stringify({ ...GOOD, processing_time: '1970-01-01T00:00:00.001000Z' })],
    [
      'u2',
      '1',
      JSON.stringify({
        ...GOOD,
        event_time: '2026-02-28T23:59:59.123456789+01:00',
        user_id: 'u2',
        processing_time: '1970-01-01T00:00:00.001000Z',
      }),
    ],
  ]);
  assert.deepEqual(dead.map(({ key, value, headers }) => [key, value, headers]).sort(), [
    ['key 2', VALUES[2], { reason: 'not_a_json_object', ...HEADERS, source_offset: '2' }],
    ['key 3', null, { reason: 'null_value', ...HEADERS, source_offset: '3' }],
    ['key 4', VALUES[4], { reason: 'user_id_invalid', ...HEADERS, source_offset: '4' }],
  ]);
  assert.equal(ledger.length, 1);
  await query.deliver(eventsBatch, 0, batchOf(VALUES), atLeastOnce);
  assert.equal((await read()).enriched.length, 2);
  await withClient((client) => client.query('DELETE FROM sluice.ledger WHERE pipeline = $1', [params.pipeline]));
  await query.deliver(eventsBatch, 0, batchOf(VALUES), atLeastOnce);
  assert.equal((await read()).enriched.length, 4);
});

function batchOf(values: readonly (string | null)[]): DataFrame {
  return events(kafkaRecords(spark, values), FUTURE_TOLERANCE_MS);
}

/** The handler of another process: it remembers nothing of what was written before. */
async function newWorker(): Promise<BatchHandler<EventsParams>> {
  const module = new URL(`../../../spark/sinks/events-batch.js?worker=${randomUUID()}`, import.meta.url);
  return ((await import(module.href)) as { eventsBatch: BatchHandler<EventsParams> }).eventsBatch;
}

async function lakeRows(path: string): Promise<Record<string, unknown>[]> {
  if ((await filesIn(path, '')).length === 0) return [];
  const frame = spark.read.parquet(path);
  return (await frame
    .withColumn('event_date', frame.col('event_date').cast('string'))
    .orderBy('kafka_offset')
    .collect()) as Record<string, unknown>[];
}

async function filesIn(path: string, part: string): Promise<string[]> {
  const names = await readdir(path, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith('.parquet') && name.includes(part) && !name.startsWith('.spark-staging'))
    .sort();
}
