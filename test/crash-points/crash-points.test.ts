/**
 * kill -9 at every named point of a delivery, against real Postgres and real Kafka. The points are taken from a delivery that is let through, so a
 * step that is added to the sinks has its own crash without anybody thinking of it. Each point gets a batch of its own: a worker dies in it, another
 * one repeats it, and in the end every record must be in every sink once.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { raiseEpoch } from '../../spark/sinks/fence.js';
import { withClient } from '../../spark/sinks/postgres.js';
import { readTopic } from '../../verify/index.js';
import { required } from '../live/sinks/micro-batch.js';
import { deliver, isDead, offsetsOf, type Setting } from './delivery.js';

const WORKER = fileURLToPath(
  new URL(`./dying-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

async function createSetting(query: Setting['query']): Promise<Setting> {
  const id = randomUUID().slice(0, 8);
  const [enrichedTopic, deadLetterTopic, markerTopic] = [`enriched_${id}`, `dead_${id}`, `markers_${id}`];
  const pipeline = `crash_${id}`;
  const table = `crash_${id}`;
  const lakePath = await mkdtemp(join(tmpdir(), 'sluice-points-'));
  const bootstrapServers = required('KAFKA_BOOTSTRAP_SERVERS');
  const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = [enrichedTopic, deadLetterTopic, markerTopic];
  await admin.createTopics({ waitForLeaders: true, topics: topics.map((topic) => ({ topic, numPartitions: 1 })) });
  const epoch = await withClient(async (client) => {
    await client.query(
      `CREATE TABLE ${table} (key text PRIMARY KEY, value bigint, batch_id bigint NOT NULL, updated_at timestamptz NOT NULL)`,
    );
    return raiseEpoch(client, pipeline, 'a test');
  });
  after(async () => {
    await admin.deleteTopics({ topics });
    await admin.disconnect();
    await withClient(async (client) => {
      await client.query(`DROP TABLE ${table}`);
      for (const of of ['ledger', 'fence'])
        await client.query(`DELETE FROM sluice.${of} WHERE pipeline = $1`, [pipeline]);
    });
    await rm(lakePath, { recursive: true, force: true });
  });
  const kafka = { bootstrapServers, transactionalId: pipeline, markerTopic, markerKey: `${pipeline}.${query}` };
  const names = { query, pipeline, table, enrichedTopic, deadLetterTopic, lakePath };
  return { ...names, queryId: randomUUID(), epoch: String(epoch), kafka };
}

/** Runs a worker; answers its output and the signal that ended it. */
function runWorker(...args: readonly string[]): Promise<{ readonly output: string; readonly signal: string | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv.filter((arg) => !/test/.test(arg)), WORKER, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ output, signal }));
  });
}

/** Kills a worker at each point, each in a batch of its own, and repeats the batch. Answers the number of batches. */
async function crashEverywhere(setting: Setting, pointsMin: number): Promise<number> {
  const text = JSON.stringify(setting);
  const points = (await runWorker(text, '0')).output.trim().split('\n');
  assert.ok(points.length >= pointsMin, `${points.length} points: ${points.join(', ')}`);
  for (const [index, point] of points.entries()) {
    const batch = index + 1;
    const { signal } = await runWorker(text, String(batch), point);
    assert.equal(signal, 'SIGKILL', `the worker was to die at ${point}`);
    await deliver(setting, batch);
  }
  console.log(`${setting.query}: killed at ${points.length} points`);
  return points.length + 1;
}

async function assertLedger({ pipeline, query }: Setting, batches: number): Promise<void> {
  const { entered, open } = await withClient(async (client) => {
    const ledger = await client.query<{ batch_id: string }>(
      'SELECT batch_id FROM sluice.ledger WHERE pipeline = $1 AND query = $2 ORDER BY batch_id',
      [pipeline, query],
    );
    const sessions = await client.query(
      'SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND xact_start IS NOT NULL',
      [`sluice ${pipeline}`],
    );
    return { entered: ledger.rows.map((row) => Number(row.batch_id)), open: sessions.rowCount };
  });
  assert.deepEqual(
    entered,
    Array.from({ length: batches }, (_, batch) => batch),
  );
  assert.equal(open, 0, 'a transaction is left open');
}

async function offsetsIn(topic: string): Promise<number[]> {
  const found: number[] = [];
  const options = { settleMsMax: 5_000 };
  const bounds = await readTopic(
    required('KAFKA_BOOTSTRAP_SERVERS'),
    topic,
    (records) => {
      for (const { value } of records) found.push(Number(String(value).replace('record ', '')));
    },
    options,
  );
  for (const { end, highWatermark } of bounds ?? []) assert.equal(end, highWatermark, 'a transaction is left open');
  return found.sort((a, b) => a - b);
}

test('an events worker killed at any point leaves each record once in the lake and in its topic', async () => {
  const setting = await createSetting('events');
  const batches = await crashEverywhere(setting, 18);
  const all = Array.from({ length: batches }, (_, batch) => offsetsOf(batch)).flat();
  assert.deepEqual(
    await offsetsIn(setting.enrichedTopic),
    all.filter((offset) => !isDead(offset)),
  );
  assert.deepEqual(await offsetsIn(setting.deadLetterTopic), all.filter(isDead));
  await assertLedger(setting, batches);

  const files = (await readdir(setting.lakePath, { recursive: true })).filter((name) => name.endsWith('.parquet'));
  const lake = await Promise.all(
    files.map(async (name) => (await readFile(join(setting.lakePath, name), 'utf8')).split('\n')),
  );
  assert.deepEqual(
    lake
      .flat()
      .map(Number)
      .sort((a, b) => a - b),
    all.filter((offset) => !isDead(offset)),
  );
  assert.deepEqual(
    (await readdir(setting.lakePath)).filter((name) => name.startsWith('.')),
    [],
  );
});

test('an upsert worker killed at any point leaves the table as if nobody had died', async () => {
  const setting = await createSetting('counts');
  const batches = await crashEverywhere(setting, 6);
  await assertLedger(setting, batches);
  const expected = new Map<string, string>();
  for (let batch = 0; batch < batches; batch++) {
    for (const offset of offsetsOf(batch)) expected.set(`key ${offset % 7}`, String(offset));
  }
  const { rows } = await withClient((client) =>
    client.query<{ key: string; value: string }>(`SELECT key, value FROM ${setting.table}`),
  );
  assert.deepEqual(new Map(rows.map(({ key, value }) => [key, value])), expected);
});
