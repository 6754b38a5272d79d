// The objects are a polyfill's, as Node 20 has no Temporal of its own; the client knows them by their tag alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordBatchReader } from 'apache-arrow';
import { Temporal } from 'temporal-polyfill/full';
import { lit, struct } from '../../../../../spark/connect/frame/functions/index.js';
import { toLiteral } from '../../../../../spark/connect/frame/literal.js';
import { date, dateDays, timestamp, timestamp_ntz, timestampMicros } from '../../../../../spark/connect/types/index.js';
import { decodeRows } from '../../../../../spark/connect/wire/decode-arrow.js';
import { encodeRows } from '../../../../../spark/connect/wire/encode-arrow.js';

const { Instant, PlainDate, PlainDateTime, PlainTime, Duration } = Temporal;

const LITERALS: readonly [value: Parameters<typeof toLiteral>[0], literal: ReturnType<typeof toLiteral>][] = [
  [Instant.from('2024-02-29T23:59:59.999999Z'), { kind: 'timestamp', value: 1_709_251_199_999_999n }],
  // Downward, as for later times: the nanosecond before 1970 is within the microsecond before it.
  [Instant.from('1969-12-31T23:59:59.999999999Z'), { kind: 'timestamp', value: -1n }],
  [Instant.from('1970-01-01T00:00:00.000001999Z'), { kind: 'timestamp', value: 1n }],
  [
    Instant.from('2024-01-01T12:00:00+09:00').toZonedDateTimeISO('Asia/Tokyo'),
    { kind: 'timestamp', value: 1_704_078_000_000_000n },
  ],
  [PlainDateTime.from('2024-02-29T23:59:59.999999'), { kind: 'timestampNtz', value: 1_709_251_199_999_999n }],
  [PlainDateTime.from('1969-12-31T23:59:59.999999'), { kind: 'timestampNtz', value: -1n }],
  [PlainDate.from('1969-12-31'), { kind: 'date', value: -1 }],
  [PlainDate.from('2024-02-29').withCalendar('hebrew'), { kind: 'date', value: 19_782 }],
  [PlainDate.from('+012345-01-01'), { kind: 'date', value: 3_789_391 }],
  [PlainTime.from('01:02:03.000004'), { kind: 'time', value: 3_723_000_004_000n, precision: 6 }],
  [PlainTime.from('12:00'), { kind: 'time', value: 43_200_000_000_000n, precision: 6 }],
  [Duration.from('P1DT2H3M4.567891S'), { kind: 'dayTimeInterval', value: 93_784_567_891n }],
  [Duration.from('-PT1M'), { kind: 'dayTimeInterval', value: -60_000_000n }],
  [Duration.from('P1Y2M'), { kind: 'yearMonthInterval', value: 14 }],
  [Duration.from('P1M1W2DT1S'), { kind: 'calendarInterval', months: 1, days: 9, microseconds: 1_000_000n }],
];

for (const [value, literal] of LITERALS) {
  test(`${String(value)} as a constant is a ${literal.kind}`, () => assert.deepEqual(toLiteral(value), literal));
}

test('a duration finer than a microsecond is refused, not rounded', () => {
  assert.throws(() => lit(Duration.from({ nanoseconds: 1 })), /finer than a microsecond/);
});

test('an object of Temporal without a type at Spark is refused by name', () => {
  assert.throws(() => lit(Temporal.PlainYearMonth.from('2024-02')), /no Spark type/);
});

test('Temporal’s objects become microseconds and days', () => {
  assert.equal(timestampMicros(Instant.from('2026-01-31T12:00:00.123456Z')), 1_769_860_800_123_456n);
  assert.equal(timestampMicros(PlainDateTime.from('1970-01-01T00:00:01')), 1_000_000n);
  assert.equal(dateDays(PlainDate.from('1970-01-11')), 10);
});

test('Temporal’s objects are values of local rows', () => {
  const schema = struct({ at: timestamp(), wall: timestamp_ntz(), day: date() });
  const row = {
    at: Instant.from('1969-12-31T23:59:59.999999Z'),
    wall: PlainDateTime.from('1970-01-01T00:00:00.000001'),
    day: PlainDate.from('1970-01-02'),
  };
  const [batch] = RecordBatchReader.from(encodeRows([row], schema));
  assert.ok(batch !== undefined);
  assert.deepEqual(decodeRows(batch), [{ at: -1n, wall: 1n, day: 1 }]);
  // On the wall clock of nowhere in particular it is no point in time.
  assert.throws(() => encodeRows([{ at: row.wall }], struct({ at: timestamp() })), /column at: expected .*Instant/);
});

test('a Date as a constant of type DATE is its day in UTC, whatever the session’s time zone', () => {
  const literal = { kind: 'literal', literal: { kind: 'date', value: 20_484 } };
  assert.deepEqual(lit(new Date('2026-01-31T00:00:00Z'), date()).expression, literal);
  assert.throws(() => lit(new Date('2026-01-31T12:00:00Z'), date()), /midnight/);
});
