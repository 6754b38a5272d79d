/** What is worth an alert, and the metrics as they are documented. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';
import { alertsOf, type Seen } from '../../../web/alerts.js';
import { OTHER_METRICS, QUERY_METRICS, renderMetrics } from '../../../web/metrics.js';
import type { Facts, QueryNow, Snapshot } from '../../../web/snapshot.js';

const QUERY: QueryNow = {
  query: 'q',
  phase: 'running',
  lastBatch: '4',
  lastCommit: '2026-01-01T00:00:58.000Z',
  rows: 100,
  dead: 3,
  watermark: '2026-01-01T00:00:30.000Z',
  lag: 0,
  inputRowsPerSecond: 5,
  processedRowsPerSecond: 6,
  batchDurationMs: 1500,
  durationsMs: { addBatch: 1_200, queryPlanning: 300 },
  stateRows: 7,
  stateBytes: 8,
  lateRows: 0,
  restarts: 0,
};

function facts(query: Partial<QueryNow> = {}, others: Partial<Facts> = {}): Facts {
  return {
    pipeline: { name: 'p', topics: ['t'], queries: [] },
    services: [{ service: 'Kafka', address: 'k:1', isUp: true }],
    runSince: '2026-01-01T00:00:00.000Z',
    queries: [{ ...QUERY, ...query }],
    batches: [],
    tables: [],
    ledger: [],
    deadLetters: { byReason: { 'a "b"\n': 2 }, latest: [] },
    lateBatches: [],
    ...others,
  };
}

const names = (...seen: readonly Seen[]): readonly string[] => alertsOf(seen).map(({ name }) => name);
const minute = (before: Facts, now: Facts): readonly string[] =>
  names({ atMs: 0, facts: before }, { atMs: 50_000, facts: now });

test('a system that does its work is no cause for an alert', () => {
  assert.deepEqual(
    minute(
      facts({ lag: 20_000 }),
      facts({ lag: 9_000, lastBatch: '5', rows: 200, watermark: '2026-01-01T00:01:00.000Z' }),
    ),
    [],
  );
  assert.deepEqual(minute(facts(), facts()), []);
  // What comes in during the batches that are under way waits for the next ones.
  const busy = { inputRowsPerSecond: 1_200, batchDurationMs: 8_000 };
  assert.deepEqual(minute(facts(), facts({ ...busy, lag: 12_490 })), []);
});

test('a lag that grows, a watermark that stays while rows come, and a restart are told', () => {
  assert.deepEqual(
    minute(facts(), facts({ lastBatch: '5', rows: 200, watermark: '2026-01-01T00:01:00.000Z', lag: 9_000 })),
    ['lag-growing'],
  );
  assert.deepEqual(minute(facts({ lag: 6_000 }), facts({ lag: 8_000 })), ['lag-growing']);
  const slow = { inputRowsPerSecond: 1_200, batchDurationMs: 90_000 };
  assert.deepEqual(minute(facts(), facts({ ...slow, lag: 40_000 })), ['lag-growing']);
  assert.deepEqual(minute(facts(), facts({ lastBatch: '5', rows: 200 })), ['watermark-stuck']);
  assert.deepEqual(minute(facts(), facts({ restarts: 1 })), ['query-restarted']);
  assert.deepEqual(names({ atMs: 0, facts: facts({ phase: 'waiting-to-restart' }) }), ['query-waiting']);
});

test('a service that is away and a pipeline that nobody runs are told at once', () => {
  const services = [{ service: 'Kafka', address: 'k:1', isUp: false, problem: 'no answer' }];
  const { runSince: _, ...idle } = facts({}, { services });
  assert.deepEqual(names({ atMs: 0, facts: idle }), ['service-down', 'not-running']);
});

test('a check that does not hold is told, nothing to verify is not', () => {
  const verification = {
    at: '2026-01-01T00:00:30.123Z',
    ok: false,
    verdict: 'v',
    failed: ['events.lake'],
    lateRows: [],
  };
  const [alert] = alertsOf([{ atMs: 0, facts: facts({}, { verification }) }]);
  assert.deepEqual(alert, {
    severity: 'critical',
    name: 'verification-failed',
    what: 'sluice verify found at 2026-01-01T00:00:30Z what does not hold: events.lake',
  });
  assert.deepEqual(names({ atMs: 0, facts: facts({}, { verification: { ...verification, failed: [] } }) }), []);
  assert.deepEqual(names({ atMs: 0, facts: facts({}, { verification: { ...verification, ok: true } }) }), []);
  const text = renderMetrics({ ...snapshot, verification }, Date.parse(snapshot.at));
  assert.match(text, /^sluice_verification_ok 0$/m);
  assert.match(text, /^sluice_verification_age_seconds 29\.877$/m);
  assert.doesNotMatch(renderMetrics(snapshot, Date.parse(snapshot.at)), /verification/);
});

const snapshot: Snapshot = {
  format: 'sluice.dashboard/1',
  at: '2026-01-01T00:01:00.000Z',
  ...facts(),
  topicRecords: 12,
  alerts: [],
};

test('every metric is there with its unit, and labels are escaped', () => {
  const text = renderMetrics(snapshot, Date.parse('2026-01-01T00:01:02.500Z'));
  assert.match(text, /^sluice_query_watermark_lag_seconds\{query="q"\} 30$/m);
  assert.match(text, /^sluice_query_last_commit_age_seconds\{query="q"\} 2$/m);
  assert.match(text, /^sluice_query_batch_duration_seconds\{query="q"\} 1\.5$/m);
  assert.match(text, /^sluice_dead_letters_total\{reason="a \\"b\\"\\n"\} 2$/m);
  assert.match(text, /^sluice_snapshot_age_seconds 2\.5$/m);
  for (const { name } of QUERY_METRICS) assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
});

test('what is not known is left out instead of being called zero', () => {
  const { lag: _, ...query } = QUERY;
  const { topicRecords: __, ...others } = snapshot;
  const text = renderMetrics({ ...others, queries: [query] }, Date.parse(snapshot.at));
  assert.doesNotMatch(text, /lag_records|topic_records/);
});

test('docs/dashboard.md names every metric', () => {
  const text = readFileSync(join(packageRoot(), 'docs', 'dashboard.md'), 'utf8');
  const all = [...QUERY_METRICS.map(({ name }) => name), ...Object.keys(OTHER_METRICS)];
  assert.deepEqual(
    all.filter((name) => !text.includes(`\`${name}\``)),
    [],
  );
});
