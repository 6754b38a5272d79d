// Hashes and checksums.
// Generated from tools/functions/table/hash.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call } from '../call.js';

/**
 * Returns a hash value of the arguments. 32 bits, Murmur3; as Spark partitions.
 * @since 2.0.0
 * @example df.select(f.hash('name', 'count'))
 */
export function hash(...values: readonly Argument[]): Column<number> {
  return call('hash', ...values);
}

/**
 * Returns a 64-bit hash value of the arguments.
 * @since 3.0.0
 * @example df.select(f.xxhash64('name', 'count'))
 */
export function xxhash64(...values: readonly Argument[]): Column<bigint> {
  return call('xxhash64', ...values);
}

/**
 * Returns a cyclic redundancy check value of the `bytes` as a bigint.
 * @since 1.5.0
 * @example df.select(f.crc32('bytes'))
 */
export function crc32(bytes: ColumnOrName): Column<bigint | null> {
  return call('crc32', bytes);
}

/**
 * Returns an MD5 128-bit checksum as a hex string of `bytes`.
 * @since 1.5.0
 * @example df.select(f.md5('bytes'))
 */
export function md5(bytes: ColumnOrName): Column<string | null> {
  return call('md5', bytes);
}

/**
 * Returns a sha1 hash value as a hex string of the `bytes`.
 * @since 1.5.0
 * @example df.select(f.sha1('bytes'))
 */
export function sha1(bytes: ColumnOrName): Column<string | null> {
  return call('sha1', bytes);
}

/**
 * Returns a sha1 hash value as a hex string of the `bytes`. Same as `sha1`.
 * @since 1.5.0
 * @example df.select(f.sha('bytes'))
 */
export function sha(bytes: ColumnOrName): Column<string | null> {
  return call('sha', bytes);
}

/**
 * Returns a checksum of SHA-2 family as a hex string of `bytes`.
 * @param bits 224, 256, 384 or 512.
 * @since 1.5.0
 * @example df.select(f.sha2('bytes', 256))
 */
export function sha2(bytes: ColumnOrName, bits: 224 | 256 | 384 | 512): Column<string | null> {
  return call('sha2', bytes, bits);
}
