// Aggregates: one value of many rows. Nulls are skipped, unless said otherwise; of no rows at all the result is null, a count 0.
import type { Any, IsUntyped } from '../../types/any.js';
import type { Decimal } from '../../types/decimal.js';
import type { Column } from '../column.js';
import type { NumericOnly } from '../operand.js';
import {
  type Argument,
  binary,
  type ColumnOrName,
  call,
  callDistinct,
  constant,
  optional,
  present,
  unary,
} from './call.js';

/** A sum of BIGINT or smaller is a BIGINT, of DOUBLE a DOUBLE, of DECIMAL a wider DECIMAL. */
type SumOf<T> =
  IsUntyped<T> extends true
    ? Any
    : null | (NonNullable<T> extends bigint ? bigint : NonNullable<T> extends Decimal ? Decimal : number | bigint);

/** An average of DECIMAL is a DECIMAL, of anything else a DOUBLE. */
type AverageOf<T> = IsUntyped<T> extends true ? Any : null | (NonNullable<T> extends Decimal ? Decimal : number);

/** Refuses text, times and structs at compile time. */
type NumericColumn<T> = Column<NumericOnly<T>> | string;

/** How many rows (`'*'`), or how many of them are not null in the column. */
export function count(column: Argument): Column<bigint> {
  return call('count', column === '*' ? 1 : column);
}

/** How many different combinations without null. Exact; keeps all of them in memory. */
export function count_distinct(...columns: readonly [Argument, ...Argument[]]): Column<bigint> {
  return callDistinct('count', ...columns);
}

/** Same as `count_distinct`. */
export const countDistinct = count_distinct;

/** How many rows the condition is true for. */
export const count_if = unary<bigint, boolean | null>('count_if');

/** About how many different values, in constant memory (HyperLogLog++). @param rsd relative standard deviation, 0.05 if not given. */
export function approx_count_distinct(column: ColumnOrName, rsd?: number): Column<bigint> {
  return call('approx_count_distinct', column, ...present(rsd));
}

export function sum<T>(column: NumericColumn<T>): Column<SumOf<T>> {
  return call('sum', column);
}

export function sum_distinct<T>(column: NumericColumn<T>): Column<SumOf<T>> {
  return callDistinct('sum', column);
}

export function avg<T>(column: NumericColumn<T>): Column<AverageOf<T>> {
  return call('avg', column);
}

/** Same as `avg`. */
export const mean = avg;

/** Null instead of an error on overflow. */
export function try_sum<T>(column: NumericColumn<T>): Column<SumOf<T>> {
  return call('try_sum', column);
}

/** Null instead of an error on overflow. */
export function try_avg<T>(column: NumericColumn<T>): Column<AverageOf<T>> {
  return call('try_avg', column);
}

export function min<T>(column: Column<T> | string): Column<T | null> {
  return call('min', column);
}

export function max<T>(column: Column<T> | string): Column<T | null> {
  return call('max', column);
}

/** The value of the row with the smallest `by`; with `k` an array of the values of the k smallest. */
export function min_by<T>(column: Column<T> | string, by: Argument): Column<T | null>;
export function min_by<T>(column: Column<T> | string, by: Argument, k: number): Column<T[] | null>;
export function min_by(column: Argument, by: Argument, k?: number): Column {
  return call('min_by', column, by, ...present(k));
}

/** The value of the row with the greatest `by`; with `k` an array of the values of the k greatest. */
export function max_by<T>(column: Column<T> | string, by: Argument): Column<T | null>;
export function max_by<T>(column: Column<T> | string, by: Argument, k: number): Column<T[] | null>;
export function max_by(column: Argument, by: Argument, k?: number): Column {
  return call('max_by', column, by, ...present(k));
}

/** The value of the first row, as they happen to come; null counts unless `ignoreNulls`. */
export function first<T>(column: Column<T> | string, ignoreNulls = false): Column<T | null> {
  return call('first', column, ignoreNulls);
}

/** The value of the last row, as they happen to come; null counts unless `ignoreNulls`. */
export function last<T>(column: Column<T> | string, ignoreNulls = false): Column<T | null> {
  return call('last', column, ignoreNulls);
}

/** The value of any row; null counts unless `ignoreNulls`. */
export function any_value<T>(column: Column<T> | string, ignoreNulls?: boolean | Column): Column<T | null> {
  return call('any_value', column, ...present(ignoreNulls));
}

