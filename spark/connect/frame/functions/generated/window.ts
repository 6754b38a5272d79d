// Functions over a window of rows, used with `.over(Window.partitionBy(…).orderBy(…))`.
// Generated from tools/functions/table/window.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { call, optional, present } from '../call.js';

/**
 * Assigns a unique, sequential number to each row, starting with one, according to the ordering of rows within the
 * window partition. 1, 2, 3, … in the window's order.
 * @since 2.0.0
 * @example df.select(f.row_number().over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function row_number(): Column<number> {
  return call('row_number');
}

/**
 * Computes the rank of a value in a group of values. Equal rows have the same rank; the next is as if they had not.
 * @since 2.0.0
 * @example df.select(f.rank().over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function rank(): Column<number> {
  return call('rank');
}

/**
 * Computes the rank of a value in a group of values. As `rank`, without gaps.
 * @since 2.0.0
 * @example df.select(f.dense_rank().over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function dense_rank(): Column<number> {
  return call('dense_rank');
}

/**
 * Computes the percentage ranking of a value in a group of values. From 0 to 1.
 * @since 2.0.0
 * @example df.select(f.percent_rank().over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function percent_rank(): Column<number> {
  return call('percent_rank');
}

/**
 * Computes the position of a value relative to all values in the partition. Above 0 to 1.
 * @since 2.0.0
 * @example df.select(f.cume_dist().over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function cume_dist(): Column<number> {
  return call('cume_dist');
}

/**
 * Divides the rows for each window partition into `n` buckets ranging from 1 to at most `n`.
 * @since 2.0.0
 * @example df.select(f.ntile(2).over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function ntile(n: number): Column<number> {
  return call('ntile', n);
}

/**
 * Returns the value of `column` at the `offset`th row before the current row in the window.
 * @since 2.0.0
 * @example df.select(f.lag('amount').over(f.Window.partitionBy('name').orderBy('event_time')))
 */
export function lag<T = Any>(column: Column<T> | string, offset = 1, fallback?: T | Column<T>): Column<T | null> {
  return call('lag', column, offset, ...optional(fallback));
}

/**
 * Returns the value of `column` at the `offset`th row after the current row in the window.
 * @since 2.0.0
 * @example df.select(f.lead('amount').over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function lead<T = Any>(column: Column<T> | string, offset = 1, fallback?: T | Column<T>): Column<T | null> {
  return call('lead', column, offset, ...optional(fallback));
}

/**
 * Returns the value of `column` at the row that is the `n`th row from beginning of the window frame.
 * @since 3.1.0
 * @example df.select(f.nth_value('amount', 2).over(f.Window.partitionBy('name').orderBy('event_time')))
 */
export function nth_value<T = Any>(column: Column<T> | string, n: number, ignoreNulls = false): Column<T | null> {
  return call('nth_value', column, n, ignoreNulls);
}

/**
 * Returns the first value of `column` for a group of rows.
 * @since 2.0.0
 * @example df.select(f.first_value('amount').over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function first_value<T = Any>(column: Column<T> | string, ignoreNulls?: boolean | Column): Column<T | null> {
  return call('first_value', column, ...present(ignoreNulls));
}

/**
 * Returns the last value of `column` for a group of rows.
 * @since 2.0.0
 * @example df.select(f.last_value('amount').over(f.Window.partitionBy('name').orderBy('amount')))
 */
export function last_value<T = Any>(column: Column<T> | string, ignoreNulls?: boolean | Column): Column<T | null> {
  return call('last_value', column, ...present(ignoreNulls));
}
