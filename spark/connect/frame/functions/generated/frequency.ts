// The most frequent values; and bitmaps of numbers, for exact distinct counts.
// Generated from tools/functions/table/frequency.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type ColumnOrName, call, present } from '../call.js';

// The most frequent values.

/**
 * Returns top k items with their frequency.
 * @param maxItems how many values are tracked at most.
 * @since 4.1.0
 * @example df.agg(f.approx_top_k('name'))
 */
export function approx_top_k(column: ColumnOrName, k = 5, maxItems = 10_000): Column {
  return call('approx_top_k', column, k, maxItems);
}

/**
 * Accumulates items into a sketch.
 * @since 4.1.0
 * @example df.agg(f.approx_top_k_accumulate('name'))
 */
export function approx_top_k_accumulate(column: ColumnOrName, maxItems = 10_000): Column {
  return call('approx_top_k_accumulate', column, maxItems);
}

/**
 * Combines multiple sketches into a single sketch.
 * @since 4.1.0
 * @example df.agg(f.approx_top_k_accumulate('name').alias('sketch')).agg(f.approx_top_k_combine('sketch'))
 */
export function approx_top_k_combine(sketch: ColumnOrName, maxItems?: number): Column {
  return call('approx_top_k_combine', sketch, ...present(maxItems));
}

/**
 * Returns top k items with their frequency.
 * @since 4.1.0
 * @example df.agg(f.approx_top_k_accumulate('name').alias('sketch')).select(f.approx_top_k_estimate('sketch'))
 */
export function approx_top_k_estimate(sketch: ColumnOrName, k = 5): Column {
  return call('approx_top_k_estimate', sketch, k);
}

// Bitmaps of numbers: exact distinct counts.

/**
 * Returns the bit position for the given input child expression.
 * @since 3.5.0
 * @example df.select(f.bitmap_bit_position('count'))
 */
export function bitmap_bit_position(whole: ColumnOrName): Column<bigint | null> {
  return call('bitmap_bit_position', whole);
}

/**
 * Returns the bucket number for the given input child expression.
 * @since 3.5.0
 * @example df.select(f.bitmap_bucket_number('count'))
 */
export function bitmap_bucket_number(whole: ColumnOrName): Column<bigint | null> {
  return call('bitmap_bucket_number', whole);
}

/**
 * Returns a bitmap with the positions of the bits set from all the values from the child expression.
 * @since 3.5.0
 * @example df.agg(f.bitmap_construct_agg(f.bitmap_bit_position('user_id')))
 */
export function bitmap_construct_agg(bitmap: ColumnOrName): Column<Uint8Array | null> {
  return call('bitmap_construct_agg', bitmap);
}

/**
 * Returns the number of set bits in the child bitmap.
 * @since 3.5.0
 * @example df.select(f.bitmap_count('bytes'))
 */
export function bitmap_count(bitmap: ColumnOrName): Column<bigint | null> {
  return call('bitmap_count', bitmap);
}

/**
 * Returns a bitmap that is the bitwise OR of all of the bitmaps from the child expression.
 * @since 3.5.0
 * @example df.agg(f.bitmap_or_agg('bytes'))
 */
export function bitmap_or_agg(bitmap: ColumnOrName): Column<Uint8Array | null> {
  return call('bitmap_or_agg', bitmap);
}

/**
 * Returns a bitmap that is the bitwise AND of all of the bitmaps from the child expression.
 * @since 4.1.0
 * @example df.agg(f.bitmap_and_agg('bytes'))
 */
export function bitmap_and_agg(bitmap: ColumnOrName): Column<Uint8Array | null> {
  return call('bitmap_and_agg', bitmap);
}
