import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPlan, formatQueries, formatQuery } from '../../../../cli/ui/query-report.js';
import { styleFor } from '../../../../cli/ui/style.js';
import { explainQuery, topicsOf, userActivity } from '../../../../spark/pipeline/index.js';
import type { QueryState } from '../../../../spark/supervisor/index.js';

const style = styleFor({});
const pipeline = userActivity({
  topic: 'user_activity',
  watermarkDelayMs: 120_000,
  sessionTimeoutMs: 300_000,
  futureToleranceMs: 300_000,
});
const state: QueryState = {
  query: 'page_view_counts',
  phase: 'waiting-to-restart',
  batchId: '1234',
  isBusy: true,
  inputRowsPerSecond: 123_456.7,
  processedRowsPerSecond: 98_765.4,
  rowsRead: 5,
  batchDurationMs: 12_345,
  durationsMs: {},
  watermark: '2026-03-01T12:00:05.000000Z',
  lag: 34_567,
  stateRows: 12,
  stateBytes: 2_048,
  droppedByWatermark: 3,
  restarts: 2,
  lastError: 'first line\nsecond line',
};

test('the list of queries fits 80 columns also with large numbers, and says what does not run', () => {
  const lines = formatQueries(
    [
      { query: 'page_view_counts', state },
      { query: 'events', state: undefined },
    ],
    { style, widthMax: 80 },
  );
  assert.ok(
    lines.every((line) => line.length <= 80),
    lines.join('\n'),
  );
  assert.match(lines[1] ?? '', /^page_view_counts +waiting +1234 +123,457 +98,765 +12\.3 s +34,567 +12:00:05$/);
  assert.match(lines[2] ?? '', /^events +not running/);
});

test('one query is shown with what it reads and writes, its state, the last error’s first line and its batches', () => {
  const definition = pipeline.queries.find(({ name }) => name === 'page_view_counts');
  assert.ok(definition);
  const batch = { batch: '7', startedAt: '2026-03-01T12:00:05.000Z', durationMs: 850, inputRows: 1_000, lateRows: 2 };
  const shown = { definition, topics: topicsOf(pipeline, definition), state, batches: [batch] };
  const text = formatQuery(shown, { style, widthMax: 80 }).join('\n');
  assert.match(text, /^reads {7}user_activity$/m);
  assert.match(text, /^into {8}table page_view_counts, one row per window_start, page_url$/m);
  assert.match(text, /^in state {4}12 rows, 2\.0 KiB; 3 dropped as late$/m);
  assert.match(text, /^last error {2}first line$/m);
  assert.match(text, /^ +7 {2}2026-03-01 12:00:05 +850 ms +1,000 +2$/m);
});

test('every plan of the pipeline fits 80 columns as a tree from its columns down to its topic, and is whole when asked for', () => {
  for (const query of pipeline.queries) {
    const plan = explainQuery(pipeline, query);
    const lines = formatPlan(plan, style, 80);
    assert.ok(
      lines.every((line) => line.length <= 80 && line === line.trimEnd()),
      lines.join('\n'),
    );
    assert.match(lines.at(-1) ?? '', /└─ stream Kafka topic user_activity$/);
    assert.ok(lines.some((line) => line.endsWith('…')));
    assert.ok(!formatPlan(plan, style, undefined).some((line) => line.endsWith('…')));
  }
});
