import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';
import { type VerifyProgress, type VerifyReport, type WatchRound, watch } from '../../../verify/index.js';
import { World } from './world.js';

type Round = WatchRound<VerifyReport>;

let world: World;
before(async () => {
  world = await World.create();
});
after(async () => {
  await world.close();
});

const FORGE = `UPDATE page_view_counts SET view_count = 3 WHERE page_url = '/a'`;
const UNDO = `UPDATE page_view_counts SET view_count = 2 WHERE page_url = '/a'`;

describe('watch', () => {
  it('waits while there is nothing, holds when there is, reads on only what is new, and names the first violation', async () => {
    const progress: VerifyProgress[] = [];
    const rounds = watch(world.endpoints, {
      settings: world.settings,
      spark: false,
      intervalMs: 1,
      onProgress: (step) => progress.push(step),
    });
    const next = async (): Promise<Round> => {
      progress.length = 0;
      return (await rounds.next()).value as Round;
    };
    const first = await next();
    assert.deepEqual([first.round, first.outcome, first.records], [1, 'waiting', 0]);

    await world.fill();
    const filled = await next();
    assert.deepEqual([filled.outcome, filled.records, filled.pending, filled.late], ['holds', 7, 0, 2], filled.verdict);
    assert.equal(filled.report, undefined);

    await world.withProducer({}, async (producer) => {
      const messages = [{ partition: 2, value: 'not yet read' }];
      await producer.send({ topic: world.settings.topics.activity, messages });
    });
    const grown = await next();
    assert.deepEqual([grown.outcome, grown.records, grown.pending], ['holds', 8, 1], grown.verdict);
    const read = progress.filter(({ step }) => step === 'topic');
    assert.deepEqual(
      read.map(({ records, recordsAll }) => [records, recordsAll]),
      [[1, 1]],
    );

    await world.database.query(FORGE);
    const forged = await next();
    await world.database.query(UNDO);
    assert.deepEqual([forged.round, forged.outcome], [4, 'violated']);
    assert.ok(forged.failed.includes('page_view_counts.rows'), forged.failed.join());
    assert.equal(forged.report?.ok, false);
    assert.equal((await next()).outcome, 'holds', 'what was found in one round does not stay for the next');
    await rounds.return();
  });

  it('waits for a query that has not come to its first batch yet, and names a ledger that has lost one', async () => {
    const rounds = watch(world.endpoints, { settings: world.settings, spark: false, intervalMs: 1 });
    const next = async (): Promise<Round> => (await rounds.next()).value as Round;
    await world.database.query(`UPDATE sluice.ledger SET pipeline = 'x' WHERE query = 'active_users'`);
    await world.database.query(
      'ALTER TABLE public.active_users RENAME TO kept; CREATE TABLE public.active_users (LIKE public.kept)',
    );
    await world.database.query('GRANT SELECT ON public.active_users TO sluice_reader');
    try {
      const early = await next();
      assert.deepEqual([early.outcome, early.failed], ['waiting', []], early.verdict);
    } finally {
      await world.database.query('DROP TABLE public.active_users; ALTER TABLE public.kept RENAME TO active_users');
      await world.database.query(`UPDATE sluice.ledger SET pipeline = 'user-activity' WHERE pipeline = 'x'`);
    }
    assert.equal((await next()).outcome, 'holds');
    await world.database.query(`UPDATE sluice.ledger SET pipeline = 'x' WHERE query = 'user_sessions'`);
    const lost = await next();
    await world.database.query(`UPDATE sluice.ledger SET pipeline = 'user-activity' WHERE pipeline = 'x'`);
    assert.equal(lost.outcome, 'violated');
    assert.ok(lost.failed.includes('user_sessions.ledger'), lost.failed.join());
    assert.match(lost.verdict, /ledger of user_sessions has lost batches since the round before, when it had 4/);
    await rounds.return();
  });

  it('says when a service is away, and goes on when it is back', async () => {
    const endpoints = { ...world.endpoints };
    const rounds = watch(endpoints, { settings: world.settings, spark: false, intervalMs: 1 });
    const outcome = async (): Promise<string | undefined> => ((await rounds.next()).value as Round).outcome;
    assert.equal(await outcome(), 'holds');
    Object.assign(endpoints, { databaseReaderUrl: 'postgresql://u:p@127.0.0.1:1/d' });
    assert.equal(await outcome(), 'unreachable');
    Object.assign(endpoints, { databaseReaderUrl: world.endpoints.databaseReaderUrl, bootstrapServers: '127.0.0.1:1' });
    assert.equal(await outcome(), 'unreachable');
    Object.assign(endpoints, { bootstrapServers: world.endpoints.bootstrapServers });
    assert.equal(await outcome(), 'holds');
    await rounds.return();
  });

  it('fails when a service cannot be read in the first round', async () => {
    const endpoints = { ...world.endpoints, databaseReaderUrl: 'postgresql://u:p@127.0.0.1:1/d' };
    await assert.rejects(watch(endpoints, { settings: world.settings }).next(), /Postgres at 127\.0\.0\.1:1/);
  });

  it('ends without an error when it is told to, also in the middle of a wait', async () => {
    const stop = new AbortController();
    const rounds = watch(world.endpoints, {
      settings: world.settings,
      spark: false,
      intervalMs: 3_600_000,
      signal: stop.signal,
    });
    await rounds.next();
    const last = rounds.next();
    stop.abort();
    assert.deepEqual(await last, { done: true, value: undefined });
  });
});

describe('sluice verify --watch', () => {
  it('prints a line per round, exits with 0 on Ctrl-C', async () => {
    const { child, lines } = command(['--watch', '--interval', '100ms']);
    for await (const line of lines) {
      assert.match(line, /^\d\d:\d\d:\d\d holds {2}8 records, \d+ batches, 2 late, 1 to come {2}/);
      child.kill('SIGINT');
      break;
    }
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('prints a JSON object per round, exits with 1 at the first violation and shows all of it', async () => {
    const { child, lines } = command(['--watch', '--interval', '100ms', '--json']);
    const exited = once(child, 'exit');
    const outcomes: string[] = [];
    try {
      for await (const line of lines) {
        const round = JSON.parse(line) as Round;
        outcomes.push(round.outcome);
        if (round.outcome === 'violated') assert.equal(round.report?.format, 'sluice.verify/1');
        else await world.database.query(FORGE);
      }
    } finally {
      await world.database.query(UNDO);
    }
    assert.deepEqual(await exited, [1, null]);
    assert.deepEqual([outcomes[0], outcomes.at(-1)], ['holds', 'violated']);
    assert.equal(outcomes.filter((outcome) => outcome === 'violated').length, 1);
  });
});

function command(args: readonly string[]): { child: ChildProcess; lines: AsyncIterable<string> } {
  const { activity, enriched, deadLetter } = world.settings.topics;
  const child = spawn(process.execPath, [join(packageRoot(), 'cli', 'sluice.js'), 'verify', ...args], {
    cwd: world.lake,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: world.endpoints.databaseUrl,
      LAKE_PATH: world.lake,
      TOPIC_ACTIVITY: activity,
      TOPIC_ENRICHED: enriched,
      TOPIC_DEAD_LETTER: deadLetter,
    },
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}
