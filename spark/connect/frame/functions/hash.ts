// Hashes, checksums and encryption.
import type { Column } from '../column.js';
import { type Argument, type ColumnOrName, call, constant, unary, variadic } from './call.js';

/** 32 bits, Murmur3; as Spark partitions. */
export const hash = variadic<number>('hash');
/** 64 bits. */
export const xxhash64 = variadic<bigint>('xxhash64');
export const crc32 = unary<bigint | null>('crc32');
/** Hexadecimal. */
export const md5 = unary<string | null>('md5');
export const sha1 = unary<string | null>('sha1');
/** Same as `sha1`. */
export const sha = unary<string | null>('sha');
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
