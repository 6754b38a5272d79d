/** The fold that cuts a user's run into sessions, in Spark (spark/pipeline/user-sessions.ts), against results by hand and the oracle's own code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Decimal, string, structType, timestamp, timestampMicros } from '../../../spark/connect/index.js';
import { userSessions } from '../../../spark/pipeline/user-sessions.js';
import { TYPE } from '../../../verify/event-store.js';
import { cutRun, formatSeconds, mergeRuns } from '../../../verify/sessions.js';
import { openSession } from '../connect/open-session.js';

const spark = await openSession();

const SECOND_US = 1_000_000n;
const TIMEOUT_US = 300n * SECOND_US;
const START_US: bigint = timestampMicros('2026-03-01T12:00:00Z');

const TYPES = { view: 'page_view', start: 'session_start', end: 'session_end', click: 'click' } as const;
const ORACLE_TYPES = {
  view: TYPE.pageView,
  start: TYPE.sessionStart,
  end: TYPE.sessionEnd,
  click: TYPE.other,
} as const;
type Kind = keyof typeof TYPES;

/** Microseconds after the start, and what happened. */
type Event = readonly [at: bigint, kind: Kind];
/** An event at whole seconds, for cases by hand. */
const s = (second: number, kind: Kind): Event => [BigInt(second) * SECOND_US, kind];

/** Sessions as `from-to seconds, events/page views, reason`; times in seconds after the start. */
const CASES: Readonly<Record<string, readonly [events: readonly Event[], sessions: readonly string[]]>> = {
  'one event': [[s(1, 'view')], ['1-1 0.000000 1/1 timeout']],
  'a run without marks': [[s(1, 'view'), s(2, 'click'), s(3, 'view')], ['1-3 2.000000 3/2 timeout']],
  'a start first': [[s(1, 'start'), s(2, 'view')], ['1-2 1.000000 2/1 timeout']],
  'a start in the middle': [
    [s(1, 'start'), s(2, 'view'), s(3, 'start'), s(4, 'view')],
    ['1-2 1.000000 2/1 session_start', '3-4 1.000000 2/1 timeout'],
  ],
  'an end last': [[s(1, 'start'), s(2, 'end')], ['1-2 1.000000 2/0 session_end']],
  'an end in the middle': [
    [s(1, 'start'), s(2, 'end'), s(3, 'view')],
    ['1-2 1.000000 2/0 session_end', '3-3 0.000000 1/1 timeout'],
  ],
  'a start behind an end': [
    [s(1, 'view'), s(2, 'end'), s(3, 'start')],
    ['1-2 1.000000 2/1 session_end', '3-3 0.000000 1/0 timeout'],
  ],
  'a start and others at once': [
    [s(1, 'view'), s(2, 'view'), s(2, 'start'), s(2, 'click')],
    ['1-1 0.000000 1/1 session_start', '2-2 0.000000 3/1 timeout'],
  ],
  'a start and an end at once': [
    [s(1, 'view'), s(2, 'end'), s(2, 'start'), s(3, 'view')],
    ['1-1 0.000000 1/1 session_start', '2-2 0.000000 2/0 session_end', '3-3 0.000000 1/1 timeout'],
  ],
  'an end and others at once': [
    [s(2, 'end'), s(2, 'view'), s(3, 'view')],
    ['2-2 0.000000 2/1 session_end', '3-3 0.000000 1/1 timeout'],
  ],
  'several starts and ends at once': [
    [s(1, 'start'), s(1, 'start'), s(2, 'end'), s(2, 'end')],
    ['1-2 1.000000 4/0 session_end'],
  ],
  'two ends': [
    [s(1, 'end'), s(2, 'end')],
    ['1-1 0.000000 1/0 session_end', '2-2 0.000000 1/0 session_end'],
  ],
  'a gap of exactly the timeout': [[s(0, 'view'), s(300, 'view')], ['0-300 300.000000 2/2 timeout']],
  'a gap of a microsecond more': [
    [s(0, 'view'), [300n * SECOND_US + 1n, 'view']],
    ['0-0 0.000000 1/1 timeout', '300.000001-300.000001 0.000000 1/1 timeout'],
  ],
  'an end within a run, and a gap behind it': [
    [s(0, 'view'), s(10, 'end'), s(311, 'start')],
    ['0-10 10.000000 2/1 session_end', '311-311 0.000000 1/0 timeout'],
  ],
  'a microsecond between a view and a start': [
    [s(0, 'view'), [1n, 'start']],
    ['0-0 0.000000 1/1 session_start', '0.000001-0.000001 0.000000 1/0 timeout'],
  ],
  'a duration to the microsecond': [[s(0, 'start'), [61_000_003n, 'end']], ['0-61.000003 61.000003 2/0 session_end']],
};

