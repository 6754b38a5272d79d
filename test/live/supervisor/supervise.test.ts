/** The supervisor on real services, with a small pipeline of its own: one query, counts per key into a table of its own. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { readSettings } from '../../../config/settings.js';
import { col, count, max } from '../../../spark/connect/index.js';
import type { Pipeline } from '../../../spark/pipeline/index.js';
import {
  awaitCaughtUp,
  type SupervisorEvent,
  type SupervisorOptions,
  type SupervisorOutcome,
  supervise,
} from '../../../spark/supervisor/index.js';

const name = `supervised_${randomUUID().slice(0, 8)}`;
const folder = mkdtempSync(join(tmpdir(), 'sluice-supervised-'));
const kafka = new Kafka({ brokers: required('KAFKA_BOOTSTRAP_SERVERS').split(','), logLevel: logLevel.NOTHING });
const database = new pg.Client({ connectionString: required('DATABASE_URL') });
const PATIENCE_MS = 120_000;

const pipeline: Pipeline = {
  name,
  version: 1,
  source: { kind: 'kafka', topic: name },
  queries: [
    {
      name: 'per_key',
      description: 'records per key',
      outputMode: 'update',
      plan: (records) => {
        const keyed = records.select(col('key').cast('string').as('key'), col('offset'));
        return keyed.groupBy('key').agg(count('*').as('records'), max(col('offset')).as('last_offset'));
      },
      sink: { kind: 'upsert', table: name, key: ['key'], columns: ['key', 'records', 'last_offset'] },
    },
  ],
};

before(async () => {
  await database.connect();
  await database.query(
    `CREATE TABLE public.${name} (key text PRIMARY KEY, records bigint, last_offset bigint, batch_id bigint, updated_at timestamptz)`,
  );
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: name, numPartitions: 2 }] });
  await admin.disconnect();
});
after(async () => {
  await database.query(`DROP TABLE public.${name}`);
  for (const table of ['ledger', 'fence', 'pipelines', 'batches'])
    await database.query(`DELETE FROM sluice.${table} WHERE pipeline = $1`, [name]);
  await database.end();
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [name] });
  await admin.disconnect();
  rmSync(folder, { recursive: true, force: true });
});

test('a supervised pipeline takes in what is there, records its batches, and a stop leaves no batch half done', async () => {
  await send(40);
  const events: SupervisorEvent[] = [];
  const stop = new AbortController();
  const options = optionsFor(stop.signal, (event) => events.push(event));
  const ended = supervise(options);
  await Promise.race([caughtUp(), failed(ended)]);
  await send(10);
  const left: number[] = [];
  await Promise.race([caughtUp((records) => left.push(records)), failed(ended)]);
  assert.equal(left.at(-1), 0);
  stop.abort();
  assert.deepEqual(await ended, { kind: 'stopped' });

  const { rows } = await database.query<{ records: string }>(`SELECT records FROM public.${name} ORDER BY key`);
  assert.deepEqual(
    rows.map(({ records }) => Number(records)),
    [25, 25],
  );
  const ledger = await batches('ledger');
  assert.ok(ledger.length >= 2, 'two deliveries are two batches at least');
  assert.deepEqual(await batches('batches'), ledger, 'every batch of the ledger has its record');
  const read = await database.query(`SELECT sum(input_rows)::int AS rows FROM sluice.batches WHERE pipeline = $1`, [
    name,
  ]);
  assert.equal(read.rows[0]?.rows, 50);
  assert.deepEqual(logged('offsets').at(-1), logged('commits').at(-1), 'no batch is planned and not finished');
  assert.deepEqual(
    events.filter(({ kind }) => kind === 'query-failed' || kind === 'spark-lost'),
    [],
  );
});

test('a second start goes on where the first one stopped', async () => {
  const before = (await batches('ledger')).length;
  const stop = new AbortController();
  const ended = supervise(optionsFor(stop.signal));
  await send(4);
  await Promise.race([caughtUp(), failed(ended)]);
  stop.abort();
  assert.deepEqual(await ended, { kind: 'stopped' });
  assert.ok((await batches('ledger')).length > before);
  const { rows } = await database.query(`SELECT sum(records)::int AS records FROM public.${name}`);
  assert.equal(rows[0]?.records, 54);
});

test('a second supervisor fences the first, which ends by itself and says who took over', async () => {
  const first = supervise(optionsFor(AbortSignal.timeout(PATIENCE_MS)));
  await send(2);
  await Promise.race([caughtUp(), failed(first)]);
  await database.query(`UPDATE sluice.fence SET epoch = epoch + 1, taken_by = 'another host' WHERE pipeline = $1`, [
    name,
  ]);
  await send(2);
  const outcome = await first;
  assert.equal(outcome.kind, 'fenced');
  assert.match((outcome.kind === 'fenced' && outcome.error.message) || '', /belongs to another host/);
  const { rows } = await database.query(`SELECT sum(records)::int AS records FROM public.${name}`);
  assert.equal(rows[0]?.records, 56, 'the fenced one has written nothing more');
});

function optionsFor(signal: AbortSignal, onEvent?: (event: SupervisorEvent) => void): SupervisorOptions {
  const settings = readSettings({ SLUICE_STATE: folder, TRIGGER_INTERVAL: '200ms' }, folder);
  return {
    pipeline,
    endpoints: {
      bootstrapServers: required('KAFKA_BOOTSTRAP_SERVERS'),
      databaseUrl: required('DATABASE_URL'),
      sparkRemote: required('SPARK_REMOTE'),
      sparkToken: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN,
      sparkUiUrl: undefined,
      lakePath: join(folder, 'lake'),
      checkpointPath: join(folder, 'checkpoints'),
    },
    topics: { ...settings.topics, enriched: `${name}_enriched`, deadLetter: `${name}_dead` },
    settings: settings.pipeline,
    signal,
    ...(onEvent === undefined ? {} : { onEvent }),
  };
}

function caughtUp(onPoll?: (left: number) => void): Promise<void> {
  return awaitCaughtUp(optionsFor(AbortSignal.timeout(PATIENCE_MS)), onPoll);
}

/** Rejects when the supervision ends before what is waited for. */
async function failed(ended: Promise<SupervisorOutcome>): Promise<never> {
  const outcome = await ended;
  throw new Error(`ended as ${outcome.kind}`, { cause: 'error' in outcome ? outcome.error : undefined });
}

async function send(records: number): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: records }, (_, i) => ({ key: `k${i % 2}`, value: 'v', partition: i % 2 }));
  await producer.send({ topic: name, messages });
  await producer.disconnect();
}

async function batches(table: 'ledger' | 'batches'): Promise<number[]> {
  const { rows } = await database.query<{ batch_id: string }>(
    `SELECT batch_id FROM sluice.${table} WHERE pipeline = $1 ORDER BY batch_id`,
    [name],
  );
  return rows.map(({ batch_id }) => Number(batch_id));
}

function logged(log: 'offsets' | 'commits'): number[] {
  return readdirSync(join(folder, 'checkpoints', name, 'per_key', log))
    .filter((file) => /^\d+$/.test(file))
    .map(Number)
    .sort((a, b) => a - b);
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run \`npm test -- live/supervisor\``);
  return value;
}
