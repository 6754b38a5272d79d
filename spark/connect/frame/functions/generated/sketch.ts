// Sketches: small summaries of large sets, as bytes, that can be stored and put together later.
// Generated from tools/functions/table/sketch.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { anySeed } from '../../seed.js';
import { type Argument, type ColumnOrName, call, present } from '../call.js';

/**
 * Returns a count-min sketch of a column with the given esp, confidence and seed.
 * @since 2.2.0
 * @example df.agg(f.count_min_sketch('user_id', 0.01, 0.95))
 */
export function count_min_sketch(
  column: ColumnOrName,
  eps: number | Column,
  confidence: number | Column,
  seed: number | bigint | Column = anySeed(),
): Column<Uint8Array | null> {
  return call('count_min_sketch', column, eps, confidence, seed);
}

// HyperLogLog: how many different values, and of unions too.

/**
 * Returns the HllSketch's updatable binary representation.
 * @since 3.5.0
 * @example df.agg(f.hll_sketch_agg('user_id'))
 */
export function hll_sketch_agg(column: ColumnOrName, lgConfigK?: number): Column<Uint8Array | null> {
  return call('hll_sketch_agg', column, ...present(lgConfigK));
}

/**
 * Returns the estimated number of unique values.
 * @since 3.5.0
 * @example df.agg(f.hll_union_agg('bytes'))
 */
export function hll_union_agg(sketch: ColumnOrName, allowDifferentLgConfigK?: boolean): Column<Uint8Array | null> {
  return call('hll_union_agg', sketch, ...present(allowDifferentLgConfigK));
}

/**
 * Returns the estimated number of unique values given the binary representation of a Datasketches HllSketch.
 * @since 3.5.0
 * @example df.select(f.hll_sketch_estimate('bytes'))
 */
export function hll_sketch_estimate(sketch: ColumnOrName): Column<bigint | null> {
  return call('hll_sketch_estimate', sketch);
}

/**
 * Merges two binary representations of Datasketches HllSketch objects, using a Datasketches Union object.
 * @since 3.5.0
 * @example df.select(f.hll_union('bytes', 'bytes'))
 */
export function hll_union(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  allowDifferentLgConfigK?: boolean,
): Column<Uint8Array | null> {
  return call('hll_union', sketch1, sketch2, ...present(allowDifferentLgConfigK));
}

// Theta: the same, and of intersections and differences.

/**
 * Returns the ThetaSketch compact binary representation.
 * @since 4.1.0
 * @example df.agg(f.theta_sketch_agg('user_id'))
 */
export function theta_sketch_agg(column: ColumnOrName, lgNomEntries?: number): Column<Uint8Array | null> {
  return call('theta_sketch_agg', column, ...present(lgNomEntries));
}

/**
 * Returns the ThetaSketch's Compact binary representation.
 * @since 4.1.0
 * @example df.agg(f.theta_union_agg('bytes'))
 */
export function theta_union_agg(sketch: ColumnOrName, lgNomEntries?: number): Column<Uint8Array | null> {
  return call('theta_union_agg', sketch, ...present(lgNomEntries));
}

/**
 * Returns the ThetaSketch's Compact binary representation by intersecting all the Theta sketches in the input column.
 * @since 4.1.0
 * @example df.agg(f.theta_intersection_agg('bytes'))
 */
export function theta_intersection_agg(sketch: ColumnOrName): Column<Uint8Array | null> {
  return call('theta_intersection_agg', sketch);
}

/**
 * Returns the estimated number of unique values given the binary representation of a Datasketches ThetaSketch.
 * @since 4.1.0
 * @example df.select(f.theta_sketch_estimate('bytes'))
 */
export function theta_sketch_estimate(sketch: ColumnOrName): Column<bigint | null> {
  return call('theta_sketch_estimate', sketch);
}

/**
 * Merges two binary representations of Datasketches ThetaSketch objects using a ThetaSketch Union object.
 * @since 4.1.0
 * @example df.select(f.theta_union('bytes', 'bytes'))
 */
export function theta_union(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  lgNomEntries?: number,
): Column<Uint8Array | null> {
  return call('theta_union', sketch1, sketch2, ...present(lgNomEntries));
}

/**
 * Intersects two binary representations of Datasketches ThetaSketch objects from two input columns using a ThetaSketch
 * Intersect object.
 * @since 4.1.0
 * @example df.select(f.theta_intersection('bytes', 'bytes'))
 */
export function theta_intersection(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('theta_intersection', sketch1, sketch2);
}

/**
 * Subtracts two binary representations of Datasketches ThetaSketch objects from two input columns using a ThetaSketch
 * AnotB object.
 * @since 4.1.0
 * @example df.select(f.theta_difference('bytes', 'bytes'))
 */
export function theta_difference(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('theta_difference', sketch1, sketch2);
}

// KLL: quantiles.

/**
 * Returns the KllLongsSketch compact binary representation.
 * @since 4.1.0
 * @example df.agg(f.kll_sketch_agg_bigint('user_id'))
 */
export function kll_sketch_agg_bigint(column: ColumnOrName, k?: number): Column<Uint8Array | null> {
  return call('kll_sketch_agg_bigint', column, ...present(k));
}

/**
 * Returns the KllFloatsSketch compact binary representation.
 * @since 4.1.0
 * @example df.agg(f.kll_sketch_agg_float(f.col('amount').cast('float')))
 */
export function kll_sketch_agg_float(column: ColumnOrName, k?: number): Column<Uint8Array | null> {
  return call('kll_sketch_agg_float', column, ...present(k));
}