test('each run is cut as the contract says', async () => {
  const users = new Map(Object.entries(CASES).map(([title, [events]]) => [title, events]));
  const found = await sessionsInSpark(users);
  for (const [title, [, sessions]] of Object.entries(CASES)) assert.deepEqual(found.get(title), sessions, title);
});

test('the order in which events arrive makes no difference', async () => {
  const users = new Map(Object.entries(CASES).map(([title, [events]]) => [title, [...events].reverse()]));
  const found = await sessionsInSpark(users);
  for (const [title, [, sessions]] of Object.entries(CASES)) assert.deepEqual(found.get(title), sessions, title);
});

test('Spark and the oracle cut 200 users’ random events into the same sessions', async () => {
  const users = randomUsers(200, 20_261_124);
  const found = await sessionsInSpark(users);
  const expected = new Map([...users].map(([user, events]) => [user, sessionsByOracle(events)]));
  assert.deepEqual([...found].sort(), [...expected].sort());
  const reasons = new Set([...expected.values()].flat().map((session) => session.split(' ').at(-1)));
  assert.deepEqual([...reasons].sort(), ['session_end', 'session_start', 'timeout']);
});

const ACTIVITY = structType({ event_time: timestamp(), user_id: string(), page_url: string(), event_type: string() });

/** Sessions by user, in order. */
async function sessionsInSpark(users: ReadonlyMap<string, readonly Event[]>): Promise<Map<string, string[]>> {
  const rows = [...users].flatMap(([user, events]) =>
    events.map(([at, kind]) => ({
      event_time: timestampMicros(START_US + at),
      user_id: user,
      page_url: '/',
      event_type: TYPES[kind],
    })),
  );
  // In several partitions, so that a user's events come together by a shuffle and in no particular order.
  const activity = spark.createDataFrame(rows, ACTIVITY).repartition(3);
  const sessions = (await userSessions(activity, Number(TIMEOUT_US / 1000n))
    .orderBy('user_id', 'session_start')
    .collect()) as {
    user_id: string;
    session_start: bigint;
    session_end: bigint;
    duration_seconds: Decimal;
    event_count: bigint;
    page_views: bigint;
    end_reason: string;
  }[];
  const found = new Map<string, string[]>();
  for (const row of sessions) {
    const text = describe(row.session_start - START_US, row.session_end - START_US, String(row.duration_seconds), {
      events: row.event_count,
      pageViews: row.page_views,
      endReason: row.end_reason,
    });
    found.set(row.user_id, [...(found.get(row.user_id) ?? []), text]);
  }
  return found;
}

function sessionsByOracle(events: readonly Event[]): string[] {
  const runs = mergeRuns(
    [],
    events.map(([time, kind]) => ({ time, type: ORACLE_TYPES[kind] })),
    TIMEOUT_US,
  );
  return runs
    .flatMap((run) => cutRun(run.events))
    .map((session) => describe(session.start, session.end, formatSeconds(session.end - session.start), session));
}

function describe(
  start: bigint,
  end: bigint,
  duration: string,
  counts: { events: bigint | number; pageViews: bigint | number; endReason: string },
): string {
  return `${seconds(start)}-${seconds(end)} ${duration} ${counts.events}/${counts.pageViews} ${counts.endReason}`;
}

function seconds(micros: bigint): string {
  return formatSeconds(micros).replace(/\.?0+$/, '') || '0';
}

/** Events with gaps that matter: none, a microsecond, some seconds, about the timeout. The same for the same seed. */
function randomUsers(count: number, seed: number): Map<string, Event[]> {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  const gaps = [0n, 0n, 1n, 10n * SECOND_US, 90n * SECOND_US, TIMEOUT_US - 1n, TIMEOUT_US, TIMEOUT_US + 1n];
  const kinds: readonly Kind[] = ['view', 'view', 'view', 'click', 'start', 'end'];
  return new Map(
    Array.from({ length: count }, (_, user) => {
      let at = 0n;
      const events = Array.from({ length: 1 + random(25) }, (): Event => {
        at += gaps[random(gaps.length)] ?? 0n;
        return [at, kinds[random(kinds.length)] ?? 'view'];
      });
      return [`user ${user}`, events];
    }),
  );
}
