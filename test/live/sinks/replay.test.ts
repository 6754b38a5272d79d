/** A micro-batch that comes again, as after a crash: the handlers are called as the worker calls them, against real services. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { batchId, integer, SparkSession, string, structType } from '../../../spark/connect/index.js';
import { raiseEpoch } from '../../../spark/sinks/fence.js';
import { writeLake } from '../../../spark/sinks/lake.js';
import { withClient } from '../../../spark/sinks/postgres.js';
import type { UpsertParams } from '../../../spark/sinks/sink.js';
import { upsertBatch } from '../../../spark/sinks/upsert-batch.js';
import type { BatchContext } from '../../../spark/worker/index.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-sinks-'));
const name = `replay_${randomUUID().slice(0, 8)}`;
const ROW = structType({ page: string(), views: integer() });
let spark: SparkSession;
let epoch: bigint;

before(async () => {
  spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? '');
  epoch = await withClient(async (client) => {
    await client.query(
      `CREATE TABLE ${name} (page text PRIMARY KEY, views int, batch_id bigint NOT NULL, updated_at timestamptz NOT NULL)`,
    );
    return raiseEpoch(client, name, 'a test');
  });
  for (const sub of ['offsets', 'sources/0']) mkdirSync(join(folder, sub), { recursive: true });
  writeFileSync(join(folder, 'metadata'), JSON.stringify({ id: randomUUID() }));
  writeFileSync(join(folder, 'sources/0/0'), '\u0000v1\n{"t":{"0":0}}');
  for (const id of [0, 1, 2]) {
    writeFileSync(join(folder, 'offsets', String(id)), `v1\n{"batchWatermarkMs":0}\n{"t":{"0":${(id + 1) * 10}}}`);
  }
});

after(async () => {
  await withClient(async (client) => {
    await client.query(`DROP TABLE ${name}`);
    await client.query('DELETE FROM sluice.ledger WHERE pipeline = $1', [name]);
    await client.query('DELETE FROM sluice.fence WHERE pipeline = $1', [name]);
  });
  await spark.release();
  rmSync(folder, { recursive: true, force: true });
});

test('a repeated batch leaves table and ledger as they are, whatever rows it brings', async () => {
  await deliver(0, [
    { page: 'a', views: 1 },
    { page: 'b\t"\\', views: 2 },
  ]);
  const first = await state();
  assert.deepEqual(
    first.rows.map(({ page, views }) => [page, views]),
    [
      ['a', 1],
      ['b\t"\\', 2],
    ],
  );
  assert.deepEqual(first.ledger, [{ batch_id: '0', rows: '2', offsets: { t: { '0': [0, 10] } } }]);
  await deliver(0, [{ page: 'a', views: 99 }]);
  assert.deepEqual(await state(), first);
});

test('many rows by way of the executors arrive like few by way of the worker, and no staging table stays', async () => {
  await deliver(
    1,
    [
      { page: 'a', views: 5 },
      { page: 'c', views: 7 },
    ],
    { copyRowsMax: 0 },
  );
  const { rows } = await state();
  assert.deepEqual(
    rows.map(({ page, views }) => [page, views]),
    [
      ['a', 5],
      ['b\t"\\', 2],
      ['c', 7],
    ],
  );
  const staged = await withClient((client) =>
    client.query(`SELECT relname FROM pg_class WHERE relname LIKE 'stage_${name}%'`),
  );
  assert.deepEqual(staged.rows, []);
});

test('a writer whose turn is over is refused and changes nothing', async () => {
  const before = await state();
  await withClient((client) => raiseEpoch(client, name, 'somebody else'));
  await assert.rejects(deliver(2, [{ page: 'a', views: 0 }]), /taken over/);
  assert.deepEqual(await state(), before);
});

test('a batch written to the lake again is there once', async () => {
  const path = join(folder, 'lake');
  const frame = spark.sql(`SELECT cast(id AS int) AS n, date'2026-01-01' + cast(id % 2 AS int) AS day FROM range(10)`);
  const sink = { kind: 'events', lakeColumns: ['n'], dateColumn: 'day' } as const;
  for (const id of [0n, 1n, 1n]) await writeLake(frame, sink, path, id, 10n);
  assert.equal(await spark.read.parquet(path).count(), 20n);
});

async function deliver(
  id: number,
  rows: readonly { page: string; views: number }[],
  change: Partial<UpsertParams> = {},
): Promise<void> {
  const params: UpsertParams = {
    pipeline: name,
    query: 'q',
    epoch: String(epoch),
    checkpoint: folder,
    copyRowsMax: 1_000,
    sink: { kind: 'upsert', table: name, key: ['page'], columns: ['page', 'views'] },
    ...change,
  };
  const context = { batchId: batchId(BigInt(id)), queryName: 'q', spark, params, signal: new AbortController().signal };
  await upsertBatch(spark.createDataFrame(rows, ROW), context as unknown as BatchContext<UpsertParams>);
}

async function state(): Promise<{ rows: { page: string; views: number }[]; ledger: unknown[] }> {
  return withClient(async (client) => ({
    rows: (await client.query<{ page: string; views: number }>(`SELECT * FROM ${name} ORDER BY page`)).rows,
    ledger: (
      await client.query('SELECT batch_id, rows, offsets FROM sluice.ledger WHERE pipeline = $1 ORDER BY batch_id', [
        name,
      ])
    ).rows,
  }));
}
