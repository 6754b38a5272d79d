// Snapshots of a pipeline that is not there, for the views of `sluice top`.
import type { TopSnapshot } from '../../../../cli/top/snapshot.js';
import type { QueryNow } from '../../../../web/index.js';

/** The instant at which the last of them was taken. */
export const NOW_MS = Date.parse('2026-03-01T12:10:00Z');
const STEP_MS = 2_000;

const COUNTS: QueryNow = {
  query: 'page_view_counts',
  phase: 'running',
  lastBatch: '41',
  lastCommit: '2026-03-01T12:09:57.000Z',
  rows: 12_345,
  dead: 0,
  watermark: '2026-03-01T12:07:30.000000Z',
  lag: 1_204,
  inputRowsPerSecond: 801.3,
  processedRowsPerSecond: 902.7,
  batchDurationMs: 2_900,
  durationsMs: {
    triggerExecution: 2_900,
    addBatch: 2_500,
    queryPlanning: 210,
    walCommit: 120,
    getBatch: 0,
    commitOffsets: 70,
  },
  stateRows: 399,
  stateBytes: 2_101_440,
  lateRows: 364,
  restarts: 0,
};

const EVENTS: QueryNow = {
  query: 'events',
  phase: 'waiting-to-restart',
  lastBatch: '40',
  lastCommit: '2026-03-01T12:04:10.000Z',
  rows: 1_234_567,
  dead: 406,
  lag: 98_765,
  inputRowsPerSecond: 0,
  processedRowsPerSecond: 0,
  batchDurationMs: 0,
  durationsMs: {},
  stateRows: 0,
  stateBytes: 0,
  lateRows: 0,
  restarts: 3,
  lastError: '[SINK] Postgres is not there\nand more of it',
};

/** Names of any length, as pipelines of one's own may have them; nothing written yet. */
const LONG: QueryNow = {
  query: 'average_delivery_time_per_warehouse_and_country',
  phase: 'starting',
  rows: 0,
  dead: 0,
  inputRowsPerSecond: 0,
  processedRowsPerSecond: 0,
  batchDurationMs: 0,
  durationsMs: {},
  stateRows: 0,
  stateBytes: 0,
  lateRows: 0,
  restarts: 0,
};

export function snapshotAt(
  atMs: number,
  counts: Partial<QueryNow> = {},
  others: Partial<TopSnapshot> = {},
): TopSnapshot {
  return {
    format: 'top/1',
    at: new Date(atMs).toISOString(),
    pipeline: 'user-activity',
    phase: 'running',
    runSince: '2026-03-01T12:00:00.000Z',
    topicRecords: 1_300_000,
    services: [
      { service: 'Kafka', address: '127.0.0.1:9092', isUp: true },
      { service: 'Postgres', address: 'postgresql://127.0.0.1:5432/sluice', isUp: true },
      { service: 'Spark', address: 'sc://127.0.0.1:15002/', isUp: true },
    ],
    queries: [{ ...COUNTS, ...counts }, EVENTS, LONG],
    ...others,
  };
}

/** Twenty in a row; the rates go up, the lag goes down. */
export const SNAPSHOTS: readonly TopSnapshot[] = Array.from({ length: 20 }, (_, at) => {
  const isLast = at === 19;
  return snapshotAt(
    NOW_MS - (19 - at) * STEP_MS,
    isLast ? {} : { processedRowsPerSecond: at * 45, inputRowsPerSecond: 800, lag: 5_000 - at * 200 },
  );
});
