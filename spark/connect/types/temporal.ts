// Objects of JavaScript's Temporal as Spark's times, by their ISO text and nanoseconds. Known by their tag: the platform's classes are taken, and so
// are a polyfill's, and the package depends on neither.
import { SparkError } from '../errors/spark-error.js';

/** A point in time: a TIMESTAMP. */
export interface InstantLike {
  readonly [Symbol.toStringTag]: 'Temporal.Instant' | 'Temporal.ZonedDateTime';
  readonly epochNanoseconds: bigint;
}

/** Date and time on the wall clock, anywhere: a TIMESTAMP_NTZ. */
export interface PlainDateTimeLike {
  readonly [Symbol.toStringTag]: 'Temporal.PlainDateTime';
}

/** A day: a DATE. */
export interface PlainDateLike {
  readonly [Symbol.toStringTag]: 'Temporal.PlainDate';
}

/** A time of day: a TIME. */
export interface PlainTimeLike {
  readonly [Symbol.toStringTag]: 'Temporal.PlainTime';
}

/** A length of time: months, days and microseconds, each on its own. */
export interface DurationLike {
  readonly [Symbol.toStringTag]: 'Temporal.Duration';
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  readonly microseconds: number;
  readonly nanoseconds: number;
}

/** What of Temporal is a constant, or a value of local rows. */
export type TemporalLike = InstantLike | PlainDateTimeLike | PlainDateLike | PlainTimeLike | DurationLike;

const TAGS: readonly string[] = [
  'Temporal.Instant',
  'Temporal.ZonedDateTime',
  'Temporal.PlainDateTime',
  'Temporal.PlainDate',
  'Temporal.PlainTime',
  'Temporal.Duration',
] satisfies readonly TemporalLike[typeof Symbol.toStringTag][];

/** Whether `value` is one of Temporal's objects that Spark has a type for. */
export function isTemporal(value: unknown): value is TemporalLike {
  if (typeof value !== 'object' || value === null) return false;
  const tag: unknown = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  return typeof tag === 'string' && TAGS.includes(tag);
}

export function isInstant(value: unknown): value is InstantLike {
  return isTemporal(value) && 'epochNanoseconds' in value;
}

export function isDuration(value: unknown): value is DurationLike {
  return isTemporal(value) && value[Symbol.toStringTag] === 'Temporal.Duration';
}

export function isPlainDateTime(value: unknown): value is PlainDateTimeLike {
  return isTemporal(value) && value[Symbol.toStringTag] === 'Temporal.PlainDateTime';
}

export function isPlainDate(value: unknown): value is PlainDateLike {
  return isTemporal(value) && value[Symbol.toStringTag] === 'Temporal.PlainDate';
}

export function isPlainTime(value: unknown): value is PlainTimeLike {
  return isTemporal(value) && value[Symbol.toStringTag] === 'Temporal.PlainTime';
}

const NANOS_PER_MICRO = 1_000n;
const MS_PER_DAY = 86_400_000;
const DAYS_PER_WEEK = 7;

/** Microseconds since 1970; what is finer is cut off, downward also before 1970. */
export function microsOfInstant({ epochNanoseconds: nanos }: InstantLike): bigint {
  return nanos / NANOS_PER_MICRO - (nanos % NANOS_PER_MICRO < 0n ? 1n : 0n);
}

/** Microseconds since 1970-01-01T00:00:00 on the same wall clock. */
export function microsOfPlainDateTime(value: PlainDateTimeLike): bigint {
  const [, day = '', time = ''] = isoParts(value, /^(.+)T([\d:.]+)/);
  return BigInt(msOfDay(day, value)) * 1_000n + nanosOfText(time) / NANOS_PER_MICRO;
}

/** Days since 1970-01-01. */
export function daysOfPlainDate(value: PlainDateLike): number {
  const [, day = ''] = isoParts(value, /^([^[T]+)/);
  return msOfDay(day, value) / MS_PER_DAY;
}

/** Nanoseconds since midnight. */
export function nanosOfPlainTime(value: PlainTimeLike): bigint {
  const [time = ''] = isoParts(value, /^[\d:.]+/);
  return nanosOfText(time);
}

/** @throws SparkError of kind `input` for a part that is no whole number of microseconds. */
export function intervalOfDuration(value: DurationLike): { months: number; days: number; microseconds: bigint } {
  if (value.nanoseconds % 1_000 !== 0) {
    throw new SparkError(`${String(value)} is finer than a microsecond, the finest of Spark's intervals.`, {
      kind: 'input',
    });
  }
  const seconds = BigInt(value.hours) * 3_600n + BigInt(value.minutes) * 60n + BigInt(value.seconds);
  const fraction = BigInt(value.milliseconds) * 1_000n + BigInt(value.microseconds) + BigInt(value.nanoseconds / 1_000);
  return {
    months: value.years * 12 + value.months,
    days: value.weeks * DAYS_PER_WEEK + value.days,
    microseconds: seconds * 1_000_000n + fraction,
  };
}

/** `toString` is ISO 8601 whatever the object's calendar; the calendar's name follows in brackets. */
function isoParts(value: TemporalLike, pattern: RegExp): RegExpExecArray {
  const parts = pattern.exec(String(value));
  if (parts === null) throw noIso(value);
  return parts;
}

function msOfDay(day: string, value: TemporalLike): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms)) throw noIso(value);
  return ms;
}

/** Of `12:34`, `12:34:56` or `12:34:56.123456789`. */
function nanosOfText(text: string): bigint {
  const [clock = '', fraction = ''] = text.split('.');
  const [hours = '0', minutes = '0', seconds = '0'] = clock.split(':');
  const wholeSeconds = BigInt(hours) * 3_600n + BigInt(minutes) * 60n + BigInt(seconds);
  return wholeSeconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function noIso(value: TemporalLike): SparkError {
  return new SparkError(`${value[Symbol.toStringTag]} "${String(value)}" is not written in ISO 8601.`, {
    kind: 'input',
  });
}
