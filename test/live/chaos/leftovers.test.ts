/** The search for leftovers finds them: each kind is left on purpose. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { lookForLeftovers } from '../../../chaos/leftovers.js';

const databaseUrl = process.env.DATABASE_URL ?? '';
const bootstrapServers = process.env.KAFKA_BOOTSTRAP_SERVERS ?? '';

test('a staging table, an open transaction, its lock and a temporary folder of the lake are found, and gone when they are gone', async (t) => {
  const lakePath = mkdtempSync(join(tmpdir(), 'sluice-leftovers-'));
  const table = `stage_leftover_${process.pid}`;
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'left-behind' });
  await client.connect();
  t.after(async () => {
    await client.query('ROLLBACK');
    await client.query(`DROP TABLE IF EXISTS sluice.${table}`);
    await client.end();
    rmSync(lakePath, { recursive: true });
  });
  // Other tests use the same database at the same time: only what is ours is asked for.
  const look = async (): Promise<readonly string[]> =>
    (await lookForLeftovers({ databaseUrl, bootstrapServers, topics: [], lakePath })).filter((leftover) =>
      /left_?-?over|left-behind|temporary folder/.test(leftover),
    );

  await client.query(`CREATE TABLE sluice.${table} (x int)`);
  await client.query('BEGIN');
  await client.query(`LOCK TABLE sluice.${table}`);
  mkdirSync(join(lakePath, '_temporary', '0'), { recursive: true });
  const found = await look();
  for (const what of [
    new RegExp(`^staging table in Postgres: sluice\\.${table}$`),
    /^open transaction in Postgres: \d+, left-behind/,
    /^session in Postgres: \d+, left-behind/,
    new RegExp(`^lock in Postgres: AccessExclusiveLock on (sluice\\.)?${table} by \\d+$`),
    /^temporary folder in the lake: _temporary$/,
  ]) {
    assert.ok(
      found.some((leftover) => what.test(leftover)),
      `${what} is not among ${found.join(' | ')}`,
    );
  }

  await client.query('COMMIT');
  await client.query(`DROP TABLE sluice.${table}`);
  rmSync(join(lakePath, '_temporary'), { recursive: true });
  const left = await look();
  assert.deepEqual(
    left.filter((leftover) => !leftover.startsWith('session')),
    [],
  );
});

test('a transaction that nobody has ended in Kafka is found', async (t) => {
  const topic = `leftovers-${process.pid}`;
  const lakePath = join(tmpdir(), 'no-such-lake');
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await Promise.all([admin.connect(), producer.connect()]);
  t.after(async () => {
    await producer.disconnect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value: 'undecided' }] });
  const look = async (): Promise<readonly string[]> =>
    (await lookForLeftovers({ databaseUrl, bootstrapServers, topics: [topic], lakePath })).filter((leftover) =>
      leftover.includes(topic),
    );
  assert.deepEqual(await look(), [`open transaction in Kafka: ${topic} partition 0 from offset 0 on`]);
  await transaction.abort();
  // The broker answers an abort before its marker is written.
  while ((await look()).length > 0);
  assert.deepEqual(await look(), []);
});
