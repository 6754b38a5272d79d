// Bits, and notations of numbers.
// Generated from tools/functions/table/bits.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call } from '../call.js';

// Notations.

/**
 * Returns the string representation of the long value `number` represented in binary.
 * @since 1.5.0
 * @example df.select(f.bin('user_id'))
 */
export function bin(number: ColumnOrName): Column<string | null> {
  return call('bin', number);
}

/**
 * Converts `number` to hexadecimal.
 * @since 1.5.0
 * @example df.select(f.hex('amount'))
 */
export function hex(number: ColumnOrName): Column<string | null> {
  return call('hex', number);
}

/**
 * Converts hexadecimal `number` to binary.
 * @since 1.5.0
 * @example df.select(f.unhex(f.hex('name')))
 */
export function unhex(number: ColumnOrName): Column<Uint8Array | null> {
  return call('unhex', number);
}

/**
 * Convert `digits` from `fromBase` to `toBase`.
 * @since 1.5.0
 * @example df.select(f.conv('user_id', 10, 16))
 */
export function conv(digits: Argument, fromBase: number, toBase: number): Column<string | null> {
  return call('conv', digits, fromBase, toBase);
}

/**
 * Which of `buckets` parts of equal width between `min` and `max` a value falls into, from 1.
 * @since 3.1.0
 * @example df.select(f.width_bucket('amount', 0, 100, 10))
 */
export function width_bucket(
  value: Argument,
  min: Argument,
  max: Argument,
  buckets: number | Column,
): Column<bigint | null> {
  return call('width_bucket', value, min, max, buckets);
}

// Bits.

/**
 * The bits turned round.
 * @since 1.4.0
 * @example df.select(f.bitwise_not('count'))
 */
export function bitwise_not<T = Any>(whole: Column<T> | string): Column<T> {
  return call('~', whole);
}

/**
 * How many bits are set.
 * @since 3.0.0
 * @example df.select(f.bit_count('count'))
 */
export function bit_count(value: ColumnOrName): Column<number | null> {
  return call('bit_count', value);
}

/**
 * Returns the value of the bit (0 or 1) at the specified position.
 * @since 3.2.0
 * @example df.select(f.bit_get('count', 0))
 */
export function bit_get(value: Argument, pos: Argument): Column<number | null> {
  return call('bit_get', value, pos);
}

/**
 * Returns the value of the bit (0 or 1) at the specified position.
 * @since 3.2.0
 * @example df.select(f.getbit('count', 0))
 */
export function getbit(value: Argument, pos: Argument): Column<number | null> {
  return call('getbit', value, pos);
}

/**
 * Bitwise left shift.
 * @since 1.5.0
 * @example df.select(f.shiftleft('count', 2))
 */
export function shiftleft(first: Argument, second: Argument): Column {
  return call('shiftleft', first, second);
}

/**
 * Bitwise (signed) right shift.
 * @since 1.5.0
 * @example df.select(f.shiftright('count', 2))
 */
export function shiftright(first: Argument, second: Argument): Column {
  return call('shiftright', first, second);
}

/**
 * Bitwise unsigned right shift.
 * @since 1.5.0
 * @example df.select(f.shiftrightunsigned('count', 2))
 */
export function shiftrightunsigned(first: Argument, second: Argument): Column {
  return call('shiftrightunsigned', first, second);
}
