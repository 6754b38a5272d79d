// Sketches: small summaries of large sets, as bytes, that can be stored and put together later.
import type { Any } from '../../types/any.js';
import type { Column } from '../column.js';
import { anySeed } from '../seed.js';
import { binary, type ColumnOrName, call, constant, optional, present, unary } from './call.js';

type Sketch = Uint8Array | null;

export const count_min_sketch = (
  column: ColumnOrName,
  eps: number | Column,
  confidence: number | Column,
  seed: number | bigint | Column = anySeed(),
): Column<Sketch> => call('count_min_sketch', column, constant(eps), constant(confidence), seed);

// HyperLogLog: how many different values, and of unions too.

export const hll_sketch_agg = (column: ColumnOrName, lgConfigK?: number): Column<Sketch> =>
  call('hll_sketch_agg', column, ...present(lgConfigK));
export const hll_union_agg = (sketch: ColumnOrName, allowDifferentLgConfigK?: boolean): Column<Sketch> =>
  call('hll_union_agg', sketch, ...present(allowDifferentLgConfigK));
export const hll_sketch_estimate = unary<bigint | null>('hll_sketch_estimate');
export const hll_union = (
  first: ColumnOrName,
  second: ColumnOrName,
  allowDifferentLgConfigK?: boolean,
): Column<Sketch> => call('hll_union', first, second, ...present(allowDifferentLgConfigK));

// Theta: the same, and of intersections and differences.

export const theta_sketch_agg = (column: ColumnOrName, lgNomEntries?: number): Column<Sketch> =>
  call('theta_sketch_agg', column, ...present(lgNomEntries));
export const theta_union_agg = (sketch: ColumnOrName, lgNomEntries?: number): Column<Sketch> =>
  call('theta_union_agg', sketch, ...present(lgNomEntries));
export const theta_intersection_agg = unary<Sketch>('theta_intersection_agg');
export const theta_sketch_estimate = unary<bigint | null>('theta_sketch_estimate');
export const theta_union = (first: ColumnOrName, second: ColumnOrName, lgNomEntries?: number): Column<Sketch> =>
  call('theta_union', first, second, ...present(lgNomEntries));
export const theta_intersection = binary<Sketch>('theta_intersection');
export const theta_difference = binary<Sketch>('theta_difference');

// KLL: quantiles.

const kllAgg =
  (name: string) =>
  (column: ColumnOrName, k?: number): Column<Sketch> =>
    call(name, column, ...present(k));
export const kll_sketch_agg_bigint = kllAgg('kll_sketch_agg_bigint');
export const kll_sketch_agg_float = kllAgg('kll_sketch_agg_float');
export const kll_sketch_agg_double = kllAgg('kll_sketch_agg_double');
export const kll_merge_agg_bigint = kllAgg('kll_merge_agg_bigint');
export const kll_merge_agg_float = kllAgg('kll_merge_agg_float');
export const kll_merge_agg_double = kllAgg('kll_merge_agg_double');
export const kll_sketch_get_n_bigint = unary<bigint | null>('kll_sketch_get_n_bigint');
export const kll_sketch_get_n_float = unary<bigint | null>('kll_sketch_get_n_float');
export const kll_sketch_get_n_double = unary<bigint | null>('kll_sketch_get_n_double');
export const kll_sketch_merge_bigint = binary<Sketch>('kll_sketch_merge_bigint');
export const kll_sketch_merge_float = binary<Sketch>('kll_sketch_merge_float');
export const kll_sketch_merge_double = binary<Sketch>('kll_sketch_merge_double');
export const kll_sketch_get_quantile_bigint = binary<Any>('kll_sketch_get_quantile_bigint');
export const kll_sketch_get_quantile_float = binary<Any>('kll_sketch_get_quantile_float');
export const kll_sketch_get_quantile_double = binary<Any>('kll_sketch_get_quantile_double');
export const kll_sketch_get_rank_bigint = binary<Any>('kll_sketch_get_rank_bigint');
export const kll_sketch_get_rank_float = binary<Any>('kll_sketch_get_rank_float');
export const kll_sketch_get_rank_double = binary<Any>('kll_sketch_get_rank_double');
export const kll_sketch_to_string_bigint = unary<string | null>('kll_sketch_to_string_bigint');
export const kll_sketch_to_string_float = unary<string | null>('kll_sketch_to_string_float');
export const kll_sketch_to_string_double = unary<string | null>('kll_sketch_to_string_double');

// Tuple: theta sketches that keep a summary, a number, for each value.

/** How summaries of one value become one; `sum` if not given. */
export type TupleMode = 'sum' | 'min' | 'max' | 'alwaysone';

