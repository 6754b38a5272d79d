/** `sluice top` next to a real Kafka and Postgres, and the record of a run in another container. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { RunRecord } from '../../../cli/run-record.js';
import type { TopSnapshot } from '../../../cli/top/snapshot.js';
import { sluice } from '../../cli/run-sluice.js';

const name = `top_${randomUUID().slice(0, 8)}`;
const brokers = required('KAFKA_BOOTSTRAP_SERVERS');
const databaseUrl = required('DATABASE_URL');

test('it puts together what the run, the ledger and the topic say of a query', async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-top-'));
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const [admin, producer, database] = [kafka.admin(), kafka.producer(), new pg.Client(databaseUrl)];
  await Promise.all([admin.connect(), producer.connect(), database.connect()]);
  t.after(async () => {
    await database.query('DELETE FROM sluice.ledger WHERE pipeline = $1', [name]);
    await admin.deleteTopics({ topics: [name] });
    await Promise.all([admin.disconnect(), producer.disconnect(), database.end()]);
    rmSync(cwd, { recursive: true, force: true });
  });
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: name, numPartitions: 1 }] });
  await producer.send({ topic: name, messages: Array.from({ length: 10 }, (_, at) => ({ value: String(at) })) });
  await database.query(
    `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, rows, dead) VALUES ($1, 'orders', $2, 7, 1, $3, 3, 1)`,
    [name, randomUUID(), JSON.stringify({ [name]: { 0: [0, 4] } })],
  );
  const now = new Date().toISOString();
  const run: RunRecord = {
    version: 1,
    process: { pid: 1, startTime: '0' } as unknown as RunRecord['process'],
    host: 'another-container',
    startedAt: now,
    updatedAt: now,
    phase: 'running',
    pipeline: { name, topics: [name] },
    queries: [
      {
        query: 'orders',
        phase: 'running',
        batchId: '7',
        isBusy: false,
        inputRowsPerSecond: 12.5,
        processedRowsPerSecond: 80,
        rowsRead: 4,
        batchDurationMs: 50,
        durationsMs: { triggerExecution: 50, addBatch: 41, walCommit: 9 },
        watermark: '2026-03-01T12:00:00.000000Z',
        lag: 6,
        stateRows: 2,
        stateBytes: 1_000,
        droppedByWatermark: 1,
        restarts: 0,
      },
    ],
  };
  mkdirSync(join(cwd, '.sluice'));
  writeFileSync(join(cwd, '.sluice', 'run.json'), JSON.stringify(run));
  const env = { SPARK_REMOTE: required('SPARK_REMOTE'), KAFKA_BOOTSTRAP_SERVERS: brokers, DATABASE_URL: databaseUrl };
  const [json, text] = await Promise.all([
    sluice(['top', '--once', '--json'], { cwd, env }),
    sluice(['top'], { cwd, env }),
  ]);

  assert.equal(json.exitCode, 0, json.stderr);
  const { pipeline, phase, topicRecords, services, queries } = JSON.parse(json.stdout) as TopSnapshot;
  assert.deepEqual([pipeline, phase, topicRecords], [name, 'running', 10]);
  assert.ok(services.every(({ isUp }) => isUp));
  assert.equal(queries.length, 1);
  const { lastCommit, ...query } = queries[0] ?? assert.fail('no query');
  assert.ok(Date.parse(lastCommit ?? '') >= Date.parse(now) - 60_000);
  assert.deepEqual(query, {
    query: 'orders',
    phase: 'running',
    lastBatch: '7',
    rows: 3,
    dead: 1,
    watermark: '2026-03-01T12:00:00.000000Z',
    lag: 6,
    inputRowsPerSecond: 12.5,
    processedRowsPerSecond: 80,
    batchDurationMs: 50,
    durationsMs: { triggerExecution: 50, addBatch: 41, walCommit: 9 },
    stateRows: 2,
    stateBytes: 1_000,
    lateRows: 1,
    restarts: 0,
  });
  assert.match(text.stdout, /^ {2}orders +running +13 +80 +50 ms +6$/m);
  assert.match(text.stdout, /^orders after batch 7: 50 ms = addBatch 41 ms \+ walCommit 9 ms$/m);
});

function required(variable: string): string {
  return process.env[variable] ?? assert.fail(`${variable} is not set`);
}
