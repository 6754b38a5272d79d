// Angles, in radians, and chance.
// Generated from tools/functions/table/trigonometry.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { anySeed } from '../../seed.js';
import { type Argument, type ColumnOrName, call } from '../call.js';

// Angles, in radians.

/**
 * Returns the sine of `angle`, as if computed by `java.lang.Math.sin`.
 * @since 1.4.0
 * @example df.select(f.sin('amount'))
 */
export function sin(angle: ColumnOrName): Column<number | null> {
  return call('sin', angle);
}

/**
 * Returns the cosine of `angle`, as if computed by `java.lang.Math.cos`.
 * @since 1.4.0
 * @example df.select(f.cos('amount'))
 */
export function cos(angle: ColumnOrName): Column<number | null> {
  return call('cos', angle);
}

/**
 * Returns the tangent of `angle`, as if computed by `java.lang.Math.tan`.
 * @since 1.4.0
 * @example df.select(f.tan('amount'))
 */
export function tan(angle: ColumnOrName): Column<number | null> {
  return call('tan', angle);
}

/**
 * Returns the cotangent of `angle`, as if computed by `1/java.lang.Math.tan`.
 * @since 2.3.0
 * @example df.select(f.cot('amount'))
 */
export function cot(angle: ColumnOrName): Column<number | null> {
  return call('cot', angle);
}

/**
 * Returns the secant of `angle`, as if computed by `1/java.lang.Math.cos`.
 * @since 3.3.0
 * @example df.select(f.sec('amount'))
 */
export function sec(angle: ColumnOrName): Column<number | null> {
  return call('sec', angle);
}

/**
 * Returns the cosecant of `angle`, as if computed by `1/java.lang.Math.sin`.
 * @since 3.3.0
 * @example df.select(f.csc('amount'))
 */
export function csc(angle: ColumnOrName): Column<number | null> {
  return call('csc', angle);
}

/**
 * Returns the inverse sine (a.k.a. arc sine) the arc sin of `angle`, as if computed by `java.lang.Math.asin`.
 * @since 1.4.0
 * @example df.select(f.asin('amount'))
 */
export function asin(angle: ColumnOrName): Column<number | null> {
  return call('asin', angle);
}

/**
 * Returns the inverse cosine (a.k.a. arc cosine) of `angle`, as if computed by `java.lang.Math.acos`.
 * @since 1.4.0
 * @example df.select(f.acos('amount'))
 */
export function acos(angle: ColumnOrName): Column<number | null> {
  return call('acos', angle);
}

/**
 * Returns the inverse tangent (a.k.a. arc tangent) of `angle`, as if computed by `java.lang.Math.atan`.
 * @since 1.4.0
 * @example df.select(f.atan('amount'))
 */
export function atan(angle: ColumnOrName): Column<number | null> {
  return call('atan', angle);
}

/**
 * Returns the angle in radians between the positive x-axis of a plane and the point given by the coordinates (`x`,
 * `y`), as if computed by `java.lang.Math.atan2`.
 * @since 1.4.0
 * @example df.select(f.atan2('count', 'amount'))
 */
export function atan2(y: Argument, x: Argument): Column<number | null> {
  return call('atan2', y, x);
}

/**
 * Returns hyperbolic sine of `angle`, as if computed by `java.lang.Math.sinh`.
 * @since 1.4.0
 * @example df.select(f.sinh('amount'))
 */
export function sinh(angle: ColumnOrName): Column<number | null> {
  return call('sinh', angle);
}

/**
 * Returns the hyperbolic cosine of `angle`, as if computed by `java.lang.Math.cosh`.
 * @since 1.4.0
 * @example df.select(f.cosh('amount'))
 */
export function cosh(angle: ColumnOrName): Column<number | null> {
  return call('cosh', angle);
}

/**
 * Returns the hyperbolic tangent of `angle`, as if computed by `java.lang.Math.tanh`.
 * @since 1.4.0
 * @example df.select(f.tanh('amount'))
 */
export function tanh(angle: ColumnOrName): Column<number | null> {
  return call('tanh', angle);
}

/**
 * Returns inverse hyperbolic sine of `angle`.
 * @since 3.0.0
 * @example df.select(f.asinh('amount'))
 */
export function asinh(angle: ColumnOrName): Column<number | null> {
  return call('asinh', angle);
}

/**
 * Returns inverse hyperbolic cosine of `angle`.
 * @since 3.0.0
 * @example df.select(f.acosh('amount'))
 */
export function acosh(angle: ColumnOrName): Column<number | null> {
  return call('acosh', angle);
}

/**
 * Returns inverse hyperbolic tangent of `angle`.
 * @since 3.0.0
 * @example df.select(f.atanh('amount'))
 */
export function atanh(angle: ColumnOrName): Column<number | null> {
  return call('atanh', angle);
}

/**
 * Converts radians to degrees.
 * @since 1.4.0
 * @example df.select(f.degrees('amount'))
 */
export function degrees(angle: ColumnOrName): Column<number | null> {
  return call('degrees', angle);
}

/**
 * Converts degrees to radians.
 * @since 1.4.0
 * @example df.select(f.radians('amount'))
 */
export function radians(angle: ColumnOrName): Column<number | null> {
  return call('radians', angle);
}

// Chance. The seed is chosen here if it is not given, so that a plan gives the same numbers however often it runs.

/**
 * Returns a random value with independent and identically distributed (i.i.d.) uniformly distributed values in [0, 1).
 * @since 1.5.0
 * @example df.select(f.rand())
 */
export function rand(seed: number | bigint | Column = anySeed()): Column<number> {
  return call('rand', seed);
}

/**
 * Returns a random value with independent and identically distributed (i.i.d.) uniformly distributed values in [0, 1).
 * Same as `rand`.
 * @since 3.0.0
 * @example df.select(f.random())
 */
export function random(seed: number | bigint | Column = anySeed()): Column<number> {
  return call('random', seed);
}

/**
 * Returns a random value with independent and identically distributed (i.i.d.) values drawn from the standard normal
 * distribution.
 * @since 1.5.0
 * @example df.select(f.randn())
 */
export function randn(seed: number | bigint | Column = anySeed()): Column<number> {
  return call('randn', seed);
}

/**
 * Returns a random value with independent and identically distributed (i.i.d.) values with the specified range of
 * numbers. From `min` to below `max`.
 * @since 4.0.0
 * @example df.select(f.uniform(1, 10))
 */
export function uniform(
  min: number | Column,
  max: number | Column,
  seed: number | bigint | Column = anySeed(),
): Column {
  return call('uniform', min, max, seed);
}

/**
 * Returns an universally unique identifier (UUID) string.
 * @since 2.3.0
 * @example df.select(f.uuid())
 */
export function uuid(seed: number | bigint | Column = anySeed()): Column<string> {
  return call('uuid', seed);
}
