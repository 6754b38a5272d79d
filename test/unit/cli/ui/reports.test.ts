import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProduceSummary } from '../../../../cli/ui/produce-report.js';
import { formatStatus } from '../../../../cli/ui/status-report.js';
import { styleFor } from '../../../../cli/ui/style.js';
import { widthOf } from '../../../../cli/ui/text.js';
import type { Endpoints } from '../../../../config/endpoints.js';
import { MALFORMED_KINDS } from '../../../../producer/index.js';

const PLAIN = styleFor({ isTTY: false });

test('the summary of a production fits 80 columns with every kind in it', () => {
  const lines = formatProduceSummary(
    {
      topic: 'user_activity',
      seed: 7,
      sent: 10_000_000,
      valid: 9_900_000,
      late: 300_000,
      malformed: 100_000,
      malformedByKind: Object.fromEntries(MALFORMED_KINDS.map((kind) => [kind, 7_692])),
      eventTypes: { page_view: 5_000_000, click: 2_000_000, session_start: 1_000_000, session_end: 900_000 },
      valueBytes: 1_340_000_000,
      eventTimeFrom: '2026-01-31T11:40:00.000Z',
      eventTimeTo: '2026-01-31T12:00:00.000Z',
      seconds: 152.3,
      eventsPerSecond: 65_659,
      aborted: true,
      unacknowledged: 2_000,
    },
    PLAIN,
  );
  assert.ok(
    lines.every((line) => widthOf(line) <= 80),
    lines.join('\n'),
  );
  assert.equal(lines[0], 'sent        10,000,000 records (1.2 GiB) to user_activity in 2 min 32 s, 65,659');
  for (const kind of MALFORMED_KINDS) assert.ok(lines.join(' ').replace(/\s+/g, ' ').includes(`${kind} 7,692`));
  assert.ok(lines.some((line) => line.startsWith('stopped')));
  assert.ok(lines.some((line) => line.startsWith('unsure      2,000 more')));
});

const ENDPOINTS: Endpoints = {
  bootstrapServers: '127.0.0.1:9092',
  databaseUrl: 'postgresql://sluice:x@127.0.0.1:5432/sluice',
  sparkRemote: 'sc://127.0.0.1:15002/;user_id=sluice',
  sparkToken: undefined,
  sparkUiUrl: 'http://127.0.0.1:4040',
  lakePath: '/data/lake',
  checkpointPath: '/state/checkpoints',
};

test('the status screen shows each service, the run and each query within 80 columns', () => {
  const state = {
    query: 'page_view_counts',
    phase: 'waiting-to-restart' as const,
    isBusy: false,
    inputRowsPerSecond: 12_345,
    processedRowsPerSecond: 23_456,
    rowsRead: 1,
    batchDurationMs: 900,
    durationsMs: {},
    lag: 5,
    stateRows: 1,
    stateBytes: 1,
    droppedByWatermark: 0,
    restarts: 2,
    lastError: 'SinkError: the table is gone\n  at somewhere',
  };
  const lines = formatStatus(
    {
      services: [
        { service: 'Kafka', address: '127.0.0.1:9092', isUp: true },
        {
          service: 'Postgres',
          address: 'postgresql://sluice:***@127.0.0.1:5432/sluice',
          isUp: false,
          problem: 'connect ECONNREFUSED',
        },
        { service: 'Spark', address: 'sc://127.0.0.1:15002/;user_id=sluice', isUp: true },
      ],
      run: {
        version: 1,
        process: { pid: 4711, startTime: 'x' },
        startedAt: '2026-01-31T11:58:00.000Z',
        updatedAt: '2026-01-31T12:00:00.000Z',
        phase: 'running',
        queries: [state],
      },
      queries: [
        {
          query: 'page_view_counts',
          lastBatch: '123',
          rows: 1_234_567,
          dead: 0,
          watermark: '2026-01-31T11:57:30.000Z',
          lastCommit: '2026-01-31T12:00:00.000Z',
          lag: 1_234_567,
        },
        { query: 'user_sessions', lastBatch: '7', rows: 0, dead: 0, lastCommit: '2026-01-31T12:00:00.000Z' },
      ],
      topicRecords: 100_000,
    },
    ENDPOINTS,
    { style: PLAIN, widthMax: 80, nowMs: Date.parse('2026-01-31T12:00:00.000Z') },
  );
  assert.ok(
    lines.every((line) => widthOf(line) <= 80),
    lines.join('\n'),
  );
  assert.equal(lines[1], 'Postgres  down  postgresql://sluice:***@127.0.0.1:5432/sluice');
  assert.equal(lines[2], '          connect ECONNREFUSED');
  assert.ok(lines.includes('Pipeline  running for 2 min 00 s, process 4711, 100,000 records in its topics'));
  assert.ok(
    lines.some((line) => /^page_view_counts +waiting +123 +1,234,567 +12,345 +1,234,567 +0 +11:57:30$/.test(line)),
    lines.join('\n'),
  );
  assert.ok(lines.some((line) => /^user_sessions +stopped +7 +\? +- +0 +0 +-$/.test(line)));
  assert.equal(
    lines.slice(-2).join(' '),
    'page_view_counts was started again 2 times; last error: SinkError: the table is gone',
  );
});

test('a supervisor that runs where it is not seen is not said to be down', () => {
  const query = { query: 'events', lastBatch: '3', rows: 5, dead: 0, lastCommit: '2026-03-01T12:00:00.000Z', lag: 0 };
  const status = { services: [], queries: [query], topicRecords: 5 };
  const shown = (elsewhere?: string): string =>
    formatStatus(status, ENDPOINTS, { style: PLAIN, widthMax: 80, elsewhere }).join('\n');
  assert.match(shown(), /^Pipeline +not running, 5 records/m);
  assert.match(shown(), /^events +stopped /m);
  assert.match(shown('in its container'), /^Pipeline +in its container, 5 records/m);
  assert.match(shown('in its container'), /^events +\? /m);
});
