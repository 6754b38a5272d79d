import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DemoResult } from '../../../../cli/demo.js';
import { statusLine } from '../../../../cli/pipeline-run.js';
import { formatDemoReport } from '../../../../cli/ui/demo-report.js';
import { styleFor } from '../../../../cli/ui/style.js';
import { widthOf } from '../../../../cli/ui/text.js';
import type { QueryState } from '../../../../spark/supervisor/index.js';
import { type Check, DEFAULT_SETTINGS } from '../../../../verify/index.js';

const CHECK: Check = {
  name: 'page_view_counts.rows',
  what: 'page_view_counts, every row and column',
  status: 'passed',
  holds: true,
  expected: 3,
  found: 3,
  differences: 0,
  samples: [],
};

const STATE: QueryState = {
  query: 'events',
  phase: 'running',
  batchId: '11',
  isBusy: false,
  inputRowsPerSecond: 4_990.4,
  processedRowsPerSecond: 9_000,
  rowsRead: 100_000,
  batchDurationMs: 900,
  durationsMs: {},
  watermark: '2026-01-31T11:58:00.123Z',
  lag: 1_234,
  stateRows: 10,
  stateBytes: 3 * 1024 ** 2,
  droppedByWatermark: 0,
  restarts: 0,
};

function resultWith(checks: readonly Check[]): DemoResult {
  return {
    produced: {
      topic: 'user_activity',
      seed: 1,
      sent: 100_000,
      valid: 99_000,
      late: 3_000,
      malformed: 1_000,
      malformedByKind: {},
      eventTypes: {},
      valueBytes: 1,
      seconds: 20,
      eventsPerSecond: 5_000,
      aborted: false,
      unacknowledged: 0,
    },
    report: {
      format: 'sluice.verify/1',
      ok: checks.every(({ holds }) => holds),
      verdict: 'as it is',
      startedAt: '2026-01-31T12:00:00.000Z',
      durationMs: 1,
      settings: DEFAULT_SETTINGS,
      topic: {
        name: 'user_activity',
        exists: true,
        partitions: 4,
        records: 100_000,
        valid: 99_000,
        dead: 1_000,
        deadByReason: {},
      },
      queries: [],
      checks,
    },
    tables: [
      {
        table: 'page_view_counts',
        rows: 3_210,
        columns: ['window_start', 'page_url', 'view_count'],
        sample: [['2026-01-31 11:58:00', `https://shop.example/${'very-'.repeat(30)}long`, '321']],
      },
      { table: 'user_sessions', rows: 0, columns: ['user_id', 'end_reason'], sample: [] },
    ],
    queries: [STATE],
    throughSeconds: 25,
    sparkUiUrl: 'http://127.0.0.1:4040',
    lakePath: '/data/lake',
  };
}

test('the report shows rows, the conservation line, throughput and the Spark UI within 80 columns', () => {
  const lines = formatDemoReport(resultWith([CHECK]), 'ok      all\n', styleFor({}));
  assert.ok(
    lines.every((line) => widthOf(line) <= 80),
    lines.join('\n'),
  );
  const text = lines.join('\n');
  assert.match(text, /^page_view_counts {2}3,210 rows, such as$/m);
  assert.match(text, /^user_sessions {2}0 rows$/m);
  assert.match(text, /in 100,000 = valid 99,000 \+ dead 1,000 \(1\.0 %\)/);
  assert.match(text, /4,000 events\/s/);
  assert.match(text, /http:\/\/127\.0\.0\.1:4040 while it ran/);
  assert.match(text, /events 12; state 3\.0 MiB/);
  assert.equal(lines.at(-1), 'the one check passed');
});

test('a check that does not hold is named in the last line', () => {
  const failed: Check = { ...CHECK, name: 'lake.rows', status: 'failed', holds: false, differences: 1 };
  assert.equal(
    formatDemoReport(resultWith([CHECK, failed]), '', styleFor({})).at(-1),
    '1 of 2 checks failed: lake.rows',
  );
});

test('the status line takes the fastest, the most behind and the earliest watermark of all queries', () => {
  const other: QueryState = {
    ...STATE,
    query: 'user_sessions',
    batchId: '3',
    inputRowsPerSecond: 100,
    lag: 5_000,
    watermark: '2026-01-31T11:55:00.000Z',
    phase: 'waiting-to-restart',
  };
  assert.equal(
    statusLine([STATE, other]),
    '4,990 events/s, lag 5,000, watermark 11:55:00, batches 11/3, waiting: user_sessions',
  );
  assert.equal(statusLine([]), '0 events/s, lag 0, watermark -, batches ');
});
