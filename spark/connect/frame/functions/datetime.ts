// Dates, times and windows of time. Formats are Java's patterns (`yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX`), read in the session's time zone; durations are
// Spark's intervals in words (`1 minute`, `90 seconds`).
import type { Any } from '../../types/any.js';
import type { CalendarInterval } from '../../types/row-of.js';
import type { DateDays, TimestampMicros } from '../../types/time.js';
import type { Column } from '../column.js';
import {
  type Argument,
  binary,
  type ColumnOrName,
  call,
  constant,
  nullary,
  optional,
  present,
  ternary,
  unary,
  withOptional,
} from './call.js';

type Time = TimestampMicros | DateDays | string | null;

// Now: the same in every row of a query; in a stream the micro-batch's own time, which a replay repeats.

export const current_date = nullary<DateDays>('current_date');
export const curdate = nullary<DateDays>('curdate');
export const current_timestamp = nullary<TimestampMicros>('current_timestamp');
export const now = nullary<TimestampMicros>('now');
/** Without zone. */
export const localtimestamp = nullary<TimestampMicros>('localtimestamp');
export const current_timezone = nullary<string>('current_timezone');
/** Nanoseconds since midnight. @param precision digits of the fraction, 6 if not given. */
export const current_time = (precision?: number): Column<bigint> => call('current_time', ...present(precision));

// Windows of event time. Grouping by one makes a column `window` or `session_window` with `start` and `end`.

/** A window of time; its end belongs to the next. */
export interface TimeWindow {
  readonly start: TimestampMicros;
  readonly end: TimestampMicros;
}

/**
 * Windows of fixed length: tumbling, or sliding if `slide` is given; a row is then in several.
 * @param start where the first begins, as a duration since 1970-01-01T00:00Z.
 */
export function window<T extends Time>(
  time: Column<T> | string,
  duration: string,
  slide?: string,
  start?: string,
): Column<TimeWindow, 'window'> {
  // A start needs a slide before it: the window then tumbles.
  return call(
    'window',
    time,
    constant(duration),
    ...optional(slide ?? (start === undefined ? undefined : duration)),
    ...optional(start),
  ) as Column<Any, 'window'>;
}

/** Windows that end when nothing came for `gap`; a gap of exactly that length still joins. A column may give each row its own gap. */
export function session_window<T extends Time>(
  time: Column<T> | string,
  gap: string | Column,
): Column<TimeWindow, 'session_window'> {
  return call('session_window', time, constant(gap)) as Column<Any, 'session_window'>;
}

/** The window's event time, its last microsecond: for a second windowed aggregation over a first. */
export const window_time = unary<TimestampMicros, TimeWindow | null>('window_time');

/** The start of the bucket of that size. */
export const time_bucket = withOptional<TimestampMicros | null>('time_bucket');

// Parts.

export const year = unary<number | null, Time>('year');
export const quarter = unary<number | null, Time>('quarter');
export const month = unary<number | null, Time>('month');
/** ISO week. */
export const weekofyear = unary<number | null, Time>('weekofyear');
export const day = unary<number | null, Time>('day');
export const dayofmonth = unary<number | null, Time>('dayofmonth');
export const dayofyear = unary<number | null, Time>('dayofyear');
/** 1 is Sunday. */
export const dayofweek = unary<number | null, Time>('dayofweek');
/** 0 is Monday. */
export const weekday = unary<number | null, Time>('weekday');
export const dayname = unary<string | null, Time>('dayname');
export const monthname = unary<string | null, Time>('monthname');
export const hour = unary<number | null>('hour');
export const minute = unary<number | null>('minute');
/** Whole seconds. */
export const second = unary<number | null>('second');
/** @param field as in SQL: `YEAR`, `WEEK`, `SECOND` (with fraction, a decimal), … */
export const date_part = (field: string | Column, source: ColumnOrName): Column =>
  call('date_part', constant(field), source);
