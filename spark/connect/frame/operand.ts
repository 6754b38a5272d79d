// The static rules of operators: what may be compared or calculated with what, and what comes out. They follow the *values'* types: Spark's INT and
// DOUBLE are both `number` here. `any` is free on either side; the server checks.
import type { Any, IsUntyped } from '../types/any.js';
import type { Decimal } from '../types/decimal.js';
import type { CalendarInterval } from '../types/row-of.js';
import type { DurationLike, InstantLike, PlainDateLike, PlainDateTimeLike, PlainTimeLike } from '../types/temporal.js';
import type { DateDays, Timed, TimestampMicros, WithoutUnit } from '../types/time.js';

/** A number that is no date and a bigint that is no timestamp. */
export type PlainNumber = number & WithoutUnit;
export type PlainBigint = bigint & WithoutUnit;
export type Numeric = PlainNumber | PlainBigint | Decimal;

/**
 * What may stand as a constant by itself, where anything goes: its Spark type follows from what it is at run time. A TimestampMicros or DateDays is
 * left out, in arrays and Maps too; it would travel as BIGINT or INT. `lit(value, timestamp())` takes it.
 */
export type Constant =
  | string
  | boolean
  | PlainNumber
  | PlainBigint
  | readonly Constant[]
  | ReadonlyMap<Constant, Constant>
  | Uint8Array
  | (object & WithoutUnit & NoCollection)
  | null
  | undefined;

/** Objects of named fields, Dates and the like: what is no array and no Map. */
interface NoCollection {
  readonly [Symbol.iterator]?: never;
}

/** What of the values `V` may stand as a constant. */
export type ConstantOf<V> = IsUntyped<V> extends true ? Constant : Extract<V, Constant>;

/** null if the type has it; an untyped column may be null. */
export type NullOf<T> = IsUntyped<T> extends true ? null : Extract<T, null>;

/** Spark compares across numbers, and times with text that it casts; never a number with a time. */
export type ComparableTo<T> =
  IsUntyped<T> extends true
    ? Any
    : NonNullable<T> extends Timed
      ? Timed | Date | InstantLike | PlainDateTimeLike | PlainDateLike | string
      : NonNullable<T> extends number | bigint | Decimal
        ? Numeric
        : NonNullable<T>;

/** What of it may stand as a constant. */
export type ConstantComparableTo<T> =
  IsUntyped<T> extends true
    ? Constant
    : NonNullable<T> extends Timed
      ? Date | InstantLike | PlainDateTimeLike | PlainDateLike | string
      : NonNullable<T> extends number | bigint | Decimal
        ? Numeric
        : NonNullable<T>;

/** What is added: numbers to numbers; an interval (a day-time interval is a bigint) to a time. */
export type AddableTo<T> = IsUntyped<T> extends true ? Any : NonNullable<T> extends Timed ? IntervalValue : FactorOf<T>;

/** What is subtracted: as added, and from a time also a time. */
export type SubtractableFrom<T> =
  IsUntyped<T> extends true
    ? Any
    : NonNullable<T> extends Timed
      ? IntervalValue | Timed | Date | InstantLike | PlainDateTimeLike | PlainDateLike
      : FactorOf<T>;

/** What a number is multiplied or divided by; nothing goes with what is no number. */
export type FactorOf<T> = IsUntyped<T> extends true ? Any : NonNullable<T> extends Numeric ? Numeric : never;

/** Values of intervals: microseconds, or months with days and microseconds, of a column; as a constant a Temporal.Duration. */
export type IntervalValue = PlainBigint | CalendarInterval | DurationLike;

/**
 * What of the addends is a constant. What comes out of a column of intervals is a plain bigint or object, and would go back as BIGINT or STRUCT: of
 * intervals only a Temporal.Duration is one.
 */
export type ConstantAddableTo<T> =
  IsUntyped<T> extends true ? Constant : NonNullable<T> extends Timed ? DurationLike : FactorOf<T>;
export type ConstantSubtractableFrom<T> =
  IsUntyped<T> extends true
    ? Constant
    : NonNullable<T> extends Timed
      ? DurationLike | Date | InstantLike | PlainDateTimeLike | PlainDateLike
      : FactorOf<T>;

/** A column of numbers, or an untyped one. */
export type NumericOnly<T> = IsUntyped<T> extends true ? Any : NonNullable<T> extends Numeric ? T : never;

