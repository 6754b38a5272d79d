/** The four queries on a real Spark: what their plans deliver is what their sinks take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userActivity } from '../../../spark/pipeline/index.js';
import { withClient } from '../../../spark/sinks/postgres.js';
import { EVENT_COLUMNS } from '../../../spark/sinks/sink.js';
import { openSession } from '../connect/open-session.js';
import { kafkaRecords } from './kafka-records.js';
import { FUTURE_TOLERANCE_MS, RECORDS } from './records.js';

const spark = await openSession();
const { queries } = userActivity({
  topic: 'user_activity',
  watermarkDelayMs: 120_000,
  sessionTimeoutMs: 300_000,
  futureToleranceMs: FUTURE_TOLERANCE_MS,
});
const records = kafkaRecords(
  spark,
  RECORDS.map(([, value]) => value),
);

for (const { name, plan, sink } of queries) {
  test(`query ${name} delivers the columns that its sink takes, no more and no fewer`, async () => {
    const taken =
      sink.kind === 'upsert'
        ? sink.columns
        : [...sink.lakeColumns, sink.dateColumn, ...Object.values(EVENT_COLUMNS)].filter(
            (name) => name !== sink.processingTime,
          );
    assert.deepEqual([...(await plan(records).columns())].sort(), [...new Set(taken)].sort());
  });

  if (sink.kind !== 'upsert') continue;
  test(`the table of query ${name} has these columns and its key`, async () => {
    const { columns, key } = await withClient(async (client) => ({
      columns: (
        await client.query<{ name: string }>(
          'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2',
          ['public', sink.table],
        )
      ).rows.map((row) => row.name),
      key: (
        await client.query<{ name: string }>(
          `SELECT a.attname::text AS name FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
           WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY k.place`,
          [`public.${sink.table}`],
        )
      ).rows.map((row) => row.name),
    }));
    assert.deepEqual([...columns].sort(), [...sink.columns, 'batch_id', 'updated_at'].sort());
    assert.deepEqual(key, sink.key);
  });
}

test('each record becomes either an enriched one with its four fields or a dead one with its bytes, never both', async () => {
  const events = queries.find(({ name }) => name === 'events');
  assert.ok(events);
  const rows = (await events.plan(records).collect()) as {
    kafka_offset: bigint;
    reason: string | null;
    enriched_key: string | null;
    enriched_value: string | null;
    dead_key: Uint8Array | null;
    dead_value: Uint8Array | null;
  }[];
  assert.equal(rows.length, RECORDS.length);
  for (const row of rows) {
    const [title, value, verdict] = RECORDS[Number(row.kafka_offset)] ?? ['no such record', null, 'valid'];
    if (verdict === 'valid') {
      assert.deepEqual([row.reason, row.dead_key, row.dead_value], [null, null, null], title);
      const enriched = JSON.parse(row.enriched_value ?? 'null') as Record<string, string>;
      assert.deepEqual(Object.keys(enriched), ['event_time', 'user_id', 'page_url', 'event_type'], title);
      assert.equal(enriched.user_id, row.enriched_key, title);
      assert.equal(enriched.event_time, (JSON.parse(String(value)) as { event_time: string }).event_time, title);
    } else {
      assert.deepEqual([row.reason, row.enriched_key, row.enriched_value], [verdict, null, null], title);
      assert.equal(Buffer.from(row.dead_key ?? []).toString(), `key ${row.kafka_offset}`, title);
      const original = value === null ? null : Buffer.from(value as Buffer);
      assert.deepEqual(row.dead_value === null ? null : Buffer.from(row.dead_value), original, title);
    }
  }
});
