// How users write types: `struct({ event_time: timestamp(), user_id: notNull(string()) })`. Plain values that also carry their row type.
//
// Fields, elements and map values are nullable unless marked by `notNull`, as in Spark: what reads a file, a topic or JSON yields nulls, whatever
// a schema claims. `notNull` is a promise of the writer of the schema; Spark believes it without checking.
import { SparkError } from '../errors/spark-error.js';
import type {
  ArrayType,
  CharType,
  DataType,
  DayTimeIntervalType,
  DecimalType,
  MapType,
  SimpleKind,
  SimpleType,
  StringType,
  StructField,
  StructType,
  TimeType,
  YearMonthIntervalType,
} from './data-type.js';
import { DECIMAL_PRECISION_MAX, type Decimal } from './decimal.js';
import type { CalendarInterval, FieldSpec, FieldValue, NotNull, StructValue, Typed } from './row-of.js';
import type { DateDays, TimestampMicros } from './time.js';

function simple<T>(kind: SimpleKind): () => Typed<T, SimpleType> {
  return () => ({ kind });
}

export const boolean = simple<boolean>('boolean');
/** 8 bits. */
export const byte = simple<number>('byte');
/** 16 bits. */
export const short = simple<number>('short');
/** 32 bits. */
export const integer = simple<number>('integer');
/** 64 bits; a bigint, because a number holds only 53. */
export const long = simple<bigint>('long');
/** 32 bits. */
export const float = simple<number>('float');
/** 64 bits, as JavaScript's own numbers. */
export const double = simple<number>('double');
export const binary = simple<Uint8Array>('binary');
/** A calendar day. */
export const date = simple<DateDays>('date');
/** An instant, to the microsecond. */
export const timestamp = simple<TimestampMicros>('timestamp');
/** Date and time on the wall clock, no zone. */
export const timestamp_ntz = simple<TimestampMicros>('timestampNtz');
export const calendar_interval = simple<CalendarInterval>('calendarInterval');
/** Any JSON-like value, kept in binary. */
export const variant = simple<unknown>('variant');
/** Only null. */
export const void_ = simple<null>('null');

/** @param collation how strings compare; absent: by their bytes (UTF8_BINARY). */
export function string(collation?: string): Typed<string, StringType> {
  return { kind: 'string', ...(collation === undefined ? {} : { collation }) };
}

/** A string of exactly `length` characters, padded with spaces. */
export function char(length: number): Typed<string, CharType> {
  return { kind: 'char', length: atLeastOne(length, 'char') };
}

/** A string of at most `length` characters. */
export function varchar(length: number): Typed<string, CharType> {
  return { kind: 'varchar', length: atLeastOne(length, 'varchar') };
}

/**
 * @param precision digits in all, at most 38.
 * @param scale digits behind the point.
 * @throws SparkError of kind `input` if they do not fit.
 */
export function decimal(precision = 10, scale = 0): Typed<Decimal, DecimalType> {
  if (!(precision >= 1 && precision <= DECIMAL_PRECISION_MAX && scale >= 0 && scale <= precision)) {
    throw new SparkError(
      `A decimal has 1 to ${DECIMAL_PRECISION_MAX} digits, and no more behind the point than in all; found decimal(${precision}, ${scale}).`,
      { kind: 'input' },
    );
  }
  return { kind: 'decimal', precision, scale };
}

/** A time of day; its value is in nanoseconds since midnight. @param precision digits of the fraction of a second, 0 to 6. */
export function time(precision = 6): Typed<bigint, TimeType> {
  return { kind: 'time', precision };
}

const YEAR_MONTH = ['year', 'month'] as const;
const DAY_TIME = ['day', 'hour', 'minute', 'second'] as const;

/** `INTERVAL YEAR TO MONTH`; its value is in months. */
export function year_month_interval(
  from: (typeof YEAR_MONTH)[number] = 'year',
  to: (typeof YEAR_MONTH)[number] = 'month',
): Typed<number, YearMonthIntervalType> {
  return { kind: 'yearMonthInterval', startField: YEAR_MONTH.indexOf(from), endField: YEAR_MONTH.indexOf(to) };
}

/** `INTERVAL DAY TO SECOND`; its value is in microseconds. */
export function day_time_interval(
  from: (typeof DAY_TIME)[number] = 'day',
  to: (typeof DAY_TIME)[number] = 'second',
): Typed<bigint, DayTimeIntervalType> {
  return { kind: 'dayTimeInterval', startField: DAY_TIME.indexOf(from), endField: DAY_TIME.indexOf(to) };
}

/** Marks a field, an element or a map's value as never null. */
export function notNull<T>(type: Typed<T>): NotNull<T> {
  return { kind: 'notNull', type };
}

/** `array(string())` at the users' side, where the function `array` makes columns too. */
export function arrayType<const Element extends FieldSpec>(element: Element): Typed<FieldValue<Element>[], ArrayType> {
  const { type, nullable } = field(element);
  return { kind: 'array', elementType: type, containsNull: nullable };
}

/** Keys are never null. */
export function mapType<Key, const Value extends FieldSpec>(
  key: Typed<Key>,
  value: Value,
): Typed<Map<Key, FieldValue<Value>>, MapType> {
  const { type, nullable } = field(value);
  return { kind: 'map', keyType: key, valueType: type, valueContainsNull: nullable };
}

/**
 * `struct({…})` at the users' side. Fields stand in the order in which they are written; names that are whole numbers come first, as everywhere
 * in JavaScript.
 */
export function structType<const Fields extends Readonly<Record<string, FieldSpec>>>(
  fields: Fields,
): Typed<StructValue<Fields>, StructType> {
  return {
    kind: 'struct',
    fields: Object.entries(fields).map(([name, spec]): StructField => ({ name, ...field(spec) })),
  };
}

function field(spec: FieldSpec): { readonly type: DataType; readonly nullable: boolean } {
  return spec.kind === 'notNull' ? { type: spec.type, nullable: false } : { type: spec, nullable: true };
}

function atLeastOne(length: number, what: string): number {
  if (Number.isInteger(length) && length >= 1) return length;
  throw new SparkError(`The length of a ${what} is a whole number from 1; found ${length}.`, { kind: 'input' });
}
