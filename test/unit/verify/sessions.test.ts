import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Batch } from '../../../verify/batches.js';
import type { Check, KeyedRows } from '../../../verify/compare.js';
import { TYPE } from '../../../verify/event-store.js';
import { replay } from '../../../verify/replay.js';
import { cutRun, formatSeconds, mergeRuns, UserSessions } from '../../../verify/sessions.js';
import { batchesOf, comparison, keyed, storeOf, type TestEvent, us } from './support.js';

const TIMEOUT_MS = 5 * 60_000;
const COLUMNS = ['session_end', 'duration_seconds', 'event_count', 'page_views', 'end_reason', 'batch_id'];

async function simulate(
  events: readonly TestEvent[],
  batches: readonly Batch[],
  table: KeyedRows,
): Promise<{ check: Check; simulation: UserSessions }> {
  const store = storeOf(events);
  const { check, rows } = comparison(['user_id', 'session_start'], COLUMNS, table);
  const simulation = new UserSessions(store, TIMEOUT_MS, rows);
  await replay({ query: 'user_sessions', batches, offsets: 0, ends: new Map() }, store, simulation);
  return { check: check.finish({ emptyHolds: true }), simulation };
}

function row(
  user: string,
  start: string,
  end: string,
  events: number,
  views: number,
  reason: string,
  batch: number,
): readonly (string | number | bigint)[] {
  return [user, us(start), us(end), formatSeconds(us(end) - us(start)), events, views, reason, batch];
}

