// Now, and the parts of dates and times.
// Generated from tools/functions/table/date-parts.txt by `npm run functions:generate`; not to be changed here.
import type { DateDays, TimestampMicros } from '../../../types/time.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant, present } from '../call.js';
import type { Time, TimeWindow } from '../types.js';

// Now: the same in every row of a query; in a stream the micro-batch's own time, which a replay repeats.

/**
 * Returns the current date at the start of query evaluation.
 * @since 1.5.0
 * @example df.select(f.current_date())
 */
export function current_date(): Column<DateDays> {
  return call('current_date');
}

/**
 * Returns the current date at the start of query evaluation.
 * @since 3.4.0
 * @example df.select(f.curdate())
 */
export function curdate(): Column<DateDays> {
  return call('curdate');
}

/**
 * Returns the current timestamp at the start of query evaluation.
 * @since 1.5.0
 * @example df.select(f.current_timestamp())
 */
export function current_timestamp(): Column<TimestampMicros> {
  return call('current_timestamp');
}

/**
 * Returns the current timestamp at the start of query evaluation.
 * @since 1.6.0
 * @example df.select(f.now())
 */
export function now(): Column<TimestampMicros> {
  return call('now');
}

/**
 * Returns the current timestamp without time zone at the start of query evaluation.
 * @since 3.4.0
 * @example df.select(f.localtimestamp())
 */
export function localtimestamp(): Column<TimestampMicros> {
  return call('localtimestamp');
}

/**
 * Returns the current session local timezone.
 * @since 3.1.0
 * @example df.select(f.current_timezone())
 */
export function current_timezone(): Column<string> {
  return call('current_timezone');
}

/**
 * Returns the current time at the start of query evaluation. Nanoseconds since midnight.
 * @param precision digits of the fraction, 6 if not given.
 * @since 4.1.0
 * @example df.select(f.current_time())
 */
export function current_time(precision?: number): Column<bigint> {
  return call('current_time', ...present(precision));
}

// Windows of event time.

/**
 * Extract the time value from time/session window column which can be used for event time value of window. That is its
 * last microsecond: for a second windowed aggregation over a first.
 * @since 3.4.0
 * @example df.groupBy(f.window('event_time', '5 minutes')).count().select(f.window_time('window'))
 */
export function window_time(windowColumn: ColumnOrName<TimeWindow | null>): Column<TimestampMicros> {
  return call('window_time', windowColumn);
}

/**
 * The start of the bucket of that size that a time falls into.
 * @since 4.2.0
 * @example df.select(f.time_bucket(f.make_dt_interval(0, 1), 'event_time'))
 */
export function time_bucket(bucketSize: Argument, ...more: readonly Argument[]): Column<TimestampMicros | null> {
  return call('time_bucket', bucketSize, ...more);
}

// Parts.

/**
 * Returns the year component of the date/timestamp.
 * @since 1.5.0
 * @example df.select(f.year('event_date'))
 */
export function year(date: ColumnOrName<Time>): Column<number | null> {
  return call('year', date);
}

/**
 * Returns the quarter of the year for date, in the range 1 to 4.
 * @since 1.5.0
 * @example df.select(f.quarter('event_date'))
 */
export function quarter(date: ColumnOrName<Time>): Column<number | null> {
  return call('quarter', date);
}

/**
 * Returns the month component of the date/timestamp.
 * @since 1.5.0
 * @example df.select(f.month('event_date'))
 */
export function month(date: ColumnOrName<Time>): Column<number | null> {
  return call('month', date);
}

/**
 * Returns the week of the year of the given date. ISO week.
 * @since 1.5.0
 * @example df.select(f.weekofyear('event_date'))
 */
export function weekofyear(date: ColumnOrName<Time>): Column<number | null> {
  return call('weekofyear', date);
}

/**
 * Returns the day of month of the date/timestamp.
 * @since 1.5.0
 * @example df.select(f.day('event_date'))
 */
export function day(date: ColumnOrName<Time>): Column<number | null> {
  return call('day', date);
}

/**
 * Returns the day of month of the date/timestamp.
 * @since 1.5.0
 * @example df.select(f.dayofmonth('event_date'))
 */
export function dayofmonth(date: ColumnOrName<Time>): Column<number | null> {
  return call('dayofmonth', date);
}

/**
 * Returns the day of year of the date/timestamp.
 * @since 1.5.0
 * @example df.select(f.dayofyear('event_date'))
 */
export function dayofyear(date: ColumnOrName<Time>): Column<number | null> {
  return call('dayofyear', date);
}

/**
 * Returns the day of the week for date/timestamp (1 = Sunday, 2 = Monday, ..., 7 = Saturday).
 * @since 2.3.0
 * @example df.select(f.dayofweek('event_date'))
 */
export function dayofweek(date: ColumnOrName<Time>): Column<number | null> {
  return call('dayofweek', date);
}

/**
 * Returns the day of the week for date/timestamp (0 = Monday, 1 = Tuesday, ..., 6 = Sunday).
 * @since 2.4.0
 * @example df.select(f.weekday('event_date'))
 */
export function weekday(date: ColumnOrName<Time>): Column<number | null> {
  return call('weekday', date);
}

/**
 * Returns the three-letter abbreviated day name from the given date.
 * @since 4.0.0
 * @example df.select(f.dayname('event_date'))
 */
export function dayname(date: ColumnOrName<Time>): Column<string | null> {
  return call('dayname', date);
}

/**
 * Returns the three-letter abbreviated month name from the given date.
 * @since 4.0.0
 * @example df.select(f.monthname('event_date'))
 */
export function monthname(date: ColumnOrName<Time>): Column<string | null> {
  return call('monthname', date);
}

/**
 * Returns the hour component of the given expression.
 * @since 1.5.0
 * @example df.select(f.hour('event_time'))
 */
export function hour(time: ColumnOrName): Column<number | null> {
  return call('hour', time);
}

/**
 * Returns the minute component of the given expression.
 * @since 1.5.0
 * @example df.select(f.minute('event_time'))
 */
export function minute(time: ColumnOrName): Column<number | null> {
  return call('minute', time);
}

/**
 * Returns the second component of the given expression. Whole seconds.
 * @since 1.5.0
 * @example df.select(f.second('event_time'))
 */
export function second(time: ColumnOrName): Column<number | null> {
  return call('second', time);
}

/**
 * Extracts a part of the date/timestamp or interval source.
 * @param field as in SQL: `YEAR`, `WEEK`, `SECOND` (with fraction, a decimal), …
 * @since 3.0.0
 * @example df.select(f.date_part('YEAR', 'event_time'))
 */
export function date_part(field: string | Column, source: ColumnOrName): Column {
  return call('date_part', constant(field), source);
}

/**
 * Extracts a part of the date/timestamp or interval source. Same as `date_part`.
 * @since 3.4.0
 * @example df.select(f.datepart('YEAR', 'event_time'))
 */
export function datepart(field: string | Column, source: ColumnOrName): Column {
  return call('datepart', constant(field), source);
}

/**
 * Extracts a part of the date or timestamp or time or interval source.
 * @since 3.0.0
 * @example df.select(f.extract('YEAR', 'event_time'))
 */
export function extract(field: string | Column, source: ColumnOrName): Column {
  return call('extract', constant(field), source);
}
