/**
 * ISO 8601 to microseconds, and back, by own arithmetic: neither Spark's parser nor JavaScript's Date, which has milliseconds only and takes
 * much that is no time.
 */

const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const OFFSET_MINUTES_MAX = 18 * 60;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Microseconds since 1970, or undefined if the text is not in the form `YYYY-MM-DDThh:mm:ss[.f{1,9}](Z|±hh:mm)` or names no real time: hour
 * 24, second 60, 30 February, an offset beyond ±18:00. Digits beyond microseconds are cut. The calendar is the proleptic Gregorian one.
 */
export function parseEventTime(text: string): bigint | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    fraction = '',
    sign,
    offsetHour = '0',
    offsetMinute = '0',
  ] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (!isRealDate(Number(year), Number(month), Number(day))) return undefined;
  const offsetMinutes = Number(offsetHour) * 60 + Number(offsetMinute);
  if (Number(offsetMinute) > 59 || offsetMinutes > OFFSET_MINUTES_MAX) return undefined;

  const days = daysFromCivil(Number(year), Number(month), Number(day));
  const shift = sign === '-' ? -offsetMinutes : offsetMinutes;
  const seconds = days * 86_400 + (Number(hour) * 60 + Number(minute) - shift) * 60 + Number(second);
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** `2026-07-04T12:00:00.123456Z`, always with six digits. For years 0 to 9999. */
export function formatMicros(micros: bigint): string {
  const seconds = floorDiv(micros, 1_000_000n);
  const fraction = micros - seconds * 1_000_000n;
  const days = floorDiv(seconds, 86_400n);
  const inDay = Number(seconds - days * 86_400n);
  const clock = [Math.floor(inDay / 3600), Math.floor(inDay / 60) % 60, inDay % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${formatDay(Number(days))}T${clock.join(':')}.${String(fraction).padStart(6, '0')}Z`;
}

/** `2026-07-04` of a number of days since 1970. */
export function formatDay(days: number): string {
  // Howard Hinnant's civil_from_days (howardhinnant.github.io/date_algorithms.html).
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Whole units, towards minus infinity; BigInt's own division goes towards zero. */
export function floorDiv(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  return value < 0n && quotient * unit !== value ? quotient - 1n : quotient;
}

function isRealDate(year: number, month: number, day: number): boolean {
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && isLeap ? 29 : days);
}

/** Days since 1970 (Howard Hinnant's days_from_civil). */
function daysFromCivil(year: number, month: number, day: number): number {
  const yearFromMarch = month <= 2 ? year - 1 : year;
  const era = Math.floor(yearFromMarch / 400);
  const yearOfEra = yearFromMarch - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
