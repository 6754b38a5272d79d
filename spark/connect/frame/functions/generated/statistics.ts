// Aggregates for statistics. Without a suffix: of a sample.
// Generated from tools/functions/table/statistics.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call } from '../call.js';

/**
 * Returns the sample standard deviation calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.stddev('amount'))
 */
export function stddev(number: ColumnOrName): Column<number | null> {
  return call('stddev', number);
}

/**
 * Returns the sample standard deviation calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.std('amount'))
 */
export function std(number: ColumnOrName): Column<number | null> {
  return call('std', number);
}

/**
 * Returns the sample standard deviation calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.stddev_samp('amount'))
 */
export function stddev_samp(number: ColumnOrName): Column<number | null> {
  return call('stddev_samp', number);
}

/**
 * Returns the population standard deviation calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.stddev_pop('amount'))
 */
export function stddev_pop(number: ColumnOrName): Column<number | null> {
  return call('stddev_pop', number);
}

/**
 * Returns the sample variance calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.variance('amount'))
 */
export function variance(number: ColumnOrName): Column<number | null> {
  return call('variance', number);
}

/**
 * Returns the sample variance calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.var_samp('amount'))
 */
export function var_samp(number: ColumnOrName): Column<number | null> {
  return call('var_samp', number);
}

/**
 * Returns the population variance calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.var_pop('amount'))
 */
export function var_pop(number: ColumnOrName): Column<number | null> {
  return call('var_pop', number);
}

/**
 * Returns the skewness value calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.skewness('amount'))
 */
export function skewness(number: ColumnOrName): Column<number | null> {
  return call('skewness', number);
}

/**
 * Returns the kurtosis value calculated from values of a group.
 * @since 1.6.0
 * @example df.agg(f.kurtosis('amount'))
 */
export function kurtosis(number: ColumnOrName): Column<number | null> {
  return call('kurtosis', number);
}

/**
 * Returns Pearson coefficient of correlation between a set of number pairs.
 * @since 1.6.0
 * @example df.agg(f.corr('amount', 'count'))
 */
export function corr(first: Argument, second: Argument): Column<number | null> {
  return call('corr', first, second);
}

/**
 * Returns the population covariance of a set of number pairs.
 * @since 2.0.0
 * @example df.agg(f.covar_pop('amount', 'count'))
 */
export function covar_pop(first: Argument, second: Argument): Column<number | null> {
  return call('covar_pop', first, second);
}

/**
 * Returns the sample covariance of a set of number pairs.
 * @since 2.0.0
 * @example df.agg(f.covar_samp('amount', 'count'))
 */
export function covar_samp(first: Argument, second: Argument): Column<number | null> {
  return call('covar_samp', first, second);
}

/**
 * Returns the average of the independent variable for non-null pairs in a group, where `y` is the dependent variable
 * and `x` is the independent variable.
 * @since 3.3.0
 * @example df.agg(f.regr_avgx('count', 'amount'))
 */
export function regr_avgx(y: Argument, x: Argument): Column<number | null> {
  return call('regr_avgx', y, x);
}

/**
 * Returns the average of the dependent variable for non-null pairs in a group, where `y` is the dependent variable and
 * `x` is the independent variable.
 * @since 3.3.0
 * @example df.agg(f.regr_avgy('count', 'amount'))
 */
export function regr_avgy(y: Argument, x: Argument): Column<number | null> {
  return call('regr_avgy', y, x);
}

/**
 * Returns the number of non-null number pairs in a group, where `y` is the dependent variable and `x` is the
 * independent variable.
 * @since 3.3.0
 * @example df.agg(f.regr_count('count', 'amount'))
 */
export function regr_count(y: Argument, x: Argument): Column<bigint> {
  return call('regr_count', y, x);
}

/**
 * Returns the intercept of the univariate linear regression line for non-null pairs in a group, where `y` is the
 * dependent variable and `x` is the independent variable.
 * @since 3.4.0
 * @example df.agg(f.regr_intercept('count', 'amount'))
 */
export function regr_intercept(y: Argument, x: Argument): Column<number | null> {
  return call('regr_intercept', y, x);
}

/**
 * Returns the coefficient of determination for non-null pairs in a group, where `y` is the dependent variable and `x`
 * is the independent variable.
 * @since 3.3.0
 * @example df.agg(f.regr_r2('count', 'amount'))
 */
export function regr_r2(y: Argument, x: Argument): Column<number | null> {
  return call('regr_r2', y, x);
}

/**
 * Returns the slope of the linear regression line for non-null pairs in a group, where `y` is the dependent variable
 * and `x` is the independent variable.
 * @since 3.4.0
 * @example df.agg(f.regr_slope('count', 'amount'))
 */
export function regr_slope(y: Argument, x: Argument): Column<number | null> {
  return call('regr_slope', y, x);
}

/**
 * Returns REGR_COUNT(y, x) * VAR_POP(x) for non-null pairs in a group, where `y` is the dependent variable and `x` is
 * the independent variable.
 * @since 3.4.0
 * @example df.agg(f.regr_sxx('count', 'amount'))
 */
export function regr_sxx(y: Argument, x: Argument): Column<number | null> {
  return call('regr_sxx', y, x);
}

/**
 * Returns REGR_COUNT(y, x) * COVAR_POP(y, x) for non-null pairs in a group, where `y` is the dependent variable and `x`
 * is the independent variable.
 * @since 3.4.0
 * @example df.agg(f.regr_sxy('count', 'amount'))
 */
export function regr_sxy(y: Argument, x: Argument): Column<number | null> {
  return call('regr_sxy', y, x);
}

/**
 * Returns REGR_COUNT(y, x) * VAR_POP(y) for non-null pairs in a group, where `y` is the dependent variable and `x` is
 * the independent variable.
 * @since 3.4.0
 * @example df.agg(f.regr_syy('count', 'amount'))
 */
export function regr_syy(y: Argument, x: Argument): Column<number | null> {
  return call('regr_syy', y, x);
}

/**
 * About a histogram of so many bins, as an array of its points (x, y).
 * @since 3.3.0
 * @example df.agg(f.histogram_numeric('amount', 5))
 */
export function histogram_numeric(column: ColumnOrName, bins: number | Column): Column {
  return call('histogram_numeric', column, bins);
}

// Of rollups and cubes.

/**
 * The value of a measure that a metric view defines; only there.
 * @since 4.2.0
 * @example df.groupBy('name').agg(f.measure('amount'))
 */
export function measure(value: ColumnOrName): Column {
  return call('measure', value);
}

/**
 * Indicates whether a specified column in a GROUP BY is aggregated or not, returns 1 for aggregated or 0 for not
 * aggregated in the result set.",.
 * @since 2.0.0
 * @example df.cube('name').agg(f.grouping('name'))
 */
export function grouping(value: ColumnOrName): Column<number> {
  return call('grouping', value);
}

/**
 * Returns the level of grouping, equals to `(grouping(c1) << (n-1)) + (grouping(c2) << (n-2)) + ... + grouping(cn)`. Of
 * all keys if none is given.
 * @since 2.0.0
 * @example df.cube('name', 'count').agg(f.grouping_id('name', 'count'))
 */
export function grouping_id(...columns: readonly Argument[]): Column<bigint> {
  return call('grouping_id', ...columns);
}
