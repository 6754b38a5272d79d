// What a local row may hold for a type: its values, and the friendly forms that lose nothing (wire/encode-arrow takes them).
import type { IsUntyped } from './any.js';
import type { Decimal } from './decimal.js';
import type { Flat } from './row-of.js';
import type { DurationLike, InstantLike, PlainDateLike, PlainDateTimeLike, PlainTimeLike } from './temporal.js';
import type { DateDays, TimestampMicros } from './time.js';

/** A value of a type whose values are `V`. A plain bigint is taken for microseconds, a plain number for days, a whole number for a BIGINT. */
export type LocalValue<V> =
  IsUntyped<V> extends true
    ? unknown
    : V extends null
      ? null | undefined
      : V extends TimestampMicros
        ? bigint | Date | InstantLike | PlainDateTimeLike
        : V extends DateDays
          ? number | Date | PlainDateLike
          : V extends bigint
            ? bigint | number | PlainTimeLike | DurationLike
            : V extends number
              ? number | DurationLike
              : V extends Decimal
                ? Decimal | bigint | string
                : V extends string | boolean | Uint8Array
                  ? V
                  : V extends readonly (infer Element)[]
                    ? readonly LocalValue<Element>[]
                    : V extends ReadonlyMap<infer Key, infer Value>
                      ? ReadonlyMap<LocalValue<Key>, LocalValue<Value>>
                      : LocalRow<V>;

/** A row of such values; what may be null may be left out. */
export type LocalRow<R> =
  IsUntyped<R> extends true
    ? Readonly<Record<string, unknown>>
    : Flat<
        { readonly [Name in keyof R as null extends R[Name] ? never : Name]: LocalValue<R[Name]> } & {
          readonly [Name in keyof R as null extends R[Name] ? Name : never]?: LocalValue<R[Name]> | undefined;
        }
      >;
