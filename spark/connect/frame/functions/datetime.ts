// Windows of event time, and functions of time whose arguments depend on one another. Durations are Spark's intervals in words (`1 minute`, `90 seconds`).
import type { Any } from '../../types/any.js';
import type { TimestampMicros } from '../../types/time.js';
import type { Column } from '../column.js';
import { type Argument, call, constant, optional } from './call.js';
import type { Time, TimeWindow } from './types.js';

// Grouping by a window makes a column `window` or `session_window` with `start` and `end`.

/**
 * Windows of fixed length: tumbling, or sliding if `slide` is given; a row is then in several.
 * @param start where the first begins, as a duration since 1970-01-01T00:00Z.
 * @since 2.0.0
 * @example df.groupBy(f.window('event_time', '5 minutes', '1 minute')).count()
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

/**
 * Windows that end when nothing came for `gap`; a gap of exactly that length still joins. A column may give each row its own gap.
 * @since 3.2.0
 * @example df.groupBy('name', f.session_window('event_time', '30 minutes')).count()
 */
export function session_window<T extends Time>(
  time: Column<T> | string,
  gap: string | Column,
): Column<TimeWindow, 'session_window'> {
  return call('session_window', time, constant(gap)) as Column<Any, 'session_window'>;
}

/**
 * Seconds since 1970-01-01T00:00Z of a text or time; without arguments of now.
 * @since 1.5.0
 * @example df.select(f.unix_timestamp('event_time'), f.unix_timestamp(f.lit('02.01.2026'), 'dd.MM.yyyy'))
 */
export function unix_timestamp(
  time?: Argument,
  format: string | Column = 'yyyy-MM-dd HH:mm:ss',
): Column<bigint | null> {
  return time === undefined ? call('unix_timestamp') : call('unix_timestamp', time, constant(format));
}

/**
 * The wall clock of `to` when `from`'s (the session's if undefined) shows `time`.
 * @since 3.4.0
 * @example df.select(f.convert_timezone('Europe/Berlin', 'Asia/Tokyo', 'event_time'))
 */
export function convert_timezone(
  from: string | Column | undefined,
  to: string | Column,
  time: Argument,
): Column<TimestampMicros | null> {
  return call('convert_timezone', ...optional(from), constant(to), time);
}