/** All values that are not null, in no particular order. */
export function collect_list<T>(column: Column<T> | string): Column<NonNullable<T>[]> {
  return call('collect_list', column);
}

/** All different values that are not null, in no particular order. */
export function collect_set<T>(column: Column<T> | string): Column<NonNullable<T>[]> {
  return call('collect_set', column);
}

/** Same as `collect_list`. */
export function array_agg<T>(column: Column<T> | string): Column<NonNullable<T>[]> {
  return call('array_agg', column);
}

const asText =
  (make: typeof call, name: string) =>
  (column: ColumnOrName, delimiter?: string | Column): Column<string | null> =>
    make(name, column, ...optional(delimiter));
/** All values that are not null, as one text. */
export const listagg = asText(call, 'listagg');
export const listagg_distinct = asText(callDistinct, 'listagg');
/** Same as `listagg`. */
export const string_agg = asText(call, 'string_agg');
export const string_agg_distinct = asText(callDistinct, 'string_agg');

/** The most frequent value. @param deterministic the smallest if several are; costs a little. */
export function mode<T>(column: Column<T> | string, deterministic = false): Column<T | null> {
  return call('mode', column, deterministic);
}

export const median = unary<number | null>('median');
export const product = unary<number | null>('product');

/** The exact percentile, or several as an array. @param percentage from 0 to 1. */
export function percentile(
  column: ColumnOrName,
  percentage: number | readonly number[] | Column,
  frequency: number | Column = 1,
): Column {
  return call('percentile', column, constant(percentage), frequency);
}

const approximatePercentile =
  (name: string) =>
  (column: ColumnOrName, percentage: number | readonly number[] | Column, accuracy: number | Column = 10_000): Column =>
    call(name, column, constant(percentage), accuracy);
/** A percentile among the values. @param accuracy the error is 1/accuracy; costs memory. */
export const percentile_approx = approximatePercentile('percentile_approx');
/** Same as `percentile_approx`. */
export const approx_percentile = approximatePercentile('approx_percentile');

export const bool_and = unary<boolean | null, boolean | null>('bool_and');
export const bool_or = unary<boolean | null, boolean | null>('bool_or');
/** Same as `bool_and`. */
export const every = unary<boolean | null, boolean | null>('every');
/** Same as `bool_or`. */
export const any = unary<boolean | null, boolean | null>('any');
/** Same as `bool_or`. */
export const some = unary<boolean | null, boolean | null>('some');
export const bit_and = unary<Any>('bit_and');
export const bit_or = unary<Any>('bit_or');
export const bit_xor = unary<Any>('bit_xor');

// Statistics. Without a suffix: of a sample.

export const stddev = unary<number | null>('stddev');
export const std = unary<number | null>('std');
export const stddev_samp = unary<number | null>('stddev_samp');
export const stddev_pop = unary<number | null>('stddev_pop');
export const variance = unary<number | null>('variance');
export const var_samp = unary<number | null>('var_samp');
export const var_pop = unary<number | null>('var_pop');
export const skewness = unary<number | null>('skewness');
export const kurtosis = unary<number | null>('kurtosis');
export const corr = binary<number | null>('corr');
export const covar_pop = binary<number | null>('covar_pop');
export const covar_samp = binary<number | null>('covar_samp');
export const regr_avgx = binary<number | null>('regr_avgx');
export const regr_avgy = binary<number | null>('regr_avgy');
export const regr_count = binary<bigint>('regr_count');
export const regr_intercept = binary<number | null>('regr_intercept');
export const regr_r2 = binary<number | null>('regr_r2');
export const regr_slope = binary<number | null>('regr_slope');
export const regr_sxx = binary<number | null>('regr_sxx');
export const regr_sxy = binary<number | null>('regr_sxy');
export const regr_syy = binary<number | null>('regr_syy');

/** Points of a histogram as an array of (x, y). */
export const histogram_numeric = (column: ColumnOrName, bins: number | Column): Column =>
  call('histogram_numeric', column, bins);

// Of rollups and cubes.

/** The value of a metric view's measure. */
export const measure = unary<Any>('measure');

/** 1 if the column is summed over in this row, otherwise 0. */
export const grouping = unary<number>('grouping');

/** The bits of `grouping` of these columns, or of all keys. */
export const grouping_id = (...columns: readonly Argument[]): Column<bigint> => call('grouping_id', ...columns);