/** Same as `date_part`. */
export const datepart = (field: string | Column, source: ColumnOrName): Column =>
  call('datepart', constant(field), source);
export const extract = (field: string | Column, source: ColumnOrName): Column =>
  call('extract', constant(field), source);

// Arithmetic.

export const date_add = binary<DateDays | null>('date_add');
/** Same as `date_add`. */
export const dateadd = binary<DateDays | null>('dateadd');
export const date_sub = binary<DateDays | null>('date_sub');
/** Days from `start` to `end`. */
export const datediff = (end: ColumnOrName, start: ColumnOrName): Column<number | null> => call('datediff', end, start);
/** Same as `datediff`. */
export const date_diff = (end: ColumnOrName, start: ColumnOrName): Column<number | null> =>
  call('date_diff', end, start);
export const add_months = binary<DateDays | null>('add_months');
/** @param roundOff to eight digits. */
export const months_between = (later: ColumnOrName, earlier: ColumnOrName, roundOff = true): Column<number | null> =>
  call('months_between', later, earlier, roundOff);
/** @param dayOfWeek `Mon`, `Tuesday`, … */
export const next_day = (date: ColumnOrName, dayOfWeek: string | Column): Column<DateDays | null> =>
  call('next_day', date, constant(dayOfWeek));
export const last_day = unary<DateDays | null>('last_day');
/** @param unit `year`, `month`, `week`, … */
export const trunc = (date: ColumnOrName, unit: string | Column): Column<DateDays | null> =>
  call('trunc', date, constant(unit));
/** @param unit `year`, `day`, `hour`, `minute`, `microsecond`, … */
export const date_trunc = (unit: string | Column, time: ColumnOrName): Column<TimestampMicros | null> =>
  call('date_trunc', constant(unit), time);
/** Whole units from `start` to `end`. @param unit `SECOND`, `DAY`, … */
export const timestamp_diff = (unit: string, start: Argument, end: Argument): Column<bigint | null> =>
  call('timestampdiff', constant(unit), start, end);
export const timestamp_add = (unit: string, quantity: Argument, time: Argument): Column<TimestampMicros | null> =>
  call('timestampadd', constant(unit), quantity, time);
export const time_diff = (unit: string | Column, start: Argument, end: Argument): Column<bigint | null> =>
  call('time_diff', constant(unit), start, end);
export const time_trunc = (unit: string | Column, time: Argument): Column<bigint | null> =>
  call('time_trunc', constant(unit), time);

// To and from text.

export const date_format = (time: Argument, format: string | Column): Column<string | null> =>
  call('date_format', time, constant(format));
export const to_date = (text: Argument, format?: string | Column): Column<DateDays | null> =>
  call('to_date', text, ...optional(format));
export const try_to_date = (text: Argument, format?: string | Column): Column<DateDays | null> =>
  call('try_to_date', text, ...optional(format));
export const to_timestamp = (text: Argument, format?: string | Column): Column<TimestampMicros | null> =>
  call('to_timestamp', text, ...optional(format));
/** Null where the text is no timestamp. */
export const try_to_timestamp = (text: Argument, format?: string | Column): Column<TimestampMicros | null> =>
  call('try_to_timestamp', text, ...optional(format));
export const to_timestamp_ltz = (text: Argument, format?: string | Column): Column<TimestampMicros | null> =>
  call('to_timestamp_ltz', text, ...optional(format));
export const to_timestamp_ntz = (text: Argument, format?: string | Column): Column<TimestampMicros | null> =>
  call('to_timestamp_ntz', text, ...optional(format));
export const to_time = (text: Argument, format?: string | Column): Column<bigint | null> =>
  call('to_time', text, ...optional(format));
export const try_to_time = (text: Argument, format?: string | Column): Column<bigint | null> =>
  call('try_to_time', text, ...optional(format));

// To and from numbers since 1970-01-01T00:00Z.

