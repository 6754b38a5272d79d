// Tuple sketches: theta sketches that keep a summary, a number, for each value.
// Generated from tools/functions/table/tuple-sketch.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant, optional } from '../call.js';
import type { TupleMode } from '../types.js';

/**
 * Returns the TupleSketch compact binary representation.
 * @since 4.2.0
 * @example df.agg(f.tuple_sketch_agg_double('user_id', 'amount'))
 */
export function tuple_sketch_agg_double(
  key: ColumnOrName,
  summary: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_sketch_agg_double', key, summary, lgNomEntries, constant(mode));
}

/**
 * Returns the TupleSketch compact binary representation.
 * @since 4.2.0
 * @example df.agg(f.tuple_sketch_agg_integer('user_id', 'count'))
 */
export function tuple_sketch_agg_integer(
  key: ColumnOrName,
  summary: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_sketch_agg_integer', key, summary, lgNomEntries, constant(mode));
}

/**
 * Returns the unioned TupleSketch compact binary representation.
 * @since 4.2.0
 * @example df.agg(f.tuple_union_agg_double('bytes'))
 */
export function tuple_union_agg_double(
  sketch: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_union_agg_double', sketch, lgNomEntries, constant(mode));
}

/**
 * Returns the unioned TupleSketch compact binary representation.
 * @since 4.2.0
 * @example df.agg(f.tuple_union_agg_integer('bytes'))
 */
export function tuple_union_agg_integer(
  sketch: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_union_agg_integer', sketch, lgNomEntries, constant(mode));
}

/**
 * Returns the intersected TupleSketch compact binary representation.
 * @since 4.2.0
 * @example df.agg(f.tuple_intersection_agg_double('bytes'))
 */
export function tuple_intersection_agg_double(
  sketch: ColumnOrName,
  mode?: TupleMode | Column,
): Column<Uint8Array | null> {
  return call('tuple_intersection_agg_double', sketch, ...optional(mode));
}

/**
 * Returns the intersected TupleSketch compact binary representation.
 * @since 4.2.0
 * @example df.agg(f.tuple_intersection_agg_integer('bytes'))
 */
export function tuple_intersection_agg_integer(
  sketch: ColumnOrName,
  mode?: TupleMode | Column,
): Column<Uint8Array | null> {
  return call('tuple_intersection_agg_integer', sketch, ...optional(mode));
}

/**
 * Returns the estimated number of unique values given the binary representation of a Datasketches TupleSketch.
 * @since 4.2.0
 * @example df.select(f.tuple_sketch_estimate_double('bytes'))
 */
export function tuple_sketch_estimate_double(sketch: ColumnOrName): Column<number | null> {
  return call('tuple_sketch_estimate_double', sketch);
}

/**
 * Returns the estimated number of unique values given the binary representation of a Datasketches TupleSketch.
 * @since 4.2.0
 * @example df.select(f.tuple_sketch_estimate_integer('bytes'))
 */
export function tuple_sketch_estimate_integer(sketch: ColumnOrName): Column<number | null> {
  return call('tuple_sketch_estimate_integer', sketch);
}

/**
 * Aggregates the summary values from a double summary type Datasketches TupleSketch.
 * @since 4.2.0
 * @example df.select(f.tuple_sketch_summary_double('bytes'))
 */
export function tuple_sketch_summary_double(sketch: ColumnOrName, mode?: TupleMode | Column): Column<number | null> {
  return call('tuple_sketch_summary_double', sketch, ...optional(mode));
}

/**
 * Aggregates the summary values from a integer summary type Datasketches TupleSketch.
 * @since 4.2.0
 * @example df.select(f.tuple_sketch_summary_integer('bytes'))
 */
export function tuple_sketch_summary_integer(sketch: ColumnOrName, mode?: TupleMode | Column): Column<bigint | null> {
  return call('tuple_sketch_summary_integer', sketch, ...optional(mode));
}

/**
 * Returns the theta value (sampling rate) from a Datasketches TupleSketch.
 * @since 4.2.0
 * @example df.select(f.tuple_sketch_theta_double('bytes'))
 */
export function tuple_sketch_theta_double(sketch: ColumnOrName): Column<number | null> {
  return call('tuple_sketch_theta_double', sketch);
}

/**
 * Returns the theta value (sampling rate) from a Datasketches TupleSketch.
 * @since 4.2.0
 * @example df.select(f.tuple_sketch_theta_integer('bytes'))
 */
export function tuple_sketch_theta_integer(sketch: ColumnOrName): Column<number | null> {
  return call('tuple_sketch_theta_integer', sketch);
}

/**
 * Merges two binary representations of Datasketches TupleSketch objects with double summary data type using a
 * TupleSketch Union object.
 * @since 4.2.0
 * @example df.select(f.tuple_union_double('bytes', 'bytes'))
 */
