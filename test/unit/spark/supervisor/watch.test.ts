import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamingQuery, StreamingQueryProgress } from '../../../../spark/connect/index.js';
import { decodeProgress } from '../../../../spark/connect/write/progress.js';
import type { QueryState } from '../../../../spark/supervisor/options.js';
import { awaitBatchEnd, readQueryState } from '../../../../spark/supervisor/watch.js';

const ID = '11111111-1111-4111-8111-111111111111';
const RUN = '22222222-2222-4222-8222-222222222222';
const OTHER_RUN = '33333333-3333-4333-8333-333333333333';

interface Moment {
  readonly batchId?: number;
  readonly runId?: string;
  readonly rows?: number;
  readonly late?: number;
  readonly watermark?: string;
  readonly end?: unknown;
  readonly latest?: unknown;
  readonly isTriggerActive?: boolean;
  readonly isDataAvailable?: boolean;
}

/** As Spark writes it. */
function progressOf(moment: Moment): StreamingQueryProgress | undefined {
  const { batchId, rows = 0, late = 0, watermark, end, latest } = moment;
  if (batchId === undefined) return undefined;
  const operator = { operatorName: 'o', numRowsTotal: 3, memoryUsedBytes: 100, numRowsDroppedByWatermark: late };
  return decodeProgress(
    JSON.stringify({
      id: ID,
      runId: moment.runId ?? RUN,
      name: 'q',
      timestamp: '2026-03-01T12:00:00.000Z',
      batchId,
      batchDuration: 250,
      eventTime: watermark === undefined ? {} : { watermark },
      stateOperators: [operator, operator],
      sources: [{ description: 's', numInputRows: rows, inputRowsPerSecond: 4, endOffset: end, latestOffset: latest }],
      sink: { description: 'sink', numOutputRows: -1 },
    }),
  );
}

/** A query that is asked once per moment; the last one stays. */
function queryIn(...moments: readonly Moment[]): StreamingQuery & { asked: number } {
  let at = 0;
  const query = {
    id: ID,
    runId: moments[0]?.runId ?? RUN,
    asked: 0,
    status: async () => {
      const { isTriggerActive = false, isDataAvailable = false } = moments[at] ?? {};
      return { message: 'm', isTriggerActive, isDataAvailable };
    },
    lastProgress: async () => {
      const progress = progressOf(moments[at] ?? {});
      query.asked++;
      at = Math.min(at + 1, moments.length - 1);
      return progress;
    },
  };
  return query as unknown as StreamingQuery & { asked: number };
}

/** What a look at the query finds. */
function stateIn(moment: Moment, before?: QueryState): QueryState {
  const { isTriggerActive = false, isDataAvailable = false } = moment;
  const status = { message: 'm', isTriggerActive, isDataAvailable, isActive: true };
  return readQueryState('q', queryIn(moment), { status, progress: progressOf(moment) }, before);
}

test('a query that has made no progress yet has a state of zeroes', () => {
  const state = stateIn({ isTriggerActive: true });
  assert.deepEqual(
    [state.phase, state.batchId, state.rowsRead, state.lag, state.isBusy],
    ['running', undefined, 0, 0, true],
  );
  assert.equal(state.watermark, undefined);
});

test('rows are added up over a run, each batch once however often it is looked at', () => {
  let state = stateIn({ batchId: 0, rows: 10, late: 1 });
  state = stateIn({ batchId: 0, rows: 10, late: 1 }, state);
  assert.deepEqual([state.rowsRead, state.droppedByWatermark], [10, 2]);
  state = stateIn({ batchId: 1, rows: 5 }, state);
  assert.deepEqual([state.batchId, state.rowsRead, state.droppedByWatermark], ['1', 15, 2]);
});

test('a new run counts from the beginning, also when its first batch has the number of the last one', () => {
  const before = stateIn({ batchId: 7, rows: 100, late: 9 });
  const after = stateIn(
    { batchId: 7, rows: 4, runId: OTHER_RUN },
    {
      ...before,
      restarts: 2,
    },
  );
  assert.deepEqual([after.rowsRead, after.droppedByWatermark, after.restarts], [4, 0, 2]);
});

test('the lag is what the topic has beyond what was read, over all partitions, and never below zero', () => {
  const lagOf = (end: unknown, latest: unknown): number => stateIn({ batchId: 0, end, latest }).lag;
  assert.equal(lagOf({ t: { 0: 5, 1: 10 } }, { t: { 0: 8, 1: 10 } }), 3);
  assert.equal(lagOf({ t: { 0: 5 } }, { t: { 0: 5, 1: 4 } }), 4);
  assert.equal(lagOf({ t: { 0: 9 } }, { t: { 0: 5 } }), 0);
  for (const [end, latest] of [
    [undefined, { t: { 0: 5 } }],
    [{ t: { 0: 5 } }, undefined],
    ['x', 'y'],
    [null, null],
  ]) {
    assert.equal(lagOf(end, latest), 0);
  }
});

test('a watermark of 1970 is none, any other one is told', () => {
  const watermarkOf = (watermark: string): string | undefined => stateIn({ batchId: 0, watermark }).watermark;
  assert.equal(watermarkOf('1970-01-01T00:00:00.000Z'), undefined);
  assert.equal(watermarkOf('2026-03-01T11:58:00.000Z'), '2026-03-01T11:58:00.000000Z');
});

test('state of all operators is added up', () => {
  const state = stateIn({ batchId: 0 });
  assert.deepEqual([state.stateRows, state.stateBytes], [6, 200]);
});

test('the end of a batch shows in an idle trigger, or in the next batch of a query that is never idle', async () => {
  const never = new AbortController().signal;
  const busy = { batchId: 3, isTriggerActive: true };
  const idle = queryIn(busy, busy, { batchId: 3, isTriggerActive: false });
  await awaitBatchEnd(idle, never);
  assert.equal(idle.asked, 3);
  const next = queryIn(busy, busy, { batchId: 4, isTriggerActive: true });
  await awaitBatchEnd(next, never);
  assert.equal(next.asked, 3);
});

test('the wait for the end of a batch is over when it is told so', async () => {
  const patience = new AbortController();
  const waiting = awaitBatchEnd(queryIn({ batchId: 3, isTriggerActive: true }), patience.signal);
  patience.abort();
  await waiting;
});
