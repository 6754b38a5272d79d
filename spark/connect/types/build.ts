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

/**
 * True or false.
 * @example const schema = struct({ is_new: boolean() });
 */
export const boolean = simple<boolean>('boolean');
/**
 * A whole number of 8 bits. Spark's TINYINT.
 * @example const schema = struct({ level: byte() });
 */
export const byte = simple<number>('byte');
/**
 * A whole number of 16 bits. Spark's SMALLINT.
 * @example const schema = struct({ port: short() });
 */
export const short = simple<number>('short');
/**
 * A whole number of 32 bits. Spark's INT.
 * @example const schema = struct({ age: integer() });
 */
export const integer = simple<number>('integer');
/**
 * A whole number of 64 bits; a bigint, because a number holds only 53. Spark's BIGINT.
 * @example const schema = struct({ user_id: notNull(long()) });
 */
export const long = simple<bigint>('long');
/**
 * A floating-point number of 32 bits.
 * @example const schema = struct({ embedding: array(notNull(float())) });
 */
export const float = simple<number>('float');
/**
 * A floating-point number of 64 bits, as JavaScript's own numbers.
 * @example const schema = struct({ amount: double() });
 */
export const double = simple<number>('double');
/**
 * Bytes.
 * @example const schema = struct({ value: binary() });
 */
export const binary = simple<Uint8Array>('binary');
/**
 * A calendar day. Values are `DateDays`, and may be given as a Date at midnight UTC.
 * @example const schema = struct({ born: date() });
 */
export const date = simple<DateDays>('date');
/**
 * An instant, to the microsecond. Values are `TimestampMicros`, and may be given as a Date.
 * @example const schema = struct({ event_time: notNull(timestamp()) });
 */
export const timestamp = simple<TimestampMicros>('timestamp');
/**
 * Date and time on the wall clock, no zone, to the microsecond.
 * @example const schema = struct({ opens_at: timestamp_ntz() });
 */
export const timestamp_ntz = simple<TimestampMicros>('timestampNtz');
/**
 * Months, days and microseconds, each on its own. Spark's INTERVAL without units; it cannot be written to files.
 * @example df.select(lit('1 month 2 days').cast(calendar_interval()))
 */
export const calendar_interval = simple<CalendarInterval>('calendarInterval');
/**
 * Any JSON-like value, kept in binary. Values come as plain JavaScript ones.
 * @example spark.read.schema(struct({ document: variant() })).json('/data/documents')
 */
export const variant = simple<unknown>('variant');
/**
 * The type of `null` where nothing else is known. Spark's VOID.
 * @example df.select(lit(null).cast(void_()))
 */
export const void_ = simple<null>('null');

/**
 * Text.
 * @param collation how strings compare; absent: by their bytes (UTF8_BINARY).
 * @example const schema = struct({ name: string('UNICODE_CI'), city: string() });
 */
export function string(collation?: string): Typed<string, StringType> {
  return { kind: 'string', ...(collation === undefined ? {} : { collation }) };
}

/** A string of exactly `length` characters, padded with spaces. */
export function char(length: number): Typed<string, CharType> {
  return { kind: 'char', length: atLeastOne(length, 'char') };
}

/**
 * A string of at most `length` characters.
 * @throws SparkError of kind `input` unless `length` is a whole number from 1.
 * @example const schema = struct({ country: varchar(2) });
 */
export function varchar(length: number): Typed<string, CharType> {
  return { kind: 'varchar', length: atLeastOne(length, 'varchar') };
}

/**
 * An exact number with a fixed number of digits. Values are `Decimal`.
 * @param precision digits in all, at most 38.
 * @param scale digits behind the point.
 * @throws SparkError of kind `input` if they do not fit.
 * @example df.select(col('amount').cast(decimal(10, 2)))
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

/**
 * A time of day; its value is in nanoseconds since midnight. Spark 4.2 has it only with `spark.sql.timeType.enabled`.
 * @param precision digits of the fraction of a second, 0 to 6.
 * @example const schema = struct({ opens_at: time(0) });
 */
export function time(precision = 6): Typed<bigint, TimeType> {
  return { kind: 'time', precision };
}

const YEAR_MONTH = ['year', 'month'] as const;
const DAY_TIME = ['day', 'hour', 'minute', 'second'] as const;

/**
 * `INTERVAL YEAR TO MONTH`; its value is in months.
 * @example const schema = struct({ notice: year_month_interval('month') });
 */
export function year_month_interval(
  from: (typeof YEAR_MONTH)[number] = 'year',
  to: (typeof YEAR_MONTH)[number] = 'month',
): Typed<number, YearMonthIntervalType> {
  return { kind: 'yearMonthInterval', startField: YEAR_MONTH.indexOf(from), endField: YEAR_MONTH.indexOf(to) };
}

/**
 * `INTERVAL DAY TO SECOND`; its value is in microseconds.
 * @example df.select(col('end_time').minus(col('event_time')).cast(day_time_interval()))
 */
export function day_time_interval(
  from: (typeof DAY_TIME)[number] = 'day',
  to: (typeof DAY_TIME)[number] = 'second',
): Typed<bigint, DayTimeIntervalType> {
  return { kind: 'dayTimeInterval', startField: DAY_TIME.indexOf(from), endField: DAY_TIME.indexOf(to) };
}

/**
 * Marks a field, an element or a map's value as never null.
 * @example const schema = struct({ user_id: notNull(string()), tags: array(notNull(string())) });
 */
export function notNull<T>(type: Typed<T>): NotNull<T> {
  return { kind: 'notNull', type };
}

/**
 * A list of values of one type. The function `array` does the same with a type, and makes columns of columns.
 * @example const schema = structType({ tags: arrayType(notNull(string())) });
 */
export function arrayType<const Element extends FieldSpec>(element: Element): Typed<FieldValue<Element>[], ArrayType> {
  const { type, nullable } = field(element);
  return { kind: 'array', elementType: type, containsNull: nullable };
}

/**
 * A value per key; keys are never null. The function `map` does the same with types. Values are JavaScript's `Map`.
 * @example const schema = structType({ prices: mapType(string(), double()) });
 */
export function mapType<Key, const Value extends FieldSpec>(
  key: Typed<Key>,
  value: Value,
): Typed<Map<Key, FieldValue<Value>>, MapType> {
  const { type, nullable } = field(value);
  return { kind: 'map', keyType: key, valueType: type, valueContainsNull: nullable };
}

/**
 * Named fields: a row, or a value within one. The function `struct` does the same with types. Fields stand in the order in which they are written;
 * names that are whole numbers come first, as everywhere in JavaScript.
 * @example
 * ```ts
 * const schema = structType({ user_id: notNull(string()), amount: double() });
 * type Row = RowOf<typeof schema>;
 * ```
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
