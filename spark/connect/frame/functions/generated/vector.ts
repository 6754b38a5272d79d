// Arrays of FLOAT as vectors of a fixed dimension, such as embeddings.
// Generated from tools/functions/table/vector.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant } from '../call.js';

/**
 * Returns the cosine similarity between two float vectors.
 * @since 4.2.0
 * @example df.select(f.vector_cosine_similarity('embedding', 'other_embedding'))
 */
export function vector_cosine_similarity(vector1: Argument, vector2: Argument): Column<number | null> {
  return call('vector_cosine_similarity', vector1, vector2);
}

/**
 * Returns the inner product (dot product) between two float vectors.
 * @since 4.2.0
 * @example df.select(f.vector_inner_product('embedding', 'other_embedding'))
 */
export function vector_inner_product(vector1: Argument, vector2: Argument): Column<number | null> {
  return call('vector_inner_product', vector1, vector2);
}

/**
 * Returns the Euclidean (L2) distance between two float vectors.
 * @since 4.2.0
 * @example df.select(f.vector_l2_distance('embedding', 'other_embedding'))
 */
export function vector_l2_distance(vector1: Argument, vector2: Argument): Column<number | null> {
  return call('vector_l2_distance', vector1, vector2);
}

/**
 * Returns the element-wise mean of float vectors in a group.
 * @since 4.2.0
 * @example df.agg(f.vector_avg('embedding'))
 */
export function vector_avg(vector: ColumnOrName): Column<number[] | null> {
  return call('vector_avg', vector);
}

/**
 * Returns the element-wise sum of float vectors in a group.
 * @since 4.2.0
 * @example df.agg(f.vector_sum('embedding'))
 */
export function vector_sum(vector: ColumnOrName): Column<number[] | null> {
  return call('vector_sum', vector);
}

/**
 * Returns the Lp norm of a float vector using the specified degree.
 * @param degree 1, 2 or Infinity.
 * @since 4.2.0
 * @example df.select(f.vector_norm('embedding'))
 */
export function vector_norm(vector: ColumnOrName, degree = 2): Column<number | null> {
  return call('vector_norm', vector, constant(degree).cast('float'));
}

/**
 * Normalizes a float vector to unit length using the specified norm degree.
 * @param degree of the norm that is 1 afterwards: 1, 2 or Infinity.
 * @since 4.2.0
 * @example df.select(f.vector_normalize('embedding'))
 */
export function vector_normalize(vector: ColumnOrName, degree = 2): Column<number[] | null> {
  return call('vector_normalize', vector, constant(degree).cast('float'));
}
