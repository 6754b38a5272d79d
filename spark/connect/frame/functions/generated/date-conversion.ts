// Dates and times to and from text, and to and from numbers.
// Formats are Java's patterns (`yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX`), read in the session's time zone.
// Generated from tools/functions/table/date-conversion.txt by `npm run functions:generate`; not to be changed here.
import type { DateDays, TimestampMicros } from '../../../types/time.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant, optional } from '../call.js';

// To and from text.

/**
 * Converts `time` to a value of string in the format specified by the date format `format`.
 * @since 1.5.0
 * @example df.select(f.date_format('event_time', 'yyyy-MM-dd'))
 */
export function date_format(time: Argument, format: string | Column): Column<string | null> {
  return call('date_format', time, constant(format));
}

/**
 * Parses the `text` expression with the `format` expression to a date.
 * @since 1.5.0
 * @example df.select(f.to_date(f.lit('02.01.2026'), 'dd.MM.yyyy'))
 */
export function to_date(text: Argument, format?: string | Column): Column<DateDays | null> {
  return call('to_date', text, ...optional(format));
}

/**
 * Parses the `text` expression with the `format` expression to a date. Null instead of an error.
 * @since 4.0.0
 * @example df.select(f.try_to_date(f.lit('02.01.2026'), 'dd.MM.yyyy'))
 */
export function try_to_date(text: Argument, format?: string | Column): Column<DateDays | null> {
  return call('try_to_date', text, ...optional(format));
}

/**
 * Parses the `text` expression with the `format` expression to a timestamp.
 * @since 2.2.0
 * @example df.select(f.to_timestamp(f.lit('02.01.2026 03:04'), 'dd.MM.yyyy HH:mm'))
 */
export function to_timestamp(text: Argument, format?: string | Column): Column<TimestampMicros | null> {
  return call('to_timestamp', text, ...optional(format));
}

/**
 * Parses the `text` expression with the `format` expression to a timestamp. Null where the text is no timestamp.
 * @since 3.4.0
 * @example df.select(f.try_to_timestamp(f.lit('02.01.2026 03:04'), 'dd.MM.yyyy HH:mm'))
 */
export function try_to_timestamp(text: Argument, format?: string | Column): Column<TimestampMicros | null> {
  return call('try_to_timestamp', text, ...optional(format));
}

/**
 * Parses the `text` expression with the `format` expression to a timestamp with local time zone.
 * @since 3.4.0
 * @example df.select(f.to_timestamp_ltz(f.lit('02.01.2026 03:04'), 'dd.MM.yyyy HH:mm'))
 */
export function to_timestamp_ltz(text: Argument, format?: string | Column): Column<TimestampMicros | null> {
  return call('to_timestamp_ltz', text, ...optional(format));
}

/**
 * Parses the `text` expression with the `format` expression to a timestamp without time zone.
 * @since 3.4.0
 * @example df.select(f.to_timestamp_ntz(f.lit('02.01.2026 03:04'), 'dd.MM.yyyy HH:mm'))
 */
export function to_timestamp_ntz(text: Argument, format?: string | Column): Column<TimestampMicros | null> {
  return call('to_timestamp_ntz', text, ...optional(format));
}

/**
 * Parses the `text` expression with the `format` expression to a time.
 * @since 4.1.0
 * @example df.select(f.to_time(f.lit('03:04'), 'HH:mm'))
 */
export function to_time(text: Argument, format?: string | Column): Column<bigint | null> {
  return call('to_time', text, ...optional(format));
}

/**
 * Parses the `text` expression with the `format` expression to a time. Null instead of an error.
 * @since 4.1.0
 * @example df.select(f.try_to_time(f.lit('03:04'), 'HH:mm'))
 */
export function try_to_time(text: Argument, format?: string | Column): Column<bigint | null> {
  return call('try_to_time', text, ...optional(format));
}

// To and from numbers since 1970-01-01T00:00Z.

/**
 * Returns the number of microseconds since 1970-01-01 00:00:00 UTC.
 * @since 3.1.0
 * @example df.select(f.unix_micros('event_time'))
 */
export function unix_micros(timestamp: ColumnOrName<TimestampMicros | null>): Column<bigint> {
  return call('unix_micros', timestamp);
}

/**
 * Returns the number of milliseconds since 1970-01-01 00:00:00 UTC.
 * @since 3.1.0
 * @example df.select(f.unix_millis('event_time'))
 */
export function unix_millis(timestamp: ColumnOrName<TimestampMicros | null>): Column<bigint> {
  return call('unix_millis', timestamp);
}

/**
 * Returns the number of seconds since 1970-01-01 00:00:00 UTC.
 * @since 3.1.0
 * @example df.select(f.unix_seconds('event_time'))
 */
export function unix_seconds(timestamp: ColumnOrName<TimestampMicros | null>): Column<bigint> {
  return call('unix_seconds', timestamp);
}

/**
 * Returns the number of days since 1970-01-01.
 * @since 3.1.0
 * @example df.select(f.unix_date('event_date'))
 */
export function unix_date(date: ColumnOrName<DateDays | null>): Column<number> {
  return call('unix_date', date);
}

/**
 * Creates timestamp from the number of microseconds since UTC epoch.
 * @since 3.1.0
 * @example df.select(f.timestamp_micros('user_id'))
 */
export function timestamp_micros(microseconds: ColumnOrName): Column<TimestampMicros> {
  return call('timestamp_micros', microseconds);
}

/**
 * Creates timestamp from the number of milliseconds since UTC epoch.
 * @since 3.1.0
 * @example df.select(f.timestamp_millis('user_id'))
 */
export function timestamp_millis(milliseconds: ColumnOrName): Column<TimestampMicros> {
  return call('timestamp_millis', milliseconds);
}

/**
 * Creates timestamp from the number of seconds (can be fractional) since UTC epoch.
 * @since 3.1.0
 * @example df.select(f.timestamp_seconds('count'))
 */
export function timestamp_seconds(seconds: ColumnOrName): Column<TimestampMicros> {
  return call('timestamp_seconds', seconds);
}

/**
 * Create date from the number of days since 1970-01-01.
 * @since 3.1.0
 * @example df.select(f.date_from_unix_date('count'))
 */
export function date_from_unix_date(days: ColumnOrName): Column<DateDays> {
  return call('date_from_unix_date', days);
}

/**
 * Returns `seconds` in the specified `format`.
 * @since 1.5.0
 * @example df.select(f.from_unixtime('user_id'))
 */
export function from_unixtime(
  seconds: Argument,
  format: string | Column = 'yyyy-MM-dd HH:mm:ss',
): Column<string | null> {
  return call('from_unixtime', seconds, constant(format));
}

/**
 * Returns the UNIX timestamp of the given time.
 * @since 1.6.0
 * @example df.select(f.to_unix_timestamp(f.lit('02.01.2026 03:04'), 'dd.MM.yyyy HH:mm'))
 */
export function to_unix_timestamp(time: Argument, format?: string | Column): Column<bigint | null> {
  return call('to_unix_timestamp', time, ...optional(format));
}
