// What a local value becomes in an Arrow buffer, or undefined if it does not fit: then encode-arrow says where it stands.
import {
  daysOfPlainDate,
  intervalOfDuration,
  isDuration,
  isInstant,
  isPlainDate,
  isPlainDateTime,
  isPlainTime,
  microsOfInstant,
  microsOfPlainDateTime,
  nanosOfPlainTime,
} from '../types/temporal.js';

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

export function whole(min: number, max: number) {
  return (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

export function long(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'bigint' && value >= LONG_MIN && value <= LONG_MAX ? value : undefined;
}

/** A Date holds milliseconds: exact, but no more than that. A plain number is refused, because it could be either. */
export function instant(value: unknown): bigint | undefined {
  if (isInstant(value)) return microsOfInstant(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : BigInt(value.getTime()) * 1000n;
  return typeof value === 'bigint' ? long(value) : undefined;
}

/** As `instant`; a point in time is taken by the clock in UTC. */
export function wallClock(value: unknown): bigint | undefined {
  return isPlainDateTime(value) ? microsOfPlainDateTime(value) : instant(value);
}

const DAY_MS = 86_400_000;

export function days(value: unknown): number | undefined {
  if (isPlainDate(value)) return daysOfPlainDate(value);
  if (value instanceof Date) return value.getTime() % DAY_MS === 0 ? value.getTime() / DAY_MS : undefined;
  return whole(-(2 ** 31), 2 ** 31 - 1)(value);
}

const NANOS_PER_DAY = 86_400_000_000_000n;

/** Nanoseconds since midnight; what is finer than a TIME with so many digits is cut off, as by Spark's cast. */
export function timeOfDay(precision: number) {
  const step = 10n ** BigInt(9 - precision);
  return (value: unknown): bigint | undefined => {
    const nanos = isPlainTime(value) ? nanosOfPlainTime(value) : long(value);
    return nanos !== undefined && nanos >= 0n && nanos < NANOS_PER_DAY ? nanos - (nanos % step) : undefined;
  };
}

const MICROS_PER_DAY = 86_400_000_000n;

/** Microseconds; a Duration's day has 24 hours, and it has no months. */
export function dayTime(value: unknown): bigint | undefined {
  if (!isDuration(value)) return long(value);
  const { months, days, microseconds } = intervalOfDuration(value);
  return months === 0 ? long(BigInt(days) * MICROS_PER_DAY + microseconds) : undefined;
}

/** Months, of a Duration that has nothing else. */
export function yearMonth(value: unknown): number | undefined {
  if (!isDuration(value)) return whole(-(2 ** 31), 2 ** 31 - 1)(value);
  const { months, days, microseconds } = intervalOfDuration(value);
  return days === 0 && microseconds === 0n ? whole(-(2 ** 31), 2 ** 31 - 1)(months) : undefined;
}

export function float(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

const utf8 = new TextEncoder();

export function text(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' ? utf8.encode(value) : undefined;
}

export function bytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}
