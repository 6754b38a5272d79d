// Arithmetic with dates and times, and time zones.
// Generated from tools/functions/table/date-arithmetic.txt by `npm run functions:generate`; not to be changed here.
import type { DateDays, TimestampMicros } from '../../../types/time.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant } from '../call.js';

/**
 * Returns the date that is `numDays` after `startDate`.
 * @since 1.5.0
 * @example df.select(f.date_add('event_date', 7))
 */
export function date_add(startDate: Argument, numDays: Argument): Column<DateDays | null> {
  return call('date_add', startDate, numDays);
}

/**
 * Returns the date that is `numDays` after `startDate`. Same as `date_add`.
 * @since 3.4.0
 * @example df.select(f.dateadd('event_date', 7))
 */
export function dateadd(startDate: Argument, numDays: Argument): Column<DateDays | null> {
  return call('dateadd', startDate, numDays);
}

/**
 * Returns the date that is `numDays` before `startDate`.
 * @since 1.5.0
 * @example df.select(f.date_sub('event_date', 7))
 */
export function date_sub(startDate: Argument, numDays: Argument): Column<DateDays | null> {
  return call('date_sub', startDate, numDays);
}

/**
 * Returns the number of days from `start` to `end`.
 * @since 1.5.0
 * @example df.select(f.datediff('end_time', 'event_time'))
 */
export function datediff(end: ColumnOrName, start: ColumnOrName): Column<number | null> {
  return call('datediff', end, start);
}

/**
 * Returns the number of days from `start` to `end`. Same as `datediff`.
 * @since 3.4.0
 * @example df.select(f.date_diff('end_time', 'event_time'))
 */
export function date_diff(end: ColumnOrName, start: ColumnOrName): Column<number | null> {
  return call('date_diff', end, start);
}

/**
 * Returns the date that is `numMonths` after `startDate`.
 * @since 1.5.0
 * @example df.select(f.add_months('event_date', 1))
 */
export function add_months(startDate: Argument, numMonths: Argument): Column<DateDays | null> {
  return call('add_months', startDate, numMonths);
}

/**
 * Months from `earlier` to `later`, with a fraction that counts months of 31 days.
 * @param roundOff to eight digits.
 * @since 1.5.0
 * @example df.select(f.months_between('end_time', 'event_time'))
 */
export function months_between(later: ColumnOrName, earlier: ColumnOrName, roundOff = true): Column<number | null> {
  return call('months_between', later, earlier, roundOff);
}

/**
 * Returns the first date which is later than `date` and named as indicated.
 * @param dayOfWeek `Mon`, `Tuesday`, …
 * @since 1.5.0
 * @example df.select(f.next_day('event_date', 'Mon'))
 */
export function next_day(date: ColumnOrName, dayOfWeek: string | Column): Column<DateDays | null> {
  return call('next_day', date, constant(dayOfWeek));
}

/**
 * Returns the last day of the month which the date belongs to.
 * @since 1.5.0
 * @example df.select(f.last_day('event_date'))
 */
export function last_day(date: ColumnOrName): Column<DateDays | null> {
  return call('last_day', date);
}

/**
 * Returns `date` with the time portion of the day truncated to the unit specified by the format model `unit`.
 * @param unit `year`, `month`, `week`, …
 * @since 1.5.0
 * @example df.select(f.trunc('event_date', 'month'))
 */
export function trunc(date: ColumnOrName, unit: string | Column): Column<DateDays | null> {
  return call('trunc', date, constant(unit));
}

/**
 * Returns timestamp `time` truncated to the unit specified by the format model `unit`.
 * @param unit `year`, `day`, `hour`, `minute`, `microsecond`, …
 * @since 2.3.0
 * @example df.select(f.date_trunc('hour', 'event_time'))
 */
export function date_trunc(unit: string | Column, time: ColumnOrName): Column<TimestampMicros | null> {
  return call('date_trunc', constant(unit), time);
}

/**
 * Whole units from `start` to `end`.
 * @param unit `SECOND`, `DAY`, …
 * @example df.select(f.timestamp_diff('MINUTE', 'event_time', 'end_time'))
 */
export function timestamp_diff(unit: string, start: Argument, end: Argument): Column<bigint | null> {
  return call('timestampdiff', constant(unit), start, end);
}

/**
 * The time so many units later.
 * @example df.select(f.timestamp_add('MINUTE', 5, 'event_time'))
 */
export function timestamp_add(unit: string, quantity: Argument, time: Argument): Column<TimestampMicros | null> {
  return call('timestampadd', constant(unit), quantity, time);
}

/**
 * Gets the difference between the times in the specified units.
 * @since 4.1.0
 * @example df.select(f.time_diff('MINUTE', 'opens_at', f.make_time(12, 0, 0)))
 */
export function time_diff(unit: string | Column, start: Argument, end: Argument): Column<bigint | null> {
  return call('time_diff', constant(unit), start, end);
}

/**
 * Returns `time` truncated to the `unit`.
 * @since 4.1.0
 * @example df.select(f.time_trunc('HOUR', 'opens_at'))
 */
export function time_trunc(unit: string | Column, time: Argument): Column<bigint | null> {
  return call('time_trunc', constant(unit), time);
}

// Zones.

/**
 * What the clocks of a zone show when it is `time` in UTC.
 * @since 1.5.0
 * @example df.select(f.from_utc_timestamp('event_time', 'Europe/Berlin'))
 */
export function from_utc_timestamp(time: Argument, zone: string | Column): Column<TimestampMicros | null> {
  return call('from_utc_timestamp', time, constant(zone));
}

/**
 * What the clocks of UTC show when it is `time` in a zone.
 * @since 1.5.0
 * @example df.select(f.to_utc_timestamp('event_time', 'Europe/Berlin'))
 */
export function to_utc_timestamp(time: Argument, zone: string | Column): Column<TimestampMicros | null> {
  return call('to_utc_timestamp', time, constant(zone));
}