const tupleAgg =
  (name: string) =>
  (key: ColumnOrName, summary: ColumnOrName, lgNomEntries = 12, mode: TupleMode = 'sum'): Column<Sketch> =>
    call(name, key, summary, lgNomEntries, constant(mode));
const tupleUnionAgg =
  (name: string) =>
  (sketch: ColumnOrName, lgNomEntries = 12, mode: TupleMode = 'sum'): Column<Sketch> =>
    call(name, sketch, lgNomEntries, constant(mode));
const tupleWithMode =
  <T>(name: string) =>
  (sketch: ColumnOrName, mode?: TupleMode | Column): Column<T> =>
    call(name, sketch, ...optional(mode));
const tupleUnion =
  (name: string) =>
  (first: ColumnOrName, second: ColumnOrName, lgNomEntries = 12, mode: TupleMode = 'sum'): Column<Sketch> =>
    call(name, first, second, lgNomEntries, constant(mode));
const tupleIntersection =
  (name: string) =>
  (first: ColumnOrName, second: ColumnOrName, mode?: TupleMode | Column): Column<Sketch> =>
    call(name, first, second, ...optional(mode));

export const tuple_sketch_agg_double = tupleAgg('tuple_sketch_agg_double');
export const tuple_sketch_agg_integer = tupleAgg('tuple_sketch_agg_integer');
export const tuple_union_agg_double = tupleUnionAgg('tuple_union_agg_double');
export const tuple_union_agg_integer = tupleUnionAgg('tuple_union_agg_integer');
export const tuple_intersection_agg_double = tupleWithMode<Sketch>('tuple_intersection_agg_double');
export const tuple_intersection_agg_integer = tupleWithMode<Sketch>('tuple_intersection_agg_integer');
export const tuple_sketch_estimate_double = unary<number | null>('tuple_sketch_estimate_double');
export const tuple_sketch_estimate_integer = unary<number | null>('tuple_sketch_estimate_integer');
export const tuple_sketch_summary_double = tupleWithMode<number | null>('tuple_sketch_summary_double');
export const tuple_sketch_summary_integer = tupleWithMode<bigint | null>('tuple_sketch_summary_integer');
export const tuple_sketch_theta_double = unary<number | null>('tuple_sketch_theta_double');
export const tuple_sketch_theta_integer = unary<number | null>('tuple_sketch_theta_integer');
export const tuple_union_double = tupleUnion('tuple_union_double');
export const tuple_union_integer = tupleUnion('tuple_union_integer');
export const tuple_union_theta_double = tupleUnion('tuple_union_theta_double');
export const tuple_union_theta_integer = tupleUnion('tuple_union_theta_integer');
export const tuple_intersection_double = tupleIntersection('tuple_intersection_double');
export const tuple_intersection_integer = tupleIntersection('tuple_intersection_integer');
export const tuple_intersection_theta_double = tupleIntersection('tuple_intersection_theta_double');
export const tuple_intersection_theta_integer = tupleIntersection('tuple_intersection_theta_integer');
export const tuple_difference_double = binary<Sketch>('tuple_difference_double');
export const tuple_difference_integer = binary<Sketch>('tuple_difference_integer');
export const tuple_difference_theta_double = binary<Sketch>('tuple_difference_theta_double');
export const tuple_difference_theta_integer = binary<Sketch>('tuple_difference_theta_integer');

// The most frequent values.

/** The `k` most frequent values with their estimated counts. @param maxItems how many values are tracked at most. */
export const approx_top_k = (column: ColumnOrName, k = 5, maxItems = 10_000): Column =>
  call('approx_top_k', column, k, maxItems);
export const approx_top_k_accumulate = (column: ColumnOrName, maxItems = 10_000): Column =>
  call('approx_top_k_accumulate', column, maxItems);
export const approx_top_k_combine = (sketch: ColumnOrName, maxItems?: number): Column =>
  call('approx_top_k_combine', sketch, ...present(maxItems));
export const approx_top_k_estimate = (sketch: ColumnOrName, k = 5): Column => call('approx_top_k_estimate', sketch, k);

// Bitmaps of numbers: exact distinct counts.

export const bitmap_bit_position = unary<bigint | null>('bitmap_bit_position');
export const bitmap_bucket_number = unary<bigint | null>('bitmap_bucket_number');
export const bitmap_construct_agg = unary<Sketch>('bitmap_construct_agg');
export const bitmap_count = unary<bigint | null>('bitmap_count');
export const bitmap_or_agg = unary<Sketch>('bitmap_or_agg');
export const bitmap_and_agg = unary<Sketch>('bitmap_and_agg');
