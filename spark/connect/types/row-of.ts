// What values of a Spark type are in JavaScript, as static types. wire/decode-arrow makes such values, wire/encode-arrow takes them.
import type { Any } from './any.js';
import type { DataType } from './data-type.js';

declare const valueType: unique symbol;

/** A data type that knows statically what its values are. At run time it is the plain data type. */
export type Typed<T, Type extends DataType = DataType> = Type & { readonly [valueType]?: T };

/** A struct's field or an array's element that is never null. Made by `notNull(type)`. */
export interface NotNull<T> {
  readonly kind: 'notNull';
  readonly type: Typed<T>;
}

/** What stands for a field in `struct({…})`: nullable unless it says otherwise. */
export type FieldSpec<T = unknown> = Typed<T> | NotNull<T>;

/** The value of a field: fields are nullable unless marked with `notNull`. */
export type FieldValue<Field> =
  Field extends NotNull<infer T>
    ? T
    : Field extends { readonly [valueType]?: infer T }
      ? unknown extends T
        ? Any
        : T | null
      : never;

export type StructValue<Fields> = Fields extends infer Named
  ? { -readonly [Name in keyof Named]: FieldValue<Named[Name]> }
  : never;

/**
 * The value of a type: for a struct, the row. `any` for types that came from elsewhere (a server's answer, DDL) and are known only at run time.
 *
 * boolean → boolean · byte, short, integer, float, double → number · long → bigint · decimal → Decimal · string, char, varchar → string ·
 * binary → Uint8Array · timestamp, timestamp_ntz → TimestampMicros · date → DateDays · time → bigint (nanoseconds since midnight) ·
 * day-time interval → bigint (microseconds) · year-month interval → number (months) · calendar interval → CalendarInterval ·
 * array → T[] · map → Map · struct → object · variant → JSON-like value
 */
export type RowOf<Type> = Type extends { readonly [valueType]?: infer T } ? (unknown extends T ? Any : T) : never;

/** Months, days and microseconds, each on its own: a month has no fixed length, nor has a day where clocks change. */
export interface CalendarInterval {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

/** Merges an intersection into one readable object type: the compiler's messages show its fields. */
export type Flat<T> = T extends infer Merged ? { [K in keyof Merged]: Merged[K] } : never;
