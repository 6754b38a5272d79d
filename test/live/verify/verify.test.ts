import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { renderReport, type VerifyReport, verify } from '../../../verify/index.js';
import { World } from './world.js';

let world: World;
before(async () => {
  world = await World.create();
});
after(async () => {
  await world.close();
});

const run = (options: Parameters<typeof verify>[1] = {}): Promise<VerifyReport> =>
  verify(world.endpoints, { spark: false, settings: world.settings, ...options });

function failures({ checks }: VerifyReport): string[] {
  return checks.filter(({ holds }) => !holds).map(({ name }) => name);
}

/** Runs statements, verifies, and puts everything back. */
async function sabotaged(sql: string, undo: string): Promise<VerifyReport> {
  await world.database.query(sql);
  try {
    return await run();
  } finally {
    await world.database.query(undo);
  }
}

describe('verify', () => {
  it('is not ok for an empty system, and says that there is nothing to verify', async () => {
    const report = await run();
    assert.equal(report.ok, false);
    assert.match(report.verdict, /^Nothing to verify: the topic .* is empty and the ledger has no batch\.$/);
  });

  it('passes a system that is right, and counts what it has seen', async () => {
    await world.fill();
    const report = await run();
    assert.equal(report.ok, true, renderReport(report));
    assert.deepEqual([report.topic.records, report.topic.valid, report.topic.dead], [7, 6, 1]);
    assert.deepEqual(
      report.queries.map(({ query, relevant, counted, late, latePairs, open, pending }) => [
        query,
        relevant,
        counted,
        late,
        latePairs,
        open,
        pending,
      ]),
      [
        ['events', 6, 6, 0, 0, 0, 0],
        ['page_view_counts', 3, 3, 0, 0, 0, 0],
        ['active_users', 6, 5, 1, 5, 0, 0],
        ['user_sessions', 6, 4, 1, 1, 1, 0],
      ],
    );
    assert.deepEqual(
      report.checks.filter(({ status }) => status === 'skipped').map(({ name }) => name),
      ['active_users.spark'],
    );
  });

  it('leaves no consumer group behind', async () => {
    const admin = world.kafka.admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    assert.deepEqual(
      groups.filter(({ groupId }) => /verify/.test(groupId)),
      [],
    );
  });

  const tables: readonly (readonly [title: string, sql: string, undo: string, check: string, where: RegExp])[] = [
    [
      'a changed count',
      `UPDATE page_view_counts SET view_count = 3 WHERE page_url = '/a'`,
      `UPDATE page_view_counts SET view_count = 2 WHERE page_url = '/a'`,
      'page_view_counts.rows',
      /12:00:00\.000000Z, page_url \/a/,
    ],
    [
      'a row too many',
      `INSERT INTO page_view_counts (window_start, window_end, page_url, view_count, batch_id) VALUES ('2026-03-01T12:00Z', '2026-03-01T12:01Z', '/z', 1, 0)`,
      `DELETE FROM page_view_counts WHERE page_url = '/z'`,
      'page_view_counts.rows',
      /page_url \/z/,
    ],
    [
      'a user too many',
      `UPDATE active_users SET active_user_count = 9 WHERE window_start = '2026-03-01T12:01Z'`,
      `UPDATE active_users SET active_user_count = 1 WHERE window_start = '2026-03-01T12:01Z'`,
      'active_users.bound',
      /12:01:00/,
    ],
    [
      'a session a microsecond longer',
      `UPDATE user_sessions SET duration_seconds = 60.000001 WHERE user_id = 'u1'`,
      `UPDATE user_sessions SET duration_seconds = 60 WHERE user_id = 'u1'`,
      'user_sessions.rows',
      /user_id u1/,
    ],
    [
      'a lost session',
      `UPDATE user_sessions SET user_id = 'u9' WHERE user_id = 'u2'`,
      `UPDATE user_sessions SET user_id = 'u2' WHERE user_id = 'u9'`,
      'user_sessions.rows',
      /user_id u2/,
    ],
    [
      'a wrong watermark in the ledger',
      `UPDATE sluice.ledger SET watermark = watermark + interval '1 ms' WHERE query = 'user_sessions' AND batch_id = 3`,
      `UPDATE sluice.ledger SET watermark = watermark - interval '1 ms' WHERE query = 'user_sessions' AND batch_id = 3`,
      'user_sessions.ledger',
      /batch 3/,
    ],
    [
      'a wrong number of rows in the ledger',
      `UPDATE sluice.ledger SET rows = 9 WHERE query = 'active_users' AND batch_id = 0`,
      `UPDATE sluice.ledger SET rows = 5 WHERE query = 'active_users' AND batch_id = 0`,
      'active_users.batches',
      /batch 0/,
    ],
    [
      'a wrong number of dead records in the ledger',
      `UPDATE sluice.ledger SET dead = 2 WHERE query = 'events' AND batch_id = 0`,
      `UPDATE sluice.ledger SET dead = 1 WHERE query = 'events' AND batch_id = 0`,
      'events.batches',
      /batch 0, dead/,
    ],
    [
      'an unknown query',
      `UPDATE sluice.ledger SET query = 'more' WHERE query = 'user_sessions' AND batch_id = 3`,
      `UPDATE sluice.ledger SET query = 'user_sessions' WHERE query = 'more'`,
      'ledger.queries',
      /more/,
    ],
  ];
  for (const [title, sql, undo, name, where] of tables) {
    it(`finds ${title}`, async () => {
      const report = await sabotaged(sql, undo);
      assert.equal(report.ok, false);
      const check = report.checks.find((one) => one.name === name);
      assert.equal(check?.status, 'failed', renderReport(report));
      assert.ok(
        check.samples.some((sample) => where.test(sample.where)),
        JSON.stringify(check.samples),
      );
    });
  }

  it('fails on empty tables and on a ledger without rows, though the topic has data', async () => {
    await world.database.query('BEGIN');
    await world.database.query('CREATE TABLE kept AS SELECT * FROM sluice.ledger');
    await world.database.query('DELETE FROM sluice.ledger');
    await world.database.query('COMMIT');
    const report = await run();
    await world.database.query('INSERT INTO sluice.ledger SELECT * FROM kept');
    await world.database.query('DROP TABLE kept');
    assert.equal(report.ok, false);
    for (const query of ['events', 'page_view_counts', 'active_users', 'user_sessions'])
      assert.ok(failures(report).includes(`${query}.ledger`));
    assert.ok(failures(report).includes('user_sessions.rows'));
  });

  it('finds a lost lake folder and names the records', async () => {
    const folder = dirname(world.lakeFile(1));
    await cp(folder, `${world.lake}-kept`, { recursive: true });
    await rm(folder, { recursive: true });
    const report = await run();
    await cp(`${world.lake}-kept`, folder, { recursive: true });
    await rm(`${world.lake}-kept`, { recursive: true });
    const check = report.checks.find(({ name }) => name === 'lake.rows');
    assert.deepEqual(
      check?.samples.map(({ kind, where }) => [kind, where.replace(/^.*partition/, 'partition')]),
      [
        ['missing', 'partition 0 offset 2'],
        ['missing', 'partition 0 offset 3'],
      ],
    );
  });

  it('ignores what is in flight: folders and records of batches after the ledger’s last', async () => {
    await world.database.query(`DELETE FROM sluice.ledger WHERE query = 'events' AND batch_id = 2`);
    const report = await run();
    await world.database.query(
      `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, rows)
       SELECT pipeline, query, query_id, 2, epoch, jsonb_build_object($1::text, '{"0": [4, 4], "1": [2, 5], "2": [0, 0]}'::jsonb), 1
       FROM sluice.ledger WHERE query = 'events' AND batch_id = 1`,
      [world.settings.topics.activity],
    );
    assert.equal(report.ok, true, renderReport(report));
    assert.equal(report.queries[0]?.pending, 1);
  });

  it('names a Kafka that does not answer, without waiting for ever', async () => {
    const endpoints = { ...world.endpoints, bootstrapServers: '127.0.0.1:1' };
    await assert.rejects(verify(endpoints, { spark: false, settings: world.settings }), {
      name: 'VerifyError',
      kind: 'kafka',
      message: /127\.0\.0\.1:1/,
    });
  });

  it('names a Postgres that does not answer, without its password', async () => {
    const endpoints = { ...world.endpoints, databaseReaderUrl: 'postgres://u:secret@127.0.0.1:1/x' };
    await assert.rejects(
      verify(endpoints, { spark: false }),
      (error: Error) => /127\.0\.0\.1:1\/x/.test(error.message) && !/secret/.test(error.message),
    );
  });

  it('stops when it is told to', async () => {
    await assert.rejects(run({ signal: AbortSignal.abort(new Error('told to')) }), /told to/);
  });

  it('says that the equality with Spark was not run, and does not hold, when Spark does not answer', async () => {
    const endpoints = { ...world.endpoints, sparkRemote: 'sc://127.0.0.1:1' };
    const report = await verify(endpoints, { settings: world.settings });
    assert.deepEqual(failures(report), ['active_users.spark']);
    assert.equal(report.ok, false);
  });

  it('finds the estimates equal to what Spark makes of the same users', async () => {
    const report = await verify(world.endpoints, { settings: world.settings });
    assert.equal(report.ok, true, renderReport(report));
    assert.equal(report.checks.find(({ name }) => name === 'active_users.spark')?.found, 11);
  });

  // The topics only grow, so these come last and are checked by name.
  it('finds a second record of the same event in the enriched topic', async () => {
    const { activity, enriched } = world.settings.topics;
    const value = {
      event_time: '2026-03-01T12:00:00.000Z',
      user_id: 'u1',
      page_url: '/a',
      event_type: 'session_start',
      processing_time: '2026-03-02T00:00:01.000000Z',
    };
    const headers = { source_topic: activity, source_partition: '0', source_offset: '0', batch_id: '0' };
    const send = (fields: object, more: Record<string, string> = {}): Promise<void> =>
      world.withProducer({}, async (producer) => {
        await producer.send({
          topic: enriched,
          messages: [{ key: 'u1', value: JSON.stringify(fields), headers: { ...headers, ...more } }],
        });
      });
    await send(value);
    const check = async (): Promise<string[]> =>
      (await run()).checks
        .find(({ name }) => name === 'enriched.records')
        ?.samples.map(({ kind, found = '' }) => `${kind} ${found}`.trim()) ?? [];
    assert.deepEqual(await check(), ['duplicate']);
    await send(value, { source_offset: '77' });
    assert.deepEqual(await check(), ['duplicate', 'unexpected a row of batch 0']);
    await send(value, { batch_id: '' });
    assert.deepEqual((await check()).at(-1), 'broken source_partition 0, source_offset 0, batch_id');
  });

  it('finds a dead letter with another reason', async () => {
    const { activity, deadLetter } = world.settings.topics;
    await world.withProducer({}, async (producer) => {
      await producer.send({
        topic: deadLetter,
        messages: [
          {
            key: 'k',
            value: '{"event_time":',
            headers: {
              reason: 'null_value',
              source_topic: activity,
              source_partition: '1',
              source_offset: '1',
              batch_id: '0',
            },
          },
        ],
      });
    });
    const report = await run();
    assert.equal(report.checks.find(({ name }) => name === 'dead-letters.records')?.samples[0]?.kind, 'duplicate');
  });
});

