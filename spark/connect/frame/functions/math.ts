// Numbers and bits. Plain numbers are constants; text names a column.
import type { Any } from '../../types/any.js';
import type { Column } from '../column.js';
import { anySeed } from '../seed.js';
import { type Argument, binary, type ColumnOrName, call, nullary, present, unary } from './call.js';

// Rounding.

export const abs = unary<Any>('abs');
/** @param scale digits behind the point; negative before it. */
export const ceil = (number: Argument, scale?: number | Column): Column => call('ceil', number, ...present(scale));
/** Same as `ceil`. */
export const ceiling = (number: Argument, scale?: number | Column): Column =>
  call('ceiling', number, ...present(scale));
export const floor = (number: Argument, scale?: number | Column): Column => call('floor', number, ...present(scale));
/** Half up. */
export const round = (number: Argument, scale?: number | Column): Column => call('round', number, ...present(scale));
/** Half to even. */
export const bround = (number: Argument, scale?: number | Column): Column => call('bround', number, ...present(scale));
/** To the nearest whole DOUBLE. */
export const rint = unary<number | null>('rint');
export const sign = unary<number | null>('sign');
export const signum = unary<number | null>('signum');
export const negative = unary<Any>('negative');
/** Same as `negative`. */
export const negate = negative;
export const positive = unary<Any>('positive');

// Arithmetic that gives null instead of an error: on overflow, and for division by zero.

export const try_add = binary<Any>('try_add');
export const try_subtract = binary<Any>('try_subtract');
export const try_multiply = binary<Any>('try_multiply');
export const try_divide = binary<Any>('try_divide');
export const try_mod = binary<Any>('try_mod');
/** The remainder that is never negative. */
export const pmod = binary<Any>('pmod');
/** The remainder, with the sign of the first. */
export const mod = binary<Any>('mod');
/** The quotient's whole part, a BIGINT. */
export const div = binary<bigint | null>('div');

// Powers, roots and logarithms.

export const e = nullary<number>('e');
export const pi = nullary<number>('pi');
export const exp = unary<number | null>('exp');
export const expm1 = unary<number | null>('expm1');
export const sqrt = unary<number | null>('sqrt');
export const cbrt = unary<number | null>('cbrt');
export const pow = binary<number | null>('power');
export const power = pow;
export const hypot = binary<number | null>('hypot');
export const factorial = unary<bigint | null>('factorial');
/** The natural logarithm, or the one to a base. */
export function log(number: ColumnOrName): Column<number | null>;
export function log(base: number, number: ColumnOrName): Column<number | null>;
export function log(first: Argument, second?: ColumnOrName): Column<number | null> {
  return second === undefined ? call('ln', first) : call('log', first, second);
}
export const ln = unary<number | null>('ln');
export const log1p = unary<number | null>('log1p');
export const log2 = unary<number | null>('log2');
export const log10 = unary<number | null>('log10');

// Angles, in radians.

export const sin = unary<number | null>('sin');
export const cos = unary<number | null>('cos');
export const tan = unary<number | null>('tan');
export const cot = unary<number | null>('cot');
export const sec = unary<number | null>('sec');
export const csc = unary<number | null>('csc');
export const asin = unary<number | null>('asin');
export const acos = unary<number | null>('acos');
export const atan = unary<number | null>('atan');
export const atan2 = binary<number | null>('atan2');
export const sinh = unary<number | null>('sinh');
export const cosh = unary<number | null>('cosh');
export const tanh = unary<number | null>('tanh');
export const asinh = unary<number | null>('asinh');
export const acosh = unary<number | null>('acosh');
export const atanh = unary<number | null>('atanh');
export const degrees = unary<number | null>('degrees');
export const radians = unary<number | null>('radians');

// Notations.

export const bin = unary<string | null>('bin');
export const hex = unary<string | null>('hex');
export const unhex = unary<Uint8Array | null>('unhex');
/** Digits of one base in another. */
export const conv = (digits: Argument, fromBase: number, toBase: number): Column<string | null> =>
  call('conv', digits, fromBase, toBase);
/** Which of `buckets` parts of equal width between `min` and `max` a value falls into, from 1. */
export const width_bucket = (
  value: Argument,
  min: Argument,
  max: Argument,
  buckets: number | Column,
): Column<bigint | null> => call('width_bucket', value, min, max, buckets);

// Bits.

export const bitwise_not = unary<Any>('~');
export const bit_count = unary<number | null>('bit_count');
export const bit_get = binary<number | null>('bit_get');
export const getbit = binary<number | null>('getbit');
export const shiftleft = binary<Any>('shiftleft');
/** Keeps the sign. */
export const shiftright = binary<Any>('shiftright');
export const shiftrightunsigned = binary<Any>('shiftrightunsigned');

// Chance. The seed is chosen here if it is not given, so that a plan gives the same numbers however often it runs.

type Seed = number | bigint | Column;

/** From 0 to below 1. */
export const rand = (seed: Seed = anySeed()): Column<number> => call('rand', seed);
/** Same as `rand`. */
export const random = (seed: Seed = anySeed()): Column<number> => call('random', seed);
/** Of the standard normal distribution. */
export const randn = (seed: Seed = anySeed()): Column<number> => call('randn', seed);
/** From `min` to below `max`. */
export const uniform = (min: number | Column, max: number | Column, seed: Seed = anySeed()): Column =>
  call('uniform', min, max, seed);
export const uuid = (seed: Seed = anySeed()): Column<string> => call('uuid', seed);
