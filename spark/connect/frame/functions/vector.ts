// Arrays of FLOAT as vectors of a fixed dimension, such as embeddings.

import type { Column } from '../column.js';
import { binary, type ColumnOrName, call, constant, unary } from './call.js';

export const vector_cosine_similarity = binary<number | null>('vector_cosine_similarity');
export const vector_inner_product = binary<number | null>('vector_inner_product');
export const vector_l2_distance = binary<number | null>('vector_l2_distance');
/** @param degree 1, 2 or Infinity. */
export const vector_norm = (vector: ColumnOrName, degree = 2): Column<number | null> =>
  call('vector_norm', vector, constant(degree).cast('float'));
/** @param degree of the norm that is 1 afterwards: 1, 2 or Infinity. */
export const vector_normalize = (vector: ColumnOrName, degree = 2): Column<number[] | null> =>
  call('vector_normalize', vector, constant(degree).cast('float'));
/** An aggregate. */
export const vector_avg = unary<number[] | null>('vector_avg');
/** An aggregate. */
export const vector_sum = unary<number[] | null>('vector_sum');
