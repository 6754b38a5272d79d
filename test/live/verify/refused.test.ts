import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { renderReport, type VerifyReport, verify } from '../../../verify/index.js';
import { World } from './world.js';

/** The enriched record of partition 0 offset 2 is not in the topic; everything else is as it should be. */
let world: World;
before(async () => {
  world = await World.create();
  await world.fill({
    enriched: (messages) =>
      messages.filter(({ headers }) => headers.source_offset !== '2' || headers.source_partition !== '0'),
  });
});
after(async () => {
  await world.close();
});

const run = (): Promise<VerifyReport> => verify(world.endpoints, { spark: false, settings: world.settings });

type What = Readonly<Record<string, string>>;

async function refuse(query: string, batchId: number, what: What): Promise<void> {
  await world.database.query(
    `INSERT INTO sluice.refused_rows (pipeline, query, query_id, batch_id, number, what, why)
     SELECT 'user-activity', $1, query_id, $2, (SELECT count(*) FROM sluice.refused_rows), $3, 'no' FROM sluice.ledger WHERE query = $1 LIMIT 1`,
    [query, batchId, JSON.stringify(what)],
  );
}

function samples({ checks }: VerifyReport): string[] {
  return checks.flatMap(({ name, samples: found }) =>
    found.map((one) => `${name}: ${one.kind} ${one.where}: ${one.expected ?? ''} | ${one.found ?? ''}`),
  );
}

/** As the sinks write them: times as Spark prints them, without a zone, or as Postgres does. */
const SESSION = {
  user_id: 'u2',
  session_start: '2026-03-01 12:00:10.25',
  session_end: '2026-03-01 12:00:10.25',
  duration_seconds: '0.000000',
  event_count: '1',
  page_views: '1',
  end_reason: 'timeout',
};
const VIEWS = {
  window_start: '2026-03-01 12:20:00+00',
  window_end: '2026-03-01 12:21:00+00',
  page_url: '/b',
  view_count: '1',
};
const USERS = { window_start: '2026-03-01 12:01:00', window_end: '2026-03-01 12:06:00', active_user_count: '1' };
const record = (offset: number, partition = 0): What => ({
  topic: world.settings.topics.enriched,
  source_topic: world.settings.topics.activity,
  source_partition: String(partition),
  source_offset: String(offset),
});

describe('verify where a sink has refused rows', () => {
  it('misses a record that is neither in the topic nor noted as refused', async () => {
    const report = await run();
    assert.deepEqual(
      report.checks.filter(({ holds }) => !holds).map(({ name }) => name),
      ['enriched.records', 'events.conservation'],
    );
  });

  it('takes rows that are missing or old and noted as refused for accounted for, and says how many there are', async () => {
    await refuse('events', 1, record(2));
    await refuse('user_sessions', 2, SESSION);
    await refuse('page_view_counts', 1, VIEWS);
    await refuse('active_users', 1, USERS);
    await world.database.query(`
      DELETE FROM user_sessions WHERE user_id = 'u2';
      DELETE FROM page_view_counts WHERE page_url = '/b';
      UPDATE active_users SET active_user_count = 7, batch_id = 0 WHERE window_start = '2026-03-01T12:01Z';
    `);
    const report = await run();
    assert.equal(report.ok, true, renderReport(report));
    assert.match(report.verdict, /4 rows are refused by a sink: see sluice\.refused_rows\./);
    assert.deepEqual(
      report.queries.map(({ refused }) => refused),
      [1, 1, 1, 1],
    );
    assert.match(
      report.checks.find(({ name }) => name === 'enriched.records')?.note ?? '',
      /1 record is refused by Kafka/,
    );
  });

  it('compares with Spark what the table has, and leaves out the refused window', async () => {
    const report = await verify(world.endpoints, { settings: world.settings });
    assert.equal(report.ok, true, renderReport(report));
    assert.equal(report.checks.find(({ name }) => name === 'active_users.spark')?.expected, 10);
  });

  it('finds what is both refused and in its sink', async () => {
    await refuse('events', 0, record(0));
    await refuse('user_sessions', 2, {
      ...SESSION,
      user_id: 'u1',
      session_start: '2026-03-01 12:00:00',
      session_end: '2026-03-01 12:01:00',
    });
    await refuse('active_users', 1, { ...USERS, window_start: '2026-03-01 12:20:00' });
    const found = samples(await run());
    await world.database.query('DELETE FROM sluice.refused_rows WHERE number >= 4');
    assert.equal(found.length, 3, found.join('\n'));
    assert.match(
      found.join('\n'),
      /active_users.bound: unexpected window_start 2026-03-01T12:20:00.000000Z: an older row or none.*batch_id 1/,
    );
    assert.match(
      found.join('\n'),
      /user_sessions.rows: unexpected user_id u1, .*: an older row or none: sluice\.refused_rows has it for batch 2/,
    );
    assert.match(
      found.join('\n'),
      /enriched\.records: unexpected sluice\.refused_rows, batch 0, .*nothing: \S+_enriched has the record/,
    );
  });

  it('finds a refused row that its query never delivered, or not so', async () => {
    await refuse('events', 1, record(77));
    await refuse('events', 0, { ...record(3), topic: 'elsewhere' });
    await refuse('user_sessions', 2, { ...SESSION, user_id: 'u9' });
    await refuse('page_view_counts', 3, VIEWS);
    await world.database.query(
      `UPDATE sluice.refused_rows SET what = replace(what, '"view_count":"1"', '"view_count":"2"') WHERE batch_id = 1`,
    );
    const found = samples(await run());
    await world.database.query('DELETE FROM sluice.refused_rows WHERE number >= 4');
    await world.database.query(
      `UPDATE sluice.refused_rows SET what = replace(what, '"view_count":"2"', '"view_count":"1"')`,
    );
    assert.equal(found.length, 5, found.join('\n'));
    assert.match(
      found.join('\n'),
      /page_view_counts\.rows: different sluice\.refused_rows, .*page_url \/b: view_count 1 \| view_count 2/,
    );
    assert.match(found.join('\n'), /page_view_counts\.rows: unexpected sluice\.refused_rows, batch 3/);
    assert.match(found.join('\n'), /user_sessions\.rows: unexpected sluice\.refused_rows, batch 2, .*u9/);
    assert.match(found.join('\n'), /enriched\.records: unexpected sluice\.refused_rows, batch 1, .*"77"/);
    assert.match(found.join('\n'), /dead-letters\.records: unexpected sluice\.refused_rows, batch 0, .*elsewhere/);
    assert.equal((await run()).ok, true);
  });
});