export function tuple_union_double(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_union_double', sketch1, sketch2, lgNomEntries, constant(mode));
}

/**
 * Merges two binary representations of Datasketches TupleSketch objects with integer summary data type using a
 * TupleSketch Union object.
 * @since 4.2.0
 * @example df.select(f.tuple_union_integer('bytes', 'bytes'))
 */
export function tuple_union_integer(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_union_integer', sketch1, sketch2, lgNomEntries, constant(mode));
}

/**
 * Merges the binary representation of a Datasketches TupleSketch with double summary data type with the binary
 * representation of a Datasketches ThetaSketch using a TupleSketch Union object.
 * @since 4.2.0
 * @example df.select(f.tuple_union_theta_double('bytes', 'bytes'))
 */
export function tuple_union_theta_double(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_union_theta_double', sketch1, sketch2, lgNomEntries, constant(mode));
}

/**
 * Merges the binary representation of a Datasketches TupleSketch with integer summary data type with the binary
 * representation of a Datasketches ThetaSketch using a TupleSketch Union object.
 * @since 4.2.0
 * @example df.select(f.tuple_union_theta_integer('bytes', 'bytes'))
 */
export function tuple_union_theta_integer(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  lgNomEntries = 12,
  mode: TupleMode = 'sum',
): Column<Uint8Array | null> {
  return call('tuple_union_theta_integer', sketch1, sketch2, lgNomEntries, constant(mode));
}

/**
 * Intersects two binary representations of Datasketches TupleSketch objects with double summary data type using a
 * TupleSketch Intersection object.
 * @since 4.2.0
 * @example df.select(f.tuple_intersection_double('bytes', 'bytes'))
 */
export function tuple_intersection_double(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  mode?: TupleMode | Column,
): Column<Uint8Array | null> {
  return call('tuple_intersection_double', sketch1, sketch2, ...optional(mode));
}

/**
 * Intersects two binary representations of Datasketches TupleSketch objects with integer summary data type using a
 * TupleSketch Intersection object.
 * @since 4.2.0
 * @example df.select(f.tuple_intersection_integer('bytes', 'bytes'))
 */
export function tuple_intersection_integer(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  mode?: TupleMode | Column,
): Column<Uint8Array | null> {
  return call('tuple_intersection_integer', sketch1, sketch2, ...optional(mode));
}

/**
 * Intersects the binary representation of a Datasketches TupleSketch with double summary data type with the binary
 * representation of a Datasketches ThetaSketch using a TupleSketch Intersection object.
 * @since 4.2.0
 * @example df.select(f.tuple_intersection_theta_double('bytes', 'bytes'))
 */
export function tuple_intersection_theta_double(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  mode?: TupleMode | Column,
): Column<Uint8Array | null> {
  return call('tuple_intersection_theta_double', sketch1, sketch2, ...optional(mode));
}

/**
 * Intersects the binary representation of a Datasketches TupleSketch with integer summary data type with the binary
 * representation of a Datasketches ThetaSketch using a TupleSketch Intersection object.
 * @since 4.2.0
 * @example df.select(f.tuple_intersection_theta_integer('bytes', 'bytes'))
 */
export function tuple_intersection_theta_integer(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  mode?: TupleMode | Column,
): Column<Uint8Array | null> {
  return call('tuple_intersection_theta_integer', sketch1, sketch2, ...optional(mode));
}

/**
 * Subtracts two binary representations of Datasketches TupleSketch objects with double summary data type using a
 * TupleSketch AnotB object.
 * @since 4.2.0
 * @example df.select(f.tuple_difference_double('bytes', 'bytes'))
 */
export function tuple_difference_double(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('tuple_difference_double', sketch1, sketch2);
}

/**
 * Subtracts two binary representations of Datasketches TupleSketch objects with integer summary data type using a
 * TupleSketch AnotB object.
 * @since 4.2.0
 * @example df.select(f.tuple_difference_integer('bytes', 'bytes'))
 */
export function tuple_difference_integer(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('tuple_difference_integer', sketch1, sketch2);
}

/**
 * Subtracts the binary representation of a Datasketches ThetaSketch from a TupleSketch with double summary data type
 * using a TupleSketch AnotB object.
 * @since 4.2.0
 * @example df.select(f.tuple_difference_theta_double('bytes', 'bytes'))
 */
export function tuple_difference_theta_double(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('tuple_difference_theta_double', sketch1, sketch2);
}

/**
 * Subtracts the binary representation of a Datasketches ThetaSketch from a TupleSketch with integer summary data type
 * using a TupleSketch AnotB object.
 * @since 4.2.0
 * @example df.select(f.tuple_difference_theta_integer('bytes', 'bytes'))
 */
export function tuple_difference_theta_integer(sketch1: Argument, sketch2: Argument): Column<Uint8Array | null> {
  return call('tuple_difference_theta_integer', sketch1, sketch2);
}
