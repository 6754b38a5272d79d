// Hashes, checksums, encryption, and sketches: small summaries of large sets.
import type { Any } from '../../types/any.js';
import type { Column } from '../column.js';
import { type Argument, binary, type ColumnOrName, call, constant, present, unary, variadic } from './call.js';

/** 32 bits, Murmur3; as Spark partitions. */
export const hash = variadic<number>('hash');
/** 64 bits. */
export const xxhash64 = variadic<bigint>('xxhash64');
export const crc32 = unary<bigint | null>('crc32');
/** Hexadecimal. */
export const md5 = unary<string | null>('md5');
export const sha1 = unary<string | null>('sha1');
export const sha = sha1;
/** @param bits 224, 256, 384 or 512. */
export const sha2 = (bytes: ColumnOrName, bits: 224 | 256 | 384 | 512): Column<string | null> =>
  call('sha2', bytes, bits);

/** AES. Absent options are Spark's: GCM, with an initialisation vector of chance. */
export interface AesOptions {
  readonly mode?: 'ECB' | 'CBC' | 'GCM' | undefined;
  readonly padding?: 'NONE' | 'PKCS' | 'DEFAULT' | undefined;
  /** Only for encryption. */
  readonly iv?: Column | Uint8Array | undefined;
  /** Authenticated with the text but not encrypted; GCM only. */
  readonly aad?: Column | string | undefined;
}

/** @param key 16, 24 or 32 bytes. */
export function aes_encrypt(input: ColumnOrName, key: Argument, options: AesOptions = {}): Column<Uint8Array | null> {
  const { mode = 'GCM', padding = 'DEFAULT', iv = '', aad = '' } = options;
  return call('aes_encrypt', input, key, constant(mode), constant(padding), constant(iv), constant(aad));
}

export function aes_decrypt(
  input: ColumnOrName,
  key: Argument,
  options: Omit<AesOptions, 'iv'> = {},
): Column<Uint8Array | null> {
  const { mode = 'GCM', padding = 'DEFAULT', aad = '' } = options;
  return call('aes_decrypt', input, key, constant(mode), constant(padding), constant(aad));
}

/** Null instead of an error. */
export function try_aes_decrypt(
  input: ColumnOrName,
  key: Argument,
  options: Omit<AesOptions, 'iv'> = {},
): Column<Uint8Array | null> {
  const { mode = 'GCM', padding = 'DEFAULT', aad = '' } = options;
  return call('try_aes_decrypt', input, key, constant(mode), constant(padding), constant(aad));
}

type Sketch = Uint8Array | null;

export const count_min_sketch = (column: ColumnOrName, eps: number, confidence: number, seed: number): Column<Sketch> =>
  call('count_min_sketch', column, constant(eps), constant(confidence), seed);

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

// Bitmaps of numbers: exact distinct counts.

export const bitmap_bit_position = unary<bigint | null>('bitmap_bit_position');
export const bitmap_bucket_number = unary<bigint | null>('bitmap_bucket_number');
export const bitmap_construct_agg = unary<Sketch>('bitmap_construct_agg');
export const bitmap_count = unary<bigint | null>('bitmap_count');
export const bitmap_or_agg = unary<Sketch>('bitmap_or_agg');
export const bitmap_and_agg = unary<Sketch>('bitmap_and_agg');
