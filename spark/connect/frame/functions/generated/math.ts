// Numbers: rounding and arithmetic, powers, roots and logarithms. Plain numbers are constants; text names a column.
// Generated from tools/functions/table/math.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, present } from '../call.js';

// Rounding.

/**
 * Returns the absolute value of the numeric or interval value.
 * @since 1.2.0
 * @example df.select(f.abs('amount'))
 */
export function abs<T = Any>(number: Column<T> | string): Column<T> {
  return call('abs', number);
}

/**
 * Returns the smallest number after rounding up that is not smaller than `number`.
 * @param scale digits behind the point; negative before it.
 * @since 3.3.0
 * @example df.select(f.ceil('amount'))
 */
export function ceil(number: Argument, scale?: number | Column): Column {
  return call('ceil', number, ...present(scale));
}

/**
 * Returns the smallest number after rounding up that is not smaller than `number`. Same as `ceil`.
 * @since 3.3.0
 * @example df.select(f.ceiling('amount'))
 */
export function ceiling(number: Argument, scale?: number | Column): Column {
  return call('ceiling', number, ...present(scale));
}

/**
 * Returns the largest number after rounding down that is not greater than `number`.
 * @since 3.3.0
 * @example df.select(f.floor('amount'))
 */
export function floor(number: Argument, scale?: number | Column): Column {
  return call('floor', number, ...present(scale));
}

/**
 * Returns `number` rounded to `scale` decimal places using HALF_UP rounding mode.
 * @since 1.5.0
 * @example df.select(f.round('amount'))
 */
export function round(number: Argument, scale?: number | Column): Column {
  return call('round', number, ...present(scale));
}

/**
 * Returns `number` rounded to `scale` decimal places using HALF_EVEN rounding mode.
 * @since 2.0.0
 * @example df.select(f.bround('amount'))
 */
export function bround(number: Argument, scale?: number | Column): Column {
  return call('bround', number, ...present(scale));
}

/**
 * The nearest whole DOUBLE.
 * @since 1.4.0
 * @example df.select(f.rint('amount'))
 */
export function rint(number: ColumnOrName): Column<number | null> {
  return call('rint', number);
}

/**
 * Returns -1.0, 0.0 or 1.0 as `number` is negative, 0 or positive.
 * @since 1.4.0
 * @example df.select(f.sign('amount'))
 */
export function sign(number: ColumnOrName): Column<number | null> {
  return call('sign', number);
}

/**
 * Returns -1.0, 0.0 or 1.0 as `number` is negative, 0 or positive.
 * @since 1.4.0
 * @example df.select(f.signum('amount'))
 */
export function signum(number: ColumnOrName): Column<number | null> {
  return call('signum', number);
}

/**
 * Returns the negated value of `number`.
 * @since 1.0.0
 * @example df.select(f.negative('amount'))
 */
export function negative<T = Any>(number: Column<T> | string): Column<T> {
  return call('negative', number);
}

/**
 * Returns the negated value of `number`. Same as `negative`.
 * @since 1.0.0
 * @example df.select(f.negate('amount'))
 */
export function negate<T = Any>(number: Column<T> | string): Column<T> {
  return call('negative', number);
}

/**
 * Returns the value of `number`.
 * @since 1.5.0
 * @example df.select(f.positive('amount'))
 */
export function positive<T = Any>(number: Column<T> | string): Column<T> {
  return call('positive', number);
}

// Arithmetic that gives null instead of an error: on overflow, and for division by zero.

/**
 * Returns the sum of `first`and `second` and the result is null on overflow.
 * @since 3.2.0
 * @example df.select(f.try_add('amount', 'count'))
 */
export function try_add(first: Argument, second: Argument): Column {
  return call('try_add', first, second);
}

/**
 * Returns `first`-`second` and the result is null on overflow.
 * @since 3.3.0
 * @example df.select(f.try_subtract('amount', 'count'))
 */
export function try_subtract(first: Argument, second: Argument): Column {
  return call('try_subtract', first, second);
}

/**
 * Returns `first`*`second` and the result is null on overflow.
 * @since 3.3.0
 * @example df.select(f.try_multiply('amount', 'count'))
 */
export function try_multiply(first: Argument, second: Argument): Column {
  return call('try_multiply', first, second);
}

