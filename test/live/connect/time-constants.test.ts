// Points in time as constants beside columns of times: each arrives at the server as the type that it is compared with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Temporal } from 'temporal-polyfill';
import {
  array,
  date,
  dateDays,
  day_time_interval,
  lit,
  map,
  struct,
  time,
  timestamp,
  timestamp_ntz,
  timestampMicros,
  timestampToString,
  year_month_interval,
} from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const spark = await openSession();
// Not UTC, and with a change of clocks: a constant must not depend on it.
await spark.conf.set('spark.sql.session.timeZone', 'America/New_York');

const micros = timestampMicros('2026-01-31T12:00:00.123456Z');
const days = dateDays('2026-01-31');
const frame = spark.createDataFrame(
  [{ at: micros, wall: micros, day: days }],
  struct({ at: timestamp(), wall: timestamp_ntz(), day: date() }),
);
const at = frame.col('at');
const wall = frame.col('wall');
const day = frame.col('day');

test('a timestamp is compared, to the microsecond, with typed microseconds, a Temporal.Instant, text and a Date', async () => {
  const next = timestampMicros(micros + 1n);
  const conditions = [
    at.eq(lit(micros, timestamp())),
    at.lt(lit(next, timestamp())),
    at.between(lit(micros, timestamp()), lit(next, timestamp())),
    at.isin(lit(next, timestamp()), lit(micros, timestamp())),
    at.eq(Temporal.Instant.from(timestampToString(micros))),
    at.lt(Temporal.Instant.from(timestampToString(next)).toZonedDateTimeISO('Asia/Tokyo')),
    at.eq('2026-01-31T12:00:00.123456Z'),
    at.gt(new Date('2026-01-31T12:00:00.123Z')),
    at.lt(new Date('2026-01-31T12:00:00.124Z')),
    wall.eq(lit(micros, timestamp_ntz())),
    wall.eq(Temporal.PlainDateTime.from('2026-01-31T12:00:00.123456')),
  ];
  for (const condition of conditions) assert.equal(await frame.filter(condition).count(), 1n, String(condition));
  assert.equal(await frame.filter(at.gt(lit(micros, timestamp()))).count(), 0n);
});

test('a date is compared with typed days, a day’s Date of type DATE, a Temporal.PlainDate and text', async () => {
  const conditions = [
    day.eq(lit(days, date())),
    day.eq(lit(new Date('2026-01-31T00:00:00Z'), date())),
    day.eq(Temporal.PlainDate.from('2026-01-31')),
    day.lt(Temporal.PlainDate.from('2026-02-01')),
    day.eq('2026-01-31'),
  ];
  for (const condition of conditions) assert.equal(await frame.filter(condition).count(), 1n, String(condition));
});

test('a length of time is added as a Temporal.Duration', async () => {
  const row = await frame
    .select(
      at.plus(Temporal.Duration.from('PT0.000001S')).as('later'),
      at.minus(Temporal.Duration.from('P1M')).as('a_month_ago'),
      at.minus(Temporal.Instant.from('2026-01-31T12:00:00Z')).as('since_noon'),
    )
    .first();
  assert.equal(row?.later, micros + 1n);
  // Not of Spark's: the month before ends on the same day, at the same time.
  assert.equal(row?.a_month_ago, timestampMicros('2025-12-31T12:00:00.123456Z'));
  assert.equal(row?.since_noon, 123_456n);
});

test('Temporal’s objects come back as what they were', async () => {
  // Off in Spark 4.2 unless asked for.
  await spark.conf.set('spark.sql.timeType.enabled', true);
  const row = await spark
    .range(1)
    .select(
      lit(Temporal.Instant.from('1969-12-31T23:59:59.999999Z')).as('instant'),
      lit(Temporal.PlainDateTime.from('1969-12-31T23:59:59.999999')).as('wall'),
      lit(Temporal.PlainDate.from('1969-12-31')).as('day'),
      lit(Temporal.PlainTime.from('01:02:03.000004')).as('time'),
      lit(Temporal.Duration.from('P1DT2H3M4.567891S')).as('dayTime'),
      lit(Temporal.Duration.from('P1Y2M')).as('yearMonth'),
    )
    .first();
  assert.deepEqual(row, {
    instant: -1n,
    wall: -1n,
    day: -1,
    time: 3_723_000_004_000n,
    dayTime: 93_784_567_891n,
    yearMonth: 14,
  });
  const spoken = await spark.sql("select :at = timestamp'2026-01-31 12:00:00.123456Z' as same", {
    at: Temporal.Instant.from('2026-01-31T12:00:00.123456Z'),
  });
  assert.deepEqual(await spoken.collect(), [{ same: true }]);
});

test('times within arrays, maps and structs arrive as what they are', async () => {
  const type = struct({ when: array(timestamp()), by_day: map(date(), timestamp_ntz()) });
  const value = { by_day: new Map([[days, micros]]), when: [micros, null] };
  const row = await spark.range(1).select(lit(value, type).as('value')).first();
  assert.deepEqual(row?.value, { when: [micros, null], by_day: new Map([[days, micros]]) });
});

test('times of day and lengths of time are values of local rows, as Temporal’s objects too', async () => {
  await spark.conf.set('spark.sql.timeType.enabled', true);
  const type = struct({ time: time(3), length: day_time_interval(), months: year_month_interval() });
  const rows = [
    { time: 3_723_000_999_999n, length: -1n, months: -13 },
    {
      time: Temporal.PlainTime.from('23:59:59.9999'),
      length: Temporal.Duration.from('-P1DT1S'),
      months: Temporal.Duration.from('P1Y2M'),
    },
    { time: null, length: null, months: null },
  ];
  const sent = spark.createDataFrame(rows, type);
  assert.deepEqual(await sent.collect(), [
    { time: 3_723_000_000_000n, length: -1n, months: -13 },
    { time: 86_399_999_000_000n, length: -86_401_000_000n, months: 14 },
    { time: null, length: null, months: null },
  ]);
  assert.equal(await sent.filter(sent.col('time').eq(lit(86_399_999_000_000n, time(3)))).count(), 1n);
});

test('a frame is pivoted by days that lit has typed', async () => {
  const other = dateDays('2026-02-01');
  const pivoted = await frame
    .groupBy('at')
    .pivot('day', [lit(days, date()), lit(other, date())])
    .count()
    .first();
  assert.deepEqual(pivoted, { at: micros, '2026-01-31': 1n, '2026-02-01': null });
});

test('typed microseconds that slip past the compiler are refused by the server, not compared as numbers', async () => {
  await assert.rejects(frame.filter(at.gt(micros as never)).count(), {
    condition: 'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES',
  });
});
