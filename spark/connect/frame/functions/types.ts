// The types that signatures of functions name: what follows for a result from the type of a column.
import type { Any, IsUntyped } from '../../types/any.js';
import type { Decimal } from '../../types/decimal.js';
import type { DateDays, TimestampMicros } from '../../types/time.js';
import type { Column } from '../column.js';
import type { NumericOnly } from '../operand.js';
import type { OptionValue } from './call.js';

/** The element of an array's column. */
export type ElementOf<T> =
  IsUntyped<T> extends true ? Any : NonNullable<T> extends readonly (infer Element)[] ? Element : never;

/** What `explode` makes of it: an array's element, or of a map two columns, of which one column's type says nothing. */
export type ExplodedOf<T> =
  IsUntyped<T> extends true ? Any : NonNullable<T> extends ReadonlyMap<unknown, unknown> ? Any : ElementOf<T>;

export type KeyOf<T> =
  IsUntyped<T> extends true ? Any : NonNullable<T> extends ReadonlyMap<infer Key, unknown> ? Key : never;

/** The value of a map's column. */
export type MappedOf<T> =
  IsUntyped<T> extends true ? Any : NonNullable<T> extends ReadonlyMap<unknown, infer Value> ? Value : never;

/** All keys of a map's column, as an array. */
export type KeysOf<T> = IsUntyped<T> extends true ? Any : KeyOf<T>[] | Extract<T, null>;

/** All values of a map's column, as an array. */
export type MappedValuesOf<T> = IsUntyped<T> extends true ? Any : MappedOf<T>[] | Extract<T, null>;

/** A sum of BIGINT or smaller is a BIGINT, of DOUBLE a DOUBLE, of DECIMAL a wider DECIMAL. */
export type SumOf<T> =
  IsUntyped<T> extends true
    ? Any
    : null | (NonNullable<T> extends bigint ? bigint : NonNullable<T> extends Decimal ? Decimal : number | bigint);

/** An average of DECIMAL is a DECIMAL, of anything else a DOUBLE. */
export type AverageOf<T> = IsUntyped<T> extends true ? Any : null | (NonNullable<T> extends Decimal ? Decimal : number);

/** Refuses text, times and structs at compile time. */
export type NumericColumn<T> = Column<NumericOnly<T>> | string;

/** What has a date: Spark reads one from text too. */
export type Time = TimestampMicros | DateDays | string | null;

/** A window of time; its end belongs to the next. */
export interface TimeWindow {
  readonly start: TimestampMicros;
  readonly end: TimestampMicros;
}

/** How summaries of one value become one; `sum` if not given. */
export type TupleMode = 'sum' | 'min' | 'max' | 'alwaysone';

/** Options of a parser or printer; Spark documents them with the data source of the same name. */
export type FormatOptions = Readonly<Record<string, OptionValue>>;