export const unix_micros = unary<bigint, TimestampMicros | null>('unix_micros');
export const unix_millis = unary<bigint, TimestampMicros | null>('unix_millis');
export const unix_seconds = unary<bigint, TimestampMicros | null>('unix_seconds');
export const unix_date = unary<number, DateDays | null>('unix_date');
export const timestamp_micros = unary<TimestampMicros>('timestamp_micros');
export const timestamp_millis = unary<TimestampMicros>('timestamp_millis');
export const timestamp_seconds = unary<TimestampMicros>('timestamp_seconds');
export const date_from_unix_date = unary<DateDays>('date_from_unix_date');
/** Seconds as text. */
export const from_unixtime = (
  seconds: Argument,
  format: string | Column = 'yyyy-MM-dd HH:mm:ss',
): Column<string | null> => call('from_unixtime', seconds, constant(format));
/** Seconds of a text or time; without arguments of now. */
export const unix_timestamp = (
  time?: Argument,
  format: string | Column = 'yyyy-MM-dd HH:mm:ss',
): Column<bigint | null> =>
  time === undefined ? call('unix_timestamp') : call('unix_timestamp', time, constant(format));
export const to_unix_timestamp = (time: Argument, format?: string | Column): Column<bigint | null> =>
  call('to_unix_timestamp', time, ...optional(format));

// Zones.

export const from_utc_timestamp = (time: Argument, zone: string | Column): Column<TimestampMicros | null> =>
  call('from_utc_timestamp', time, constant(zone));
export const to_utc_timestamp = (time: Argument, zone: string | Column): Column<TimestampMicros | null> =>
  call('to_utc_timestamp', time, constant(zone));
/** The wall clock of `to` when `from`'s (the session's if undefined) shows `time`. */
export const convert_timezone = (
  from: string | Column | undefined,
  to: string | Column,
  time: Argument,
): Column<TimestampMicros | null> => call('convert_timezone', ...optional(from), constant(to), time);

// Made of parts.

export const make_date = ternary<DateDays | null>('make_date');
/** Year, month, day, hour, minute, second, and a zone if not the session's. */
export const make_timestamp = withOptional<TimestampMicros | null>('make_timestamp');
export const make_timestamp_ltz = withOptional<TimestampMicros | null>('make_timestamp_ltz');
export const make_timestamp_ntz = withOptional<TimestampMicros | null>('make_timestamp_ntz');
export const try_make_timestamp = withOptional<TimestampMicros | null>('try_make_timestamp');
export const try_make_timestamp_ltz = withOptional<TimestampMicros | null>('try_make_timestamp_ltz');
export const try_make_timestamp_ntz = withOptional<TimestampMicros | null>('try_make_timestamp_ntz');
export const make_time = ternary<bigint | null>('make_time');
/** Years, months, weeks, days, hours, minutes, seconds. */
export const make_interval = withOptional<CalendarInterval | null>('make_interval');
export const try_make_interval = withOptional<CalendarInterval | null>('try_make_interval');
/** Days, hours, minutes, seconds; in microseconds. */
export const make_dt_interval = withOptional<bigint | null>('make_dt_interval');
/** Years, months; in months. */
export const make_ym_interval = withOptional<number | null>('make_ym_interval');
export const time_from_seconds = unary<bigint | null>('time_from_seconds');
export const time_from_millis = unary<bigint | null>('time_from_millis');
export const time_from_micros = unary<bigint | null>('time_from_micros');
export const time_to_seconds = unary<Any>('time_to_seconds');
export const time_to_millis = unary<bigint | null>('time_to_millis');
export const time_to_micros = unary<bigint | null>('time_to_micros');

// Partitioning of tables by time or hash, for `writeTo(…).partitionedBy(…)` only.

export const years = unary<number>('years');
export const months = unary<number>('months');
export const days = unary<number>('days');
export const hours = unary<number>('hours');
export const bucket = (buckets: number, column: ColumnOrName): Column<number> => call('bucket', buckets, column);
