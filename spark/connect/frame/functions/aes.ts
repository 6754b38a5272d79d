// Encryption: AES.
import type { Column } from '../column.js';
import { type Argument, type ColumnOrName, call, constant } from './call.js';

/** Absent options are Spark's: GCM, with an initialisation vector of chance. */
export interface AesOptions {
  readonly mode?: 'ECB' | 'CBC' | 'GCM' | undefined;
  readonly padding?: 'NONE' | 'PKCS' | 'DEFAULT' | undefined;
  /** Only for encryption. */
  readonly iv?: Column | Uint8Array | undefined;
  /** Authenticated with the text but not encrypted; GCM only. */
  readonly aad?: Column | string | undefined;
}

/**
 * The encrypted bytes.
 * @param key 16, 24 or 32 bytes.
 * @since 3.3.0
 * @example df.select(f.aes_encrypt('name', f.lit('0123456789abcdef'), { mode: 'CBC' }))
 */
export function aes_encrypt(input: ColumnOrName, key: Argument, options: AesOptions = {}): Column<Uint8Array | null> {
  const { mode = 'GCM', padding = 'DEFAULT', iv = '', aad = '' } = options;
  return call('aes_encrypt', input, key, constant(mode), constant(padding), constant(iv), constant(aad));
}

/**
 * What `aes_encrypt` encrypted. With another key, or for other bytes, the query fails.
 * @since 3.3.0
 * @example df.select(f.aes_decrypt('bytes', f.lit('0123456789abcdef')).cast('string'))
 */
export function aes_decrypt(
  input: ColumnOrName,
  key: Argument,
  options: Omit<AesOptions, 'iv'> = {},
): Column<Uint8Array | null> {
  const { mode = 'GCM', padding = 'DEFAULT', aad = '' } = options;
  return call('aes_decrypt', input, key, constant(mode), constant(padding), constant(aad));
}

/**
 * As `aes_decrypt`, null instead of an error.
 * @since 3.5.0
 * @example df.select(f.try_aes_decrypt('bytes', f.lit('0123456789abcdef')))
 */
export function try_aes_decrypt(
  input: ColumnOrName,
  key: Argument,
  options: Omit<AesOptions, 'iv'> = {},
): Column<Uint8Array | null> {
  const { mode = 'GCM', padding = 'DEFAULT', aad = '' } = options;
  return call('try_aes_decrypt', input, key, constant(mode), constant(padding), constant(aad));
}