describe('verify of sink topics that are wrong', () => {
  let wrong: World;
  let report: VerifyReport;
  before(async () => {
    wrong = await World.create();
    await wrong.fill({
      enriched: ([page, key, lost, time, extra, batch]) =>
        page && key && lost && time && extra && batch
          ? [
              { ...page, value: page.value.replace('"/a"', '"/b"') },
              { ...key, key: 'u9' },
              { ...time, value: time.value.replace('00:00:01', '00:00:02') },
              { ...extra, value: extra.value.replace('{', '{"more":1,') },
              { ...batch, headers: { ...batch.headers, batch_id: '1' } },
            ]
          : [],
      deadLetters: (messages) =>
        messages.map((message) => ({ ...message, headers: { ...message.headers, reason: 'null_value' } })),
    });
    report = await verify(wrong.endpoints, { spark: false, settings: wrong.settings });
  });
  after(async () => {
    await wrong.close();
  });

  const samples = (name: string): string[] =>
    report.checks
      .find((check) => check.name === name)
      ?.samples.map(({ kind, where, expected = '', found = '' }) => {
        const source =
          /partition \d offset \d(?=\)|$|\), )/.exec(where.replace(/^\S+ partition \d+ offset \d+ /, ''))?.[0] ?? where;
        return `${kind} ${source}: ${expected} | ${found}`;
      }) ?? [];

  it('names each record of the enriched topic with what is wrong', () => {
    assert.deepEqual(samples('enriched.records'), [
      'different partition 0 offset 1: u1 | u9',
      'different partition 0 offset 2: 2026-03-02T00:00:01.000000Z, as the lake has for batch 1 | 2026-03-02T00:00:02.000000Z',
      `broken partition 0 offset 3: JSON with the four fields and processing_time | {"more":1,"event_time":"2026-03-01T12:20:00.000Z","user_id":"u2","page_url":"/b","event_type":"page_view","processing_time":"2026-03-02T00:00:01.000000Z"}`,
      'unexpected partition 1 offset 2: batch 2 | batch 1',
      'different partition 0 offset 0: page_url /a | page_url /b',
      'missing partition 1 offset 0:  | ',
      'missing partition 1 offset 2:  | ',
    ]);
  });

  it('names the dead letter with the wrong reason', () => {
    assert.deepEqual(samples('dead-letters.records'), [
      'different partition 1 offset 1: reason not_a_json_object | reason null_value',
    ]);
  });

  it('leaves the other checks standing', () => {
    assert.deepEqual(failures(report), ['enriched.records', 'dead-letters.records', 'events.conservation']);
  });
});