/**
 * Returns `dividend`/`divisor`. It always performs floating point division. Null instead of an error.
 * @since 3.2.0
 * @example df.select(f.try_divide('amount', 'count'))
 */
export function try_divide(dividend: Argument, divisor: Argument): Column {
  return call('try_divide', dividend, divisor);
}

/**
 * The remainder of `dividend` by `divisor`; null for a division by zero.
 * @since 4.0.0
 * @example df.select(f.try_mod('amount', 'count'))
 */
export function try_mod(dividend: Argument, divisor: Argument): Column {
  return call('try_mod', dividend, divisor);
}

/**
 * The remainder that is never negative.
 * @since 1.5.0
 * @example df.select(f.pmod('count', 2))
 */
export function pmod(first: Argument, second: Argument): Column {
  return call('pmod', first, second);
}

/**
 * Returns the remainder after `first`/`second`. With the sign of `first`.
 * @since 2.3.0
 * @example df.select(f.mod('count', 2))
 */
export function mod(first: Argument, second: Argument): Column {
  return call('mod', first, second);
}

/**
 * The quotient's whole part, a BIGINT.
 * @since 3.0.0
 * @example df.select(f.div('user_id', 2))
 */
export function div(first: Argument, second: Argument): Column<bigint | null> {
  return call('div', first, second);
}

// Powers, roots and logarithms.

/**
 * Returns Euler's number, e.
 * @since 1.5.0
 * @example df.select(f.e())
 */
export function e(): Column<number> {
  return call('e');
}

/**
 * Returns pi.
 * @since 1.5.0
 * @example df.select(f.pi())
 */
export function pi(): Column<number> {
  return call('pi');
}

/**
 * Returns e to the power of `number`.
 * @since 1.4.0
 * @example df.select(f.exp('amount'))
 */
export function exp(number: ColumnOrName): Column<number | null> {
  return call('exp', number);
}

/**
 * Returns exp(`number`) - 1.
 * @since 1.4.0
 * @example df.select(f.expm1('amount'))
 */
export function expm1(number: ColumnOrName): Column<number | null> {
  return call('expm1', number);
}

/**
 * Returns the square root of `number`.
 * @since 1.1.1
 * @example df.select(f.sqrt('amount'))
 */
export function sqrt(number: ColumnOrName): Column<number | null> {
  return call('sqrt', number);
}

/**
 * Returns the cube root of `number`.
 * @since 1.4.0
 * @example df.select(f.cbrt('amount'))
 */
export function cbrt(number: ColumnOrName): Column<number | null> {
  return call('cbrt', number);
}

/**
 * Raises `first` to the power of `second`.
 * @since 1.4.0
 * @example df.select(f.pow('amount', 'count'))
 */
export function pow(first: Argument, second: Argument): Column<number | null> {
  return call('power', first, second);
}

/**
 * Raises `first` to the power of `second`.
 * @since 1.4.0
 * @example df.select(f.power('amount', 'count'))
 */
export function power(first: Argument, second: Argument): Column<number | null> {
  return call('power', first, second);
}

/**
 * Returns sqrt(`first`² + `second`²).
 * @since 1.4.0
 * @example df.select(f.hypot('amount', 'count'))
 */
export function hypot(first: Argument, second: Argument): Column<number | null> {
  return call('hypot', first, second);
}

/**
 * Returns the factorial of `number`.
 * @since 1.5.0
 * @example df.select(f.factorial('count'))
 */
export function factorial(number: ColumnOrName): Column<bigint | null> {
  return call('factorial', number);
}

/**
 * Returns the natural logarithm (base e) of `number`.
 * @since 1.4.0
 * @example df.select(f.ln('amount'))
 */
export function ln(number: ColumnOrName): Column<number | null> {
  return call('ln', number);
}

/**
 * Returns log(1 + `number`).
 * @since 1.4.0
 * @example df.select(f.log1p('amount'))
 */
export function log1p(number: ColumnOrName): Column<number | null> {
  return call('log1p', number);
}

/**
 * Returns the logarithm of `number` with base 2.
 * @since 1.4.0
 * @example df.select(f.log2('amount'))
 */
export function log2(number: ColumnOrName): Column<number | null> {
  return call('log2', number);
}

/**
 * Returns the logarithm of `number` with base 10.
 * @since 1.4.0
 * @example df.select(f.log10('amount'))
 */
export function log10(number: ColumnOrName): Column<number | null> {
  return call('log10', number);
}