describe('user_sessions, simulated', () => {
  it('emits a run when the watermark has reached its end, not before', async () => {
    const events: TestEvent[] = [{ at: '12:00:00' }, { at: '12:01:00.5' }];
    const { check, simulation } = await simulate(
      events,
      batchesOf([2], [0, '12:06:00.499'], [0, '12:06:00.500']),
      keyed(2, [row('u1', '12:00:00', '12:01:00.5', 2, 2, 'timeout', 2)]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
    assert.deepEqual([simulation.counted, simulation.open, simulation.openUsers], [2, 0, 0]);
  });

  it('keeps a run open whose end lies within the watermark’s second, microseconds later', async () => {
    const events: TestEvent[] = [{ at: '12:00:00.500001' }];
    const { check, simulation } = await simulate(
      events,
      batchesOf([1], [0, '12:05:00.500'], [0, '12:05:00.501']),
      keyed(2, [row('u1', '12:00:00.500001', '12:00:00.500001', 1, 1, 'timeout', 2)]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
    assert.equal(simulation.open, 0);
  });

  it('joins a gap of exactly the timeout and splits a microsecond more', async () => {
    const joined = await simulate(
      [{ at: '12:00:00' }, { at: '12:05:00' }],
      batchesOf([2], [0, '12:30:00']),
      keyed(2, [row('u1', '12:00:00', '12:05:00', 2, 2, 'timeout', 1)]),
    );
    assert.equal(joined.check.status, 'passed', JSON.stringify(joined.check.samples));
    const split = await simulate(
      [{ at: '12:00:00' }, { at: '12:05:00.000001' }],
      batchesOf([2], [0, '12:30:00']),
      keyed(2, [
        row('u1', '12:00:00', '12:00:00', 1, 1, 'timeout', 1),
        row('u1', '12:05:00.000001', '12:05:00.000001', 1, 1, 'timeout', 1),
      ]),
    );
    assert.equal(split.check.status, 'passed', JSON.stringify(split.check.samples));
  });

  it('joins two runs by an event between them that comes in a later batch', async () => {
    const events: TestEvent[] = [{ at: '12:00:00' }, { at: '12:09:00' }, { at: '12:04:30' }];
    const { check } = await simulate(
      events,
      batchesOf([2], [1], [0, '12:30:00']),
      keyed(2, [row('u1', '12:00:00', '12:09:00', 3, 3, 'timeout', 2)]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
  });

  it('drops an event whose own window ends at the watermark of the batch before', async () => {
    const events: TestEvent[] = [{ at: '12:00:00' }, { at: '12:00:00.000001' }];
    const { check, simulation } = await simulate(
      events,
      batchesOf([0, '12:05:00'], [2, '12:05:00'], [0, '12:30:00']),
      keyed(2, [row('u1', '12:00:00.000001', '12:00:00.000001', 1, 1, 'timeout', 2)]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
    assert.deepEqual([simulation.late.events, simulation.counted], [1, 1]);
  });

  it('begins a new run after eviction, even within the timeout of the evicted one', async () => {
    const events: TestEvent[] = [{ at: '12:00:00' }, { at: '12:00:30' }];
    const { check } = await simulate(
      events,
      batchesOf([1], [0, '12:05:00'], [1, '12:05:10'], [0, '12:30:00']),
      keyed(2, [
        row('u1', '12:00:00', '12:00:00', 1, 1, 'timeout', 1),
        row('u1', '12:00:30', '12:00:30', 1, 1, 'timeout', 3),
      ]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
  });

  it('keeps users apart and counts what is open', async () => {
    const events: TestEvent[] = [
      { at: '12:00:00', user: 'a' },
      { at: '12:00:00', user: 'b', type: 'click' },
      { at: '12:20:00', user: 'a' },
    ];
    const { check, simulation } = await simulate(
      events,
      batchesOf([3], [0, '12:18:00']),
      keyed(2, [
        row('a', '12:00:00', '12:00:00', 1, 1, 'timeout', 1),
        row('b', '12:00:00', '12:00:00', 1, 0, 'timeout', 1),
      ]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
    assert.deepEqual([simulation.counted, simulation.open, simulation.openUsers], [2, 1, 1]);
  });

  const events: TestEvent[] = [{ at: '12:00:00' }, { at: '12:01:00', type: 'session_end' }];
  const batches = batchesOf([2], [0, '12:30:00']);
  const good = row('u1', '12:00:00', '12:01:00', 2, 1, 'session_end', 1);
  const changed = (column: number, value: string): readonly (string | number | bigint)[] =>
    good.map((cell, i) => (i === column ? value : cell));
  const sabotages: readonly (readonly [
    title: string,
    rows: readonly (readonly (string | number | bigint)[])[],
    kind: string,
  ])[] = [
    ['a missing session', [], 'missing'],
    ['a session too many', [good, row('u2', '12:00:00', '12:01:00', 2, 1, 'timeout', 1)], 'unexpected'],
    ['a wrong session_end', [changed(2, String(us('12:01:01')))], 'different'],
    ['a duration off by a microsecond', [changed(3, '60.000001')], 'different'],
    ['a wrong event_count', [changed(4, '3')], 'different'],
    ['a wrong page_views', [changed(5, '2')], 'different'],
    ['a wrong end_reason', [changed(6, 'timeout')], 'different'],
    ['a wrong batch_id', [changed(7, '0')], 'different'],
  ];
  it('passes the good row', async () => {
    assert.equal((await simulate(events, batches, keyed(2, [good]))).check.status, 'passed');
  });
  for (const [title, rows, kind] of sabotages) {
    it(`finds ${title}`, async () => {
      const { check } = await simulate(events, batches, keyed(2, rows));
      assert.equal(check.differences, 1);
      assert.equal(check.samples[0]?.kind, kind);
    });
  }
});

const { other, pageView, sessionStart, sessionEnd } = TYPE;
/** Type and second of each event; sessions as `start-end:events/views reason`. */
function cut(...events: readonly (readonly [type: number, second: number])[]): string[] {
  return cutRun(events.map(([type, second]) => ({ type, time: BigInt(second) }))).map(
    ({ start, end, events: count, pageViews, endReason }) => `${start}-${end}:${count}/${pageViews} ${endReason}`,
  );
}

describe('a run, cut into sessions', () => {
  it('is one session by timeout without marks', () => {
    assert.deepEqual(cut([pageView, 1], [other, 2], [pageView, 3]), ['1-3:3/2 timeout']);
  });

  it('is cut before a session_start, unless it stands first', () => {
    assert.deepEqual(cut([sessionStart, 1], [pageView, 2], [sessionStart, 3], [pageView, 4]), [
      '1-2:2/1 session_start',
      '3-4:2/1 timeout',
    ]);
  });

  it('is cut after a session_end', () => {
    assert.deepEqual(cut([sessionStart, 1], [sessionEnd, 2], [pageView, 3]), [
      '1-2:2/0 session_end',
      '3-3:1/1 timeout',
    ]);
    assert.deepEqual(cut([sessionStart, 1], [sessionEnd, 2]), ['1-2:2/0 session_end']);
  });

  it('says session_end, not session_start, where one follows the other', () => {
    assert.deepEqual(cut([pageView, 1], [sessionEnd, 2], [sessionStart, 3]), [
      '1-2:2/1 session_end',
      '3-3:1/0 timeout',
    ]);
  });

  it('takes events of the same instant together, in any order of arrival', () => {
    const sessions = ['1-1:1/1 session_start', '2-2:3/1 timeout'];
    assert.deepEqual(cut([pageView, 1], [pageView, 2], [sessionStart, 2], [other, 2]), sessions);
    assert.deepEqual(cut([other, 2], [sessionStart, 2], [pageView, 2], [pageView, 1]), sessions);
    assert.deepEqual(cut([sessionEnd, 2], [pageView, 2], [pageView, 3]), ['2-2:2/1 session_end', '3-3:1/1 timeout']);
  });

  it('makes a session of its own of an instant with both a start and an end', () => {
    assert.deepEqual(cut([pageView, 1], [sessionEnd, 2], [sessionStart, 2], [pageView, 3]), [
      '1-1:1/1 session_start',
      '2-2:2/0 session_end',
      '3-3:1/1 timeout',
    ]);
  });

  it('does not cut twice for several starts or ends at once', () => {
    assert.deepEqual(cut([sessionStart, 1], [sessionStart, 1], [sessionEnd, 2], [sessionEnd, 2]), [
      '1-2:4/0 session_end',
    ]);
  });

  it('loses no event and starts no two sessions at once, whatever comes', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 500; round++) {
      const events = Array.from({ length: 1 + random(12) }, () => ({ type: random(4), time: BigInt(random(6)) }));
      const sessions = cutRun(events);
      assert.equal(
        sessions.reduce((sum, session) => sum + session.events, 0),
        events.length,
      );
      assert.equal(new Set(sessions.map(({ start }) => start)).size, sessions.length);
      assert.deepEqual(cutRun([...events].reverse()), sessions);
    }
  });
});

describe('mergeRuns', () => {
  it('gives the same runs whether events come at once or one by one', () => {
    let seed = 3;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 200; round++) {
      const events = Array.from({ length: 1 + random(10) }, () => ({ type: 0, time: BigInt(random(60)) }));
      const bounds = (runs: ReturnType<typeof mergeRuns>): string[] =>
        runs.map(({ start, end, events: of }) => `${start}-${end}:${of.length}`);
      let stepwise: ReturnType<typeof mergeRuns> = [];
      for (const event of events) stepwise = mergeRuns(stepwise, [event], 5n);
      assert.deepEqual(bounds(stepwise), bounds(mergeRuns([], events, 5n)));
    }
  });
});