/**
 * Returns the KllDoublesSketch compact binary representation.
 * @since 4.1.0
 * @example df.agg(f.kll_sketch_agg_double('amount'))
 */
export function kll_sketch_agg_double(column: ColumnOrName, k?: number): Column<Uint8Array | null> {
  return call('kll_sketch_agg_double', column, ...present(k));
}

/**
 * Merges binary KllLongsSketch representations and returns the merged sketch.
 * @since 4.1.2
 * @example df.agg(f.kll_merge_agg_bigint('bytes'))
 */
export function kll_merge_agg_bigint(column: ColumnOrName, k?: number): Column<Uint8Array | null> {
  return call('kll_merge_agg_bigint', column, ...present(k));
}

/**
 * Merges binary KllFloatsSketch representations and returns the merged sketch.
 * @since 4.1.2
 * @example df.agg(f.kll_merge_agg_float('bytes'))
 */
export function kll_merge_agg_float(column: ColumnOrName, k?: number): Column<Uint8Array | null> {
  return call('kll_merge_agg_float', column, ...present(k));
}

/**
 * Merges binary KllDoublesSketch representations and returns the merged sketch.
 * @since 4.1.2
 * @example df.agg(f.kll_merge_agg_double('bytes'))
 */
export function kll_merge_agg_double(column: ColumnOrName, k?: number): Column<Uint8Array | null> {
  return call('kll_merge_agg_double', column, ...present(k));
}

/**
 * Returns the number of items collected in the sketch.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_n_bigint('bytes'))
 */
export function kll_sketch_get_n_bigint(sketch: ColumnOrName): Column<bigint | null> {
  return call('kll_sketch_get_n_bigint', sketch);
}

/**
 * Returns the number of items collected in the sketch.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_n_float('bytes'))
 */
export function kll_sketch_get_n_float(sketch: ColumnOrName): Column<bigint | null> {
  return call('kll_sketch_get_n_float', sketch);
}

/**
 * Returns the number of items collected in the sketch.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_n_double('bytes'))
 */
export function kll_sketch_get_n_double(sketch: ColumnOrName): Column<bigint | null> {
  return call('kll_sketch_get_n_double', sketch);
}

/**
 * Merges two sketch buffers together into one.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_merge_bigint('bytes', 'bytes'))
 */
export function kll_sketch_merge_bigint(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('kll_sketch_merge_bigint', sketch1, sketch2);
}

/**
 * Merges two sketch buffers together into one.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_merge_float('bytes', 'bytes'))
 */
export function kll_sketch_merge_float(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('kll_sketch_merge_float', sketch1, sketch2);
}

/**
 * Merges two sketch buffers together into one.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_merge_double('bytes', 'bytes'))
 */
export function kll_sketch_merge_double(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('kll_sketch_merge_double', sketch1, sketch2);
}

/**
 * Extracts a single value from the quantiles sketch representing the desired quantile given the input rank.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_quantile_bigint('bytes', 0.5))
 */
export function kll_sketch_get_quantile_bigint(sketch: Argument, rank: Argument): Column {
  return call('kll_sketch_get_quantile_bigint', sketch, rank);
}

/**
 * Extracts a single value from the quantiles sketch representing the desired quantile given the input rank.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_quantile_float('bytes', 0.5))
 */
export function kll_sketch_get_quantile_float(sketch: Argument, rank: Argument): Column {
  return call('kll_sketch_get_quantile_float', sketch, rank);
}

/**
 * Extracts a single value from the quantiles sketch representing the desired quantile given the input rank.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_quantile_double('bytes', 0.5))
 */
export function kll_sketch_get_quantile_double(sketch: Argument, rank: Argument): Column {
  return call('kll_sketch_get_quantile_double', sketch, rank);
}

/**
 * Extracts a single value from the quantiles sketch representing the desired rank given the input quantile.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_rank_bigint('bytes', 2))
 */
export function kll_sketch_get_rank_bigint(sketch: Argument, quantile: Argument): Column {
  return call('kll_sketch_get_rank_bigint', sketch, quantile);
}

/**
 * Extracts a single value from the quantiles sketch representing the desired rank given the input quantile.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_rank_float('bytes', 2))
 */
export function kll_sketch_get_rank_float(sketch: Argument, quantile: Argument): Column {
  return call('kll_sketch_get_rank_float', sketch, quantile);
}

/**
 * Extracts a single value from the quantiles sketch representing the desired rank given the input quantile.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_get_rank_double('bytes', 2))
 */
export function kll_sketch_get_rank_double(sketch: Argument, quantile: Argument): Column {
  return call('kll_sketch_get_rank_double', sketch, quantile);
}

/**
 * Returns human readable summary information about this sketch.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_to_string_bigint('bytes'))
 */
export function kll_sketch_to_string_bigint(sketch: ColumnOrName): Column<string | null> {
  return call('kll_sketch_to_string_bigint', sketch);
}

/**
 * Returns human readable summary information about this sketch.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_to_string_float('bytes'))
 */
export function kll_sketch_to_string_float(sketch: ColumnOrName): Column<string | null> {
  return call('kll_sketch_to_string_float', sketch);
}

/**
 * Returns human readable summary information about this sketch.
 * @since 4.1.0
 * @example df.select(f.kll_sketch_to_string_double('bytes'))
 */
export function kll_sketch_to_string_double(sketch: ColumnOrName): Column<string | null> {
  return call('kll_sketch_to_string_double', sketch);
}
