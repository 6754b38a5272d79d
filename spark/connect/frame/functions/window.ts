// Functions over a window of rows, used with `.over(Window.partitionBy(…).orderBy(…))`.
import type { Column } from '../column.js';
import { call, nullary, optional, present } from './call.js';

/** 1, 2, 3, … in the window's order. */
export const row_number = nullary<number>('row_number');
/** Equal rows have the same rank; the next is as if they had not. */
export const rank = nullary<number>('rank');
/** As `rank`, without gaps. */
export const dense_rank = nullary<number>('dense_rank');
/** From 0 to 1. */
export const percent_rank = nullary<number>('percent_rank');
/** Part of the rows up to this one, above 0 to 1. */
export const cume_dist = nullary<number>('cume_dist');

/** Divides the rows into `n` parts of nearly the same size; answers the part's number from 1. */
export const ntile = (n: number): Column<number> => call('ntile', n);

/** The value `offset` rows before, or `fallback` where there is none. */
export function lag<T>(column: Column<T> | string, offset = 1, fallback?: T | Column<T>): Column<T | null> {
  return call('lag', column, offset, ...optional(fallback));
}

/** The value `offset` rows after, or `fallback` where there is none. */
export function lead<T>(column: Column<T> | string, offset = 1, fallback?: T | Column<T>): Column<T | null> {
  return call('lead', column, offset, ...optional(fallback));
}

/** The value of the window's row number `n`, from 1. */
export function nth_value<T>(column: Column<T> | string, n: number, ignoreNulls = false): Column<T | null> {
  return call('nth_value', column, n, ignoreNulls);
}

export function first_value<T>(column: Column<T> | string, ignoreNulls?: boolean | Column): Column<T | null> {
  return call('first_value', column, ...present(ignoreNulls));
}

export function last_value<T>(column: Column<T> | string, ignoreNulls?: boolean | Column): Column<T | null> {
  return call('last_value', column, ...present(ignoreNulls));
}
