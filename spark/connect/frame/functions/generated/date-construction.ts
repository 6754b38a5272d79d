// Dates, times and intervals made of parts; partitions by time.
// Generated from tools/functions/table/date-construction.txt by `npm run functions:generate`; not to be changed here.
import type { CalendarInterval } from '../../../types/row-of.js';
import type { DateDays, TimestampMicros } from '../../../types/time.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call } from '../call.js';

// Made of parts.

/**
 * Create date from year, month and day fields.
 * @since 3.0.0
 * @example df.select(f.make_date(2026, 1, 'count'))
 */
export function make_date(year: Argument, month: Argument, day: Argument): Column<DateDays | null> {
  return call('make_date', year, month, day);
}

/**
 * A time of year, month, day, hour, minute, second, and a zone if not the session's; or of a date, a time of day and a
 * zone.
 * @since 3.0.0
 * @example df.select(f.make_timestamp(2026, 1, 'count', 12, 30, 0))
 */
export function make_timestamp(year: Argument, ...more: readonly Argument[]): Column<TimestampMicros | null> {
  return call('make_timestamp', year, ...more);
}

/**
 * Create the current timestamp with local time zone from year, month, day, hour, min, sec and (optional) timezone
 * fields.
 * @since 3.4.0
 * @example df.select(f.make_timestamp_ltz(2026, 1, 'count', 12, 30, 0))
 */
export function make_timestamp_ltz(year: Argument, ...more: readonly Argument[]): Column<TimestampMicros | null> {
  return call('make_timestamp_ltz', year, ...more);
}

/**
 * Create local date-time from year, month, day, hour, min, sec fields.
 * @since 3.4.0
 * @example df.select(f.make_timestamp_ntz(2026, 1, 'count', 12, 30, 0))
 */
export function make_timestamp_ntz(year: Argument, ...more: readonly Argument[]): Column<TimestampMicros | null> {
  return call('make_timestamp_ntz', year, ...more);
}

/**
 * Try to create a timestamp from year, month, day, hour, min, sec and timezone fields. Null instead of an error.
 * @since 4.0.0
 * @example df.select(f.try_make_timestamp(2026, 1, 'count', 12, 30, 0))
 */
export function try_make_timestamp(year: Argument, ...more: readonly Argument[]): Column<TimestampMicros | null> {
  return call('try_make_timestamp', year, ...more);
}

/**
 * Try to create the current timestamp with local time zone from year, month, day, hour, min, sec and (optional)
 * timezone fields. Null instead of an error.
 * @since 4.0.0
 * @example df.select(f.try_make_timestamp_ltz(2026, 1, 'count', 12, 30, 0))
 */
export function try_make_timestamp_ltz(year: Argument, ...more: readonly Argument[]): Column<TimestampMicros | null> {
  return call('try_make_timestamp_ltz', year, ...more);
}

/**
 * Try to create local date-time from year, month, day, hour, min, sec fields. Null instead of an error.
 * @since 4.0.0
 * @example df.select(f.try_make_timestamp_ntz(2026, 1, 'count', 12, 30, 0))
 */
export function try_make_timestamp_ntz(year: Argument, ...more: readonly Argument[]): Column<TimestampMicros | null> {
  return call('try_make_timestamp_ntz', year, ...more);
}

/**
 * Create time from hour, minute and second fields.
 * @since 4.1.0
 * @example df.select(f.make_time(12, 30, 'amount'))
 */
export function make_time(hour: Argument, minute: Argument, second: Argument): Column<bigint | null> {
  return call('make_time', hour, minute, second);
}

/**
 * Make interval from years, months, weeks, days, hours, mins and secs.
 * @since 3.0.0
 * @example df.select(f.make_interval(0, 0, 0, 'count'))
 */
export function make_interval(years: Argument, ...more: readonly Argument[]): Column<CalendarInterval | null> {
  return call('make_interval', years, ...more);
}

/**
 * This is a special version of `make_interval` that performs the same operation, but returns NULL when an overflow
 * occurs.
 * @since 4.0.0
 * @example df.select(f.try_make_interval(0, 0, 0, 'count'))
 */
export function try_make_interval(years: Argument, ...more: readonly Argument[]): Column<CalendarInterval | null> {
  return call('try_make_interval', years, ...more);
}

/**
 * Make DayTimeIntervalType duration from days, hours, mins and secs. In microseconds.
 * @since 3.2.0
 * @example df.select(f.make_dt_interval('count', 12))
 */
export function make_dt_interval(days: Argument, ...more: readonly Argument[]): Column<bigint | null> {
  return call('make_dt_interval', days, ...more);
}

/**
 * Make year-month interval from years, months.
 * @since 3.2.0
 * @example df.select(f.make_ym_interval('count', 6))
 */
export function make_ym_interval(years: Argument, ...more: readonly Argument[]): Column<number | null> {
  return call('make_ym_interval', years, ...more);
}

/**
 * Creates a TIME value from seconds since midnight.
 * @since 4.2.0
 * @example df.select(f.time_from_seconds('count'))
 */
export function time_from_seconds(seconds: ColumnOrName): Column<bigint | null> {
  return call('time_from_seconds', seconds);
}

/**
 * Creates a TIME value from milliseconds since midnight.
 * @since 4.2.0
 * @example df.select(f.time_from_millis('user_id'))
 */
export function time_from_millis(millis: ColumnOrName): Column<bigint | null> {
  return call('time_from_millis', millis);
}

/**
 * Creates a TIME value from microseconds since midnight.
 * @since 4.2.0
 * @example df.select(f.time_from_micros('user_id'))
 */
export function time_from_micros(micros: ColumnOrName): Column<bigint | null> {
  return call('time_from_micros', micros);
}

/**
 * Returns the number of seconds since midnight for the given TIME value.
 * @since 4.2.0
 * @example df.select(f.time_to_seconds('opens_at'))
 */
export function time_to_seconds(time: ColumnOrName): Column {
  return call('time_to_seconds', time);
}

/**
 * Returns the number of milliseconds since midnight for the given TIME value.
 * @since 4.2.0
 * @example df.select(f.time_to_millis('opens_at'))
 */
export function time_to_millis(time: ColumnOrName): Column<bigint | null> {
  return call('time_to_millis', time);
}

/**
 * Returns the number of microseconds since midnight for the given TIME value.
 * @since 4.2.0
 * @example df.select(f.time_to_micros('opens_at'))
 */
export function time_to_micros(time: ColumnOrName): Column<bigint | null> {
  return call('time_to_micros', time);
}

// Partitioning of tables by time or hash, for `writeTo(…).partitionedBy(…)` only.

/**
 * A partition for each year.
 * @example df.writeTo('visits').partitionedBy(f.years('event_date'))
 */
export function years(value: ColumnOrName): Column<number> {
  return call('years', value);
}

/**
 * A partition for each month.
 * @example df.writeTo('visits').partitionedBy(f.months('event_date'))
 */
export function months(value: ColumnOrName): Column<number> {
  return call('months', value);
}

/**
 * A partition for each day.
 * @example df.writeTo('visits').partitionedBy(f.days('event_date'))
 */
export function days(value: ColumnOrName): Column<number> {
  return call('days', value);
}

/**
 * A partition for each hour.
 * @example df.writeTo('visits').partitionedBy(f.hours('event_time'))
 */
export function hours(value: ColumnOrName): Column<number> {
  return call('hours', value);
}

/**
 * So many partitions, by hash.
 * @example df.writeTo('visits').partitionedBy(f.bucket(8, 'user_id'))
 */
export function bucket(buckets: number, column: ColumnOrName): Column<number> {
  return call('bucket', buckets, column);
}