/** The sum, difference, product or remainder of two values, null if either is. */
export type Arithmetic<T, U> =
  IsUntyped<T> extends true
    ? Any
    : IsUntyped<U> extends true
      ? Any
      : NonNullable<T> extends Timed
        ? NonNullable<U> extends Timed | Date | InstantLike | PlainDateTimeLike | PlainDateLike
          ? bigint | NullOf<T> | NullOf<U>
          : LaterThan<NonNullable<T>> | NullOf<T> | NullOf<U>
        : Wider<NonNullable<T>, NonNullable<U>> | NullOf<T> | NullOf<U>;

/** A time and an interval: a DATE stays one unless the interval has hours. */
type LaterThan<T> = T extends DateDays ? DateDays | TimestampMicros : TimestampMicros;

/** What bits are combined with: whole numbers. */
export type Bits = PlainNumber | PlainBigint;

/** Bits of both, in the wider of both types: BIGINT if either is one. */
export type Bitwise<T, U> =
  IsUntyped<T> extends true
    ? Any
    : IsUntyped<U> extends true
      ? Any
      :
          | (bigint extends T | U ? bigint : [Extract<T | U, bigint>] extends [never] ? number : bigint)
          | NullOf<T>
          | NullOf<U>;

/** A quotient: exact only between decimals; whole numbers give a double. */
export type Quotient<T, U> =
  IsUntyped<T> extends true
    ? Any
    : IsUntyped<U> extends true
      ? Any
      :
          | (Decimal extends NonNullable<T> | NonNullable<U>
              ? Decimal | (number extends T | U ? number : never)
              : number)
          | null;

/** A whole number literal is an INT; any other `number` may be a DOUBLE, which wins over BIGINT. */
type Wider<T, U> = [T | U] extends [bigint]
  ? bigint
  : [T | U] extends [number]
    ? number
    : Decimal extends T | U
      ? Decimal | (number extends T | U ? number : never)
      : bigint | (IsWhole<Extract<T | U, number>> extends true ? never : number);

type IsWhole<N extends number> = [`${N}`] extends [`${bigint}`] ? (number extends N ? false : true) : false;

/** The names of a struct's fields. */
export type FieldName<T> = IsUntyped<T> extends true ? string : string & keyof NonNullable<T>;
export type FieldOf<T, Name extends string> =
  IsUntyped<T> extends true ? Any : Name extends keyof NonNullable<T> ? NonNullable<T>[Name] | NullOf<T> : never;

/** What finds an element: a position in an array, a key in a map, a name in a struct. */
export type KeyOf<T> =
  IsUntyped<T> extends true
    ? Any
    : NonNullable<T> extends readonly unknown[]
      ? number
      : NonNullable<T> extends ReadonlyMap<infer Key, unknown>
        ? Key
        : keyof NonNullable<T>;
export type ItemOf<T> =
  IsUntyped<T> extends true
    ? Any
    : NonNullable<T> extends readonly (infer Element)[]
      ? Element | NullOf<T>
      : NonNullable<T> extends ReadonlyMap<unknown, infer Value>
        ? Value | null
        : NonNullable<T>[keyof NonNullable<T>] | NullOf<T>;

/** The value of a type that is named by text, as far as it can be read off. */
export type ValueOfName<Name extends string> =
  Lowercase<Name> extends keyof NamedValues
    ? NamedValues[Lowercase<Name>]
    : Lowercase<Name> extends `decimal(${string}`
      ? Decimal
      : Any;

interface NamedValues {
  readonly boolean: boolean;
  readonly byte: number;
  readonly tinyint: number;
  readonly short: number;
  readonly smallint: number;
  readonly int: number;
  readonly integer: number;
  readonly long: bigint;
  readonly bigint: bigint;
  readonly float: number;
  readonly real: number;
  readonly double: number;
  readonly decimal: Decimal;
  readonly string: string;
  readonly binary: Uint8Array;
  readonly date: DateDays;
  readonly timestamp: TimestampMicros;
  readonly timestamp_ntz: TimestampMicros;
}

/** What a constant's value is once it is a column: a Date is a timestamp by then, a literal type its base type. */
export type LiteralValue<V> =
  IsUntyped<V> extends true
    ? Any
    : V extends number
      ? number
      : V extends bigint
        ? bigint
        : V extends string
          ? string
          : V extends boolean
            ? boolean
            : V extends Date | InstantLike | PlainDateTimeLike
              ? TimestampMicros
              : V extends PlainDateLike
                ? DateDays
                : V extends PlainTimeLike
                  ? bigint
                  : V extends undefined
                    ? null
                    : V extends ReadonlyMap<infer Key, infer Value>
                      ? Map<LiteralValue<Key>, LiteralValue<Value>>
                      : V extends Decimal | Uint8Array | null
                        ? V
                        : V extends object
                          ? Any
                          : V;
