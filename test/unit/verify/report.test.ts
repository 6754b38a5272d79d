import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Check, CheckBuilder, SAMPLES_MAX } from '../../../verify/compare.js';
import { renderReport } from '../../../verify/render.js';
import { type QuerySummary, type TopicSummary, type VerifyReport, verdictOf } from '../../../verify/report.js';
import { DEFAULT_SETTINGS } from '../../../verify/settings.js';

const TOPIC: TopicSummary = {
  name: 'user_activity',
  exists: true,
  partitions: 4,
  records: 1_234_567,
  valid: 1_234_560,
  dead: 7,
  deadByReason: { null_value: 3, event_time_in_future: 4 },
};
const summary = (query: QuerySummary['query'], records = 1_234_567): QuerySummary => ({
  query,
  batches: 12,
  records,
  valid: records,
  dead: 0,
  relevant: records,
  counted: records,
  late: 0,
  latePairs: 0,
  open: 0,
  pending: 0,
  refused: 0,
  lateSamples: [],
});
const QUERIES = (['events', 'page_view_counts', 'active_users', 'user_sessions'] as const).map((query) =>
  summary(query),
);

function passed(): Check {
  const check = new CheckBuilder(
    'page_view_counts.rows',
    'page_view_counts, every row and column, as recomputed batch by batch',
  );
  check.count(5, 5);
  return check.finish({ emptyHolds: false });
}
function failed(differences: number): Check {
  const check = new CheckBuilder('user_sessions.rows', 'user_sessions, every row');
  for (let i = 0; i < differences; i++)
    check.difference(
      'different',
      `user_id u${i}, session_start 1772366340000000`,
      'event_count 3',
      `event_count ${'4'.repeat(300)}`,
    );
  return check.finish({ emptyHolds: false });
}
function report(checks: readonly Check[], topic = TOPIC, queries: readonly QuerySummary[] = QUERIES): VerifyReport {
  return {
    format: 'sluice.verify/1',
    ...verdictOf(topic, queries, checks),
    startedAt: '2026-03-01T12:00:00.000Z',
    durationMs: 1200,
    settings: DEFAULT_SETTINGS,
    topic,
    queries,
    checks,
  };
}

describe('a check', () => {
  it('keeps the first differences and counts all', () => {
    const check = failed(25);
    assert.equal(check.samples.length, SAMPLES_MAX);
    assert.equal(check.differences, 25);
  });

  it('that compared nothing does not hold by itself', () => {
    const empty = (emptyHolds: boolean): Check => new CheckBuilder('x', 'x').finish({ emptyHolds });
    assert.deepEqual([empty(false).status, empty(false).holds, empty(true).holds], ['empty', false, true]);
  });

  it('that could not be run does not hold, one left out on request does', () => {
    assert.equal(new CheckBuilder('x', 'x').notRun('no Spark').holds, false);
    assert.equal(new CheckBuilder('x', 'x').skipped('--no-spark').holds, true);
  });
});

describe('the verdict', () => {
  it('is ok when all checks hold over some records', () => {
    assert.equal(report([passed()]).ok, true);
  });

  it('is not ok when one check fails, and names it', () => {
    const { ok, verdict } = report([passed(), failed(1)]);
    assert.equal(ok, false);
    assert.match(verdict, /user_sessions\.rows/);
  });

  it('is not ok for an empty system', () => {
    const queries = QUERIES.map((query) => ({ ...query, batches: 0, records: 0 }));
    const { ok, verdict } = report([], { ...TOPIC, records: 0 }, queries);
    assert.equal(ok, false);
    assert.match(verdict, /^Nothing to verify/);
  });

  it('is not ok when one query has verified nothing', () => {
    const { ok, verdict } = report([passed()], TOPIC, [...QUERIES.slice(0, 3), summary('user_sessions', 0)]);
    assert.equal(ok, false);
    assert.match(verdict, /^Nothing to verify yet for user_sessions:/);
  });

  it('is that it is too early when nothing is wrong and a query has come to no record yet', () => {
    const empty = new CheckBuilder('user_sessions.rows', 'x').finish({ emptyHolds: false });
    const queries = [...QUERIES.slice(0, 3), summary('user_sessions', 0)];
    const early = report([passed(), empty], TOPIC, queries);
    assert.equal(early.ok, false);
    assert.match(early.verdict, /^Nothing to verify yet for user_sessions:.*`sluice verify --wait`/);
    const wrong = report([passed(), empty, failed(1)], TOPIC, queries);
    assert.match(wrong.verdict, /^2 of 3 checks do not hold: user_sessions\.rows, /);
  });

  it('names what was left out on request', () => {
    const { ok, verdict } = report([passed(), new CheckBuilder('active_users.spark', 'x').skipped('--no-spark')]);
    assert.equal(ok, true);
    assert.match(verdict, /Not run: active_users\.spark/);
  });
});

describe('the rendered report', () => {
  const all = report([
    passed(),
    failed(12),
    new CheckBuilder('active_users.spark', 'equal').notRun('no Spark'),
    new CheckBuilder('lake.rows', 'lake').finish({ emptyHolds: false }),
  ]);

  it('never exceeds 80 columns', () => {
    for (const line of renderReport(all).split('\n')) assert.ok(line.length <= 80, `${line.length}: ${line}`);
  });

  it('has colour codes only when asked for', () => {
    assert.ok(!renderReport(all).includes('\u001b'));
    assert.ok(renderReport(all, { color: true }).includes('\u001b[31m'));
  });

  it('shows the conservation line, every check, the differences and how many more', () => {
    const text = renderReport(all);
    assert.match(text, /1,234,567 records = 1,234,560 valid \+ 7 dead/);
    assert.match(text, /ok {6}page_view_counts/);
    assert.match(text, /FAIL {4}user_sessions/);
    assert.match(text, /not run equal/);
    assert.match(text, /nothing lake/);
    assert.match(text, /different: user_id u0/);
    assert.match(text, /and 2 more/);
  });

  it('survives control characters in what it shows', () => {
    const check = new CheckBuilder('x', 'x');
    check.difference('unexpected', 'page_url \u001b[31m\n\u0000');
    const text = renderReport(report([check.finish({ emptyHolds: false })]));
    assert.ok(!text.includes('\u001b') && !text.includes('\u0000'), text);
  });

  it('is plain JSON as a value', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(all)), all);
  });
});
