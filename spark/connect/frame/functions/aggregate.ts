// Aggregates that Spark has no name of its own for, that take `*`, or whose result depends on how many arguments there are.
import type { Column } from '../column.js';
import { type Argument, type ColumnOrName, call, callDistinct, optional, present } from './call.js';
import type { NumericColumn, SumOf } from './types.js';

/**
 * How many rows (`'*'`), or how many of them are not null in the column.
 * @since 1.0.0
 * @example df.agg(f.count('*'), f.count('name'))
 */
export function count(column: Argument): Column<bigint> {
  return call('count', column === '*' ? 1 : column);
}

/**
 * How many different combinations without null. Exact; keeps all of them in memory.
 * @example df.agg(f.count_distinct('name', 'count'))
 */
export function count_distinct(...columns: readonly [Argument, ...Argument[]]): Column<bigint> {
  return callDistinct('count', ...columns);
}

/**
 * Same as `count_distinct`.
 * @example df.agg(f.countDistinct('name', 'count'))
 */
export const countDistinct = count_distinct;

/**
 * The sum of the different values.
 * @example df.agg(f.sum_distinct('amount'))
 */
export function sum_distinct<T>(column: NumericColumn<T>): Column<SumOf<T>> {
  return callDistinct('sum', column);
}

/**
 * The value of the row with the smallest `by`; with `k` an array of the values of the k smallest.
 * @since 4.2.0
 * @example df.agg(f.min_by('name', 'amount'), f.min_by('name', 'amount', 3))
 */
export function min_by<T>(column: Column<T> | string, by: Argument): Column<T | null>;
export function min_by<T>(column: Column<T> | string, by: Argument, k: number): Column<T[] | null>;
export function min_by(column: Argument, by: Argument, k?: number): Column {
  return call('min_by', column, by, ...present(k));
}

/**
 * The value of the row with the greatest `by`; with `k` an array of the values of the k greatest.
 * @since 4.2.0
 * @example df.agg(f.max_by('name', 'amount'), f.max_by('name', 'amount', 3))
 */
export function max_by<T>(column: Column<T> | string, by: Argument): Column<T | null>;
export function max_by<T>(column: Column<T> | string, by: Argument, k: number): Column<T[] | null>;
export function max_by(column: Argument, by: Argument, k?: number): Column {
  return call('max_by', column, by, ...present(k));
}

/**
 * All different values that are not null, as one text.
 * @example df.agg(f.listagg_distinct('name', ', '))
 */
export function listagg_distinct(column: ColumnOrName, delimiter?: string | Column): Column<string | null> {
  return callDistinct('listagg', column, ...optional(delimiter));
}

/**
 * Same as `listagg_distinct`.
 * @example df.agg(f.string_agg_distinct('name', ', '))
 */
export function string_agg_distinct(column: ColumnOrName, delimiter?: string | Column): Column<string | null> {
  return callDistinct('string_agg', column, ...optional(delimiter));
}
