// What stands in for null, and what is tested.
// Generated from tools/functions/table/conditional.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call } from '../call.js';

/**
 * Returns `ifNotNull` if `tested` is not null, or `ifNull` otherwise.
 * @since 2.0.0
 * @example df.select(f.nvl2('amount', 'count', 0))
 */
export function nvl2(tested: Argument, ifNotNull: Argument, ifNull: Argument): Column {
  return call('nvl2', tested, ifNotNull, ifNull);
}

/**
 * Returns null if `first` equals to `second`, or `first` otherwise.
 * @since 2.0.0
 * @example df.select(f.nullif('amount', 'count'))
 */
export function nullif<T = Any>(first: Column<T> | string, second: Argument): Column<T | null> {
  return call('nullif', first, second);
}

/**
 * Returns null if `number` is equal to zero, or `number` otherwise.
 * @since 4.0.0
 * @example df.select(f.nullifzero('count'))
 */
export function nullifzero<T = Any>(number: Column<T> | string): Column<T | null> {
  return call('nullifzero', number);
}

/**
 * Returns zero if `number` is equal to null, or `number` otherwise.
 * @since 4.0.0
 * @example df.select(f.zeroifnull('count'))
 */
export function zeroifnull<T = Any>(number: Column<T> | string): Column<NonNullable<T>> {
  return call('zeroifnull', number);
}

/**
 * Returns `first` if it's not NaN, or `second` otherwise.
 * @since 1.5.0
 * @example df.select(f.nanvl('amount', 'count'))
 */
export function nanvl(first: Argument, second: Argument): Column<number | null> {
  return call('nanvl', first, second);
}

/**
 * Returns true if `value` is null, or false otherwise.
 * @since 1.0.0
 * @example df.select(f.isnull('name'))
 */
export function isnull(value: ColumnOrName): Column<boolean> {
  return call('isnull', value);
}

/**
 * Returns true if `value` is not null, or false otherwise.
 * @since 1.0.0
 * @example df.select(f.isnotnull('name'))
 */
export function isnotnull(value: ColumnOrName): Column<boolean> {
  return call('isnotnull', value);
}

/**
 * Returns true if `number` is NaN, or false otherwise.
 * @since 1.5.0
 * @example df.select(f.isnan('amount'))
 */
export function isnan(number: ColumnOrName): Column<boolean> {
  return call('isnan', number);
}

/**
 * Returns same result as the EQUAL(=) operator for non-null operands, but returns true if both are null, false if one
 * of the them is null. Equal, or both null.
 * @since 3.4.0
 * @example df.select(f.equal_null('amount', 'count'))
 */
export function equal_null(first: Argument, second: Argument): Column<boolean> {
  return call('equal_null', first, second);
}

/**
 * Returns the greatest value of all parameters, skipping null values.
 * @since 1.5.0
 * @example df.select(f.greatest('amount', 'count'))
 */
export function greatest(...values: readonly Argument[]): Column {
  return call('greatest', ...values);
}

/**
 * Returns the least value of all parameters, skipping null values.
 * @since 1.5.0
 * @example df.select(f.least('amount', 'count'))
 */
export function least(...values: readonly Argument[]): Column {
  return call('least', ...values);
}

/**
 * Logical not. Null where the condition is null.
 * @since 1.0.0
 * @example df.select(f.not('is_new'))
 */
export function not(condition: ColumnOrName<boolean | null>): Column<boolean | null> {
  return call('not', condition);
}
