// Aggregates: one value of many rows. Nulls are skipped, unless said otherwise; of no rows at all the result is null, a count 0.
// Generated from tools/functions/table/aggregate.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { type ColumnOrName, call, constant, optional, present } from '../call.js';
import type { AverageOf, NumericColumn, SumOf } from '../types.js';

/**
 * Returns the number of `TRUE` values for the expression.
 * @since 3.0.0
 * @example df.agg(f.count_if('is_new'))
 */
export function count_if(condition: ColumnOrName<boolean | null>): Column<bigint> {
  return call('count_if', condition);
}

/**
 * Returns the estimated cardinality by HyperLogLog++. In constant memory.
 * @param rsd relative standard deviation, 0.05 if not given.
 * @since 1.6.0
 * @example df.agg(f.approx_count_distinct('amount'))
 */
export function approx_count_distinct(column: ColumnOrName, rsd?: number): Column<bigint> {
  return call('approx_count_distinct', column, ...present(rsd));
}

/**
 * Returns the sum calculated from values of a group.
 * @since 1.0.0
 * @example df.agg(f.sum('amount'))
 */
export function sum<T = Any>(column: NumericColumn<T>): Column<SumOf<T>> {
  return call('sum', column);
}

/**
 * Returns the mean calculated from values of a group.
 * @since 1.0.0
 * @example df.agg(f.avg('amount'))
 */
export function avg<T = Any>(column: NumericColumn<T>): Column<AverageOf<T>> {
  return call('avg', column);
}

/**
 * Returns the mean calculated from values of a group.
 * @since 1.0.0
 * @example df.agg(f.mean('amount'))
 */
export function mean<T = Any>(column: NumericColumn<T>): Column<AverageOf<T>> {
  return call('avg', column);
}

/**
 * Returns the sum calculated from values of a group and the result is null on overflow. Null instead of an error on
 * overflow.
 * @since 3.3.0
 * @example df.agg(f.try_sum('amount'))
 */
export function try_sum<T = Any>(column: NumericColumn<T>): Column<SumOf<T>> {
  return call('try_sum', column);
}

/**
 * Returns the mean calculated from values of a group and the result is null on overflow.
 * @since 3.3.0
 * @example df.agg(f.try_avg('amount'))
 */
export function try_avg<T = Any>(column: NumericColumn<T>): Column<AverageOf<T>> {
  return call('try_avg', column);
}

/**
 * Returns the minimum value of `column`.
 * @since 1.0.0
 * @example df.agg(f.min('amount'))
 */
export function min<T = Any>(column: Column<T> | string): Column<T | null> {
  return call('min', column);
}

/**
 * Returns the maximum value of `column`.
 * @since 1.0.0
 * @example df.agg(f.max('amount'))
 */
export function max<T = Any>(column: Column<T> | string): Column<T | null> {
  return call('max', column);
}

/**
 * Returns the first value of `column` for a group of rows. Rows as they happen to come; null counts unless
 * `ignoreNulls`.
 * @since 2.0.0
 * @example df.agg(f.first('amount'))
 */
export function first<T = Any>(column: Column<T> | string, ignoreNulls = false): Column<T | null> {
  return call('first', column, ignoreNulls);
}

/**
 * Returns the last value of `column` for a group of rows. Rows as they happen to come; null counts unless
 * `ignoreNulls`.
 * @since 2.0.0
 * @example df.agg(f.last('amount'))
 */
export function last<T = Any>(column: Column<T> | string, ignoreNulls = false): Column<T | null> {
  return call('last', column, ignoreNulls);
}

/**
 * Returns some value of `column` for a group of rows. Null counts unless `ignoreNulls`.
 * @since 3.4.0
 * @example df.agg(f.any_value('amount'))
 */
export function any_value<T = Any>(column: Column<T> | string, ignoreNulls?: boolean | Column): Column<T | null> {
  return call('any_value', column, ...present(ignoreNulls));
}

/**
 * Collects and returns a list of non-unique elements. Without nulls, in no particular order.
 * @since 2.0.0
 * @example df.agg(f.collect_list('amount'))
 */
export function collect_list<T = Any>(column: Column<T> | string): Column<NonNullable<T>[]> {
  return call('collect_list', column);
}

/**
 * Collects and returns a set of unique elements.
 * @since 2.0.0
 * @example df.agg(f.collect_set('amount'))
 */
export function collect_set<T = Any>(column: Column<T> | string): Column<NonNullable<T>[]> {
  return call('collect_set', column);
}

/**
 * Collects and returns a list of non-unique elements. Same as `collect_list`.
 * @since 3.3.0
 * @example df.agg(f.array_agg('amount'))
 */
export function array_agg<T = Any>(column: Column<T> | string): Column<NonNullable<T>[]> {
  return call('array_agg', column);
}

/**
 * Returns the most frequent value for the values within `column`.
 * @param deterministic the smallest if several are; costs a little.
 * @since 3.4.0
 * @example df.agg(f.mode('amount'))
 */
export function mode<T = Any>(column: Column<T> | string, deterministic = false): Column<T | null> {
  return call('mode', column, deterministic);
}

