// Points in time as Spark counts them. Branded, because a bare bigint or number could be anything: two of these never mix by accident.
import { SparkError } from '../errors/spark-error.js';
import {
  daysOfPlainDate,
  type InstantLike,
  isInstant,
  isPlainDate,
  isPlainDateTime,
  microsOfInstant,
  microsOfPlainDateTime,
  type PlainDateLike,
  type PlainDateTimeLike,
} from './temporal.js';

declare const unit: unique symbol;

/** Microseconds since 1970-01-01T00:00:00: in UTC for TIMESTAMP, on the wall clock for TIMESTAMP_NTZ. */
export type TimestampMicros = bigint & { readonly [unit]: 'microseconds since 1970' };
/** Days since 1970-01-01, the value of a DATE. */
export type DateDays = number & { readonly [unit]: 'days since 1970' };

/**
 * What is a time only for the compiler. At run time it is a bigint or a number, which becomes a BIGINT or an INT where a constant stands: there it is
 * refused, and `lit(value, timestamp())` says its type.
 */
export type Timed = TimestampMicros | DateDays;

/** The two types' brand, for telling a bare bigint or number from them in a signature: a bare one has no unit. */
export type WithoutUnit = { readonly [unit]?: never };

const MICROS_PER_MS = 1_000n;
const MS_PER_DAY = 86_400_000;

/**
 * A point in time. A bigint is taken as microseconds, a Date exactly, and text as ISO 8601 with a zone (`2026-01-31T12:00:00.123456Z`), to the
 * microsecond; so are Temporal's Instant and ZonedDateTime, and PlainDateTime for a TIMESTAMP_NTZ.
 * @throws SparkError of kind `input` for an invalid Date, text without a zone or that is no time, or a day that no calendar has.
 * @example spark.createDataFrame([{ at: timestampMicros('2026-01-31T12:00:00.123456Z') }], struct({ at: timestamp() }))
 */
export function timestampMicros(value: bigint | Date | string | InstantLike | PlainDateTimeLike): TimestampMicros {
  if (typeof value === 'bigint') return value as TimestampMicros;
  if (typeof value === 'string') return parseTimestamp(value);
  if (isInstant(value)) return microsOfInstant(value) as TimestampMicros;
  if (isPlainDateTime(value)) return microsOfPlainDateTime(value) as TimestampMicros;
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new SparkError('An invalid Date is no timestamp.', { kind: 'input' });
  return (BigInt(ms) * MICROS_PER_MS) as TimestampMicros;
}

/** Digits beyond microseconds are cut, as Spark does. */
function parseTimestamp(text: string): TimestampMicros {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const [, seconds = '', fraction = '', zone = ''] = match ?? [];
  const ms = Date.parse(seconds + zone);
  if (match === null || Number.isNaN(ms) || !isDay(seconds.slice(0, 10))) {
    throw new SparkError(`A timestamp looks like 2026-01-31T12:00:00.123456Z; found "${text}".`, { kind: 'input' });
  }
  return (BigInt(ms) * MICROS_PER_MS + BigInt(fraction.slice(0, 6).padEnd(6, '0'))) as TimestampMicros;
}

/** Whether the calendar has that day: Date takes 2026-02-30 for the second of March. */
function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/**
 * A day. A number is taken as days since 1970-01-01; a Date must be midnight UTC; text is `2026-01-31`; Temporal's PlainDate is one.
 * @throws SparkError of kind `input` for anything else.
 * @example spark.createDataFrame([{ day: dateDays('2026-01-31') }], struct({ day: date() }))
 */
export function dateDays(value: number | Date | string | PlainDateLike): DateDays {
  if (isPlainDate(value)) return daysOfPlainDate(value) as DateDays;
  if (typeof value === 'string' && !(/^\d{4}-\d\d-\d\d$/.test(value) && isDay(value))) throw noDate(value);
  const days = typeof value === 'number' ? value : new Date(value).getTime() / MS_PER_DAY;
  if (!Number.isInteger(days)) throw noDate(String(value));
  return days as DateDays;
}

function noDate(text: string): SparkError {
  return new SparkError(`A date is a whole number of days, midnight UTC or text like 2026-01-31; found "${text}".`, {
    kind: 'input',
  });
}

/**
 * The Date at or, as a Date has only milliseconds, up to 999 microseconds before the timestamp.
 * @example for await (const { ordered_at } of orders.rows()) console.log(timestampToDate(ordered_at).toLocaleString());
 */
export function timestampToDate(value: TimestampMicros): Date {
  const micros: bigint = value;
  // BigInt division rounds toward zero; before 1970 that would be upward.
  const ms = micros / MICROS_PER_MS - (micros % MICROS_PER_MS < 0n ? 1n : 0n);
  return new Date(Number(ms));
}

/**
 * ISO 8601 in UTC with six digits: nothing is lost. Years beyond 9999 come as JavaScript writes them (+012345-…).
 * @example console.log(timestampToString(timestampMicros(0n))); // 1970-01-01T00:00:00.000000Z
 */
export function timestampToString(value: TimestampMicros): string {
  const micros = ((value % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return timestampToDate(value)
    .toISOString()
    .replace(/\.\d+Z$/, `.${micros.toString().padStart(6, '0')}Z`);
}
