import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import pg from 'pg';
import { type DataFrame, SparkSession } from '../../../spark/connect/index.js';
import type { Check } from '../../../verify/compare.js';
import type { TableSink, VerifiedQuery } from '../../../verify/pipeline/pipeline.js';
import { VerifyDatabase } from '../../../verify/pipeline/snapshot.js';
import { verifyTable } from '../../../verify/pipeline/table.js';

const table = `orders_${randomUUID().slice(0, 8)}`;
const sink: TableSink = { kind: 'upsert', table, key: ['id'], columns: ['id', 'amount'] };
const query: VerifiedQuery = { name: 'orders', outputMode: 'update', plan: (records) => records, sink };

let spark: SparkSession;
let client: pg.Client;
let database: VerifyDatabase;
/** Three rows that the query delivers: one good, one that the column cannot hold, one that the table does not want. */
let delivered: DataFrame;
before(async () => {
  const url = process.env.DATABASE_URL ?? '';
  client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE TABLE ${table} (id text PRIMARY KEY, amount numeric(5, 2) CHECK (amount > 0))`);
  await client.query(`INSERT INTO ${table} VALUES ('good', 1.5)`);
  database = await VerifyDatabase.open(url);
  spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? '', {
    ...(process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN && { token: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN }),
  });
  delivered = spark.sql(
    `SELECT * FROM VALUES ('good', 1.50BD), ('large', 99999.00BD), ('negative', -1.00BD) AS t (id, amount)`,
  );
});
after(async () => {
  await spark?.release();
  await database?.[Symbol.asyncDispose]();
  await client.query(`DROP TABLE ${table}`);
  await client.end();
});

async function verified(refused: readonly { readonly id: string; readonly amount: string }[]): Promise<Check> {
  const { rows } = await client.query<{ id: string; amount: string }>(`SELECT id, amount FROM ${table}`);
  const facts = {
    found: new Map(rows.map(({ id, amount }) => [id, amount])),
    refused: refused.map((what) => ({ query: 'orders', batchId: 3, what: JSON.stringify(what) })),
    watermarkMs: undefined,
    lateRows: async () => 0,
    hasRecords: true,
  };
  return verifyTable(database, query, sink, [delivered], facts);
}

const LARGE = { id: 'large', amount: '99999.00' };
const NEGATIVE = { id: 'negative', amount: '-1.00' };

it('misses rows that the table cannot hold or does not want and that nobody has noted', async () => {
  const { holds, samples } = await verified([]);
  assert.equal(holds, false);
  assert.deepEqual(
    samples.map(({ kind, where }) => `${kind} ${where}`),
    ['missing id large', 'missing id negative'],
  );
});

it('accepts them when they are noted as refused', async () => {
  const check = await verified([LARGE, NEGATIVE]);
  assert.deepEqual(
    [check.holds, check.note],
    [true, '2 rows are refused, in sluice.refused_rows'],
    JSON.stringify(check),
  );
});

it('finds a refused row that the query does not deliver', async () => {
  const { holds, samples } = await verified([LARGE, NEGATIVE, { id: 'forged', amount: '1.00' }]);
  assert.equal(holds, false);
  assert.deepEqual(
    samples.map(({ kind, where }) => `${kind} ${where}`),
    ['unexpected sluice.refused_rows, batch 3, {"id":"forged","amount":"1.00"}'],
  );
});