/**
 * Returns the median of numeric or ANSI interval column `number`.
 * @since 3.4.0
 * @example df.agg(f.median('amount'))
 */
export function median(number: ColumnOrName): Column<number | null> {
  return call('median', number);
}

/**
 * The product of all values.
 * @example df.agg(f.product('amount'))
 */
export function product(number: ColumnOrName): Column<number | null> {
  return call('product', number);
}

/**
 * Returns the exact percentile value of numeric or ANSI interval column `column` at the given percentage. Several
 * percentages give an array.
 * @param percentage from 0 to 1.
 * @since 2.1.0
 * @example df.agg(f.percentile('amount', [0.5, 0.9]))
 */
export function percentile(
  column: ColumnOrName,
  percentage: number | readonly number[] | Column,
  frequency: number | Column = 1,
): Column {
  return call('percentile', column, constant(percentage), frequency);
}

/**
 * Returns the approximate `percentile` of the numeric or ansi interval column `column` which is the smallest value in
 * the ordered `column` values (sorted from least to greatest) such that no more than `percentage` of `column` values is
 * less than the value or equal to that value. Several percentages give an array.
 * @param accuracy the error is 1/accuracy; costs memory.
 * @since 2.1.0
 * @example df.agg(f.percentile_approx('amount', [0.5, 0.9]))
 */
export function percentile_approx(
  column: ColumnOrName,
  percentage: number | readonly number[] | Column,
  accuracy: number | Column = 10_000,
): Column {
  return call('percentile_approx', column, constant(percentage), accuracy);
}

/**
 * Returns the approximate `percentile` of the numeric or ansi interval column `column` which is the smallest value in
 * the ordered `column` values (sorted from least to greatest) such that no more than `percentage` of `column` values is
 * less than the value or equal to that value. Same as `percentile_approx`.
 * @since 2.1.0
 * @example df.agg(f.approx_percentile('amount', [0.5, 0.9]))
 */
export function approx_percentile(
  column: ColumnOrName,
  percentage: number | readonly number[] | Column,
  accuracy: number | Column = 10_000,
): Column {
  return call('approx_percentile', column, constant(percentage), accuracy);
}

/**
 * Returns the concatenation of non-NULL input values, separated by the delimiter ordered by key.
 * @since 4.0.0
 * @example df.agg(f.listagg('name', ', '))
 */
export function listagg(column: ColumnOrName, delimiter?: string | Column): Column<string | null> {
  return call('listagg', column, ...optional(delimiter));
}

/**
 * Returns the concatenation of non-NULL input values, separated by the delimiter ordered by key.
 * @since 4.0.0
 * @example df.agg(f.string_agg('name', ', '))
 */
export function string_agg(column: ColumnOrName, delimiter?: string | Column): Column<string | null> {
  return call('string_agg', column, ...optional(delimiter));
}

/**
 * Returns true if all values of `condition` are true.
 * @since 3.0.0
 * @example df.agg(f.bool_and('is_new'))
 */
export function bool_and(condition: ColumnOrName<boolean | null>): Column<boolean | null> {
  return call('bool_and', condition);
}

/**
 * Returns true if at least one value of `condition` is true.
 * @since 3.0.0
 * @example df.agg(f.bool_or('is_new'))
 */
export function bool_or(condition: ColumnOrName<boolean | null>): Column<boolean | null> {
  return call('bool_or', condition);
}

/**
 * Returns true if all values of `condition` are true. Same as `bool_and`.
 * @since 3.0.0
 * @example df.agg(f.every('is_new'))
 */
export function every(condition: ColumnOrName<boolean | null>): Column<boolean | null> {
  return call('every', condition);
}

/**
 * Returns true if at least one value of `condition` is true. Same as `bool_or`.
 * @since 3.0.0
 * @example df.agg(f.any('is_new'))
 */
export function any(condition: ColumnOrName<boolean | null>): Column<boolean | null> {
  return call('any', condition);
}

/**
 * Returns true if at least one value of `condition` is true. Same as `bool_or`.
 * @since 3.0.0
 * @example df.agg(f.some('is_new'))
 */
export function some(condition: ColumnOrName<boolean | null>): Column<boolean | null> {
  return call('some', condition);
}

/**
 * Returns the bitwise AND of all non-null input values, or null if none.
 * @since 3.0.0
 * @example df.agg(f.bit_and('count'))
 */
export function bit_and<T = Any>(whole: Column<T> | string): Column<T | null> {
  return call('bit_and', whole);
}

/**
 * Returns the bitwise OR of all non-null input values, or null if none.
 * @since 3.0.0
 * @example df.agg(f.bit_or('count'))
 */
export function bit_or<T = Any>(whole: Column<T> | string): Column<T | null> {
  return call('bit_or', whole);
}

/**
 * Returns the bitwise XOR of all non-null input values, or null if none.
 * @since 3.0.0
 * @example df.agg(f.bit_xor('count'))
 */
export function bit_xor<T = Any>(whole: Column<T> | string): Column<T | null> {
  return call('bit_xor', whole);
}
