// Decimals between Arrow's little-endian two's complement words and our exact Decimal.
import { Decimal } from '../types/decimal.js';

/** Reads `width` 32-bit words (4 for Decimal128) from `at`; lowest first, the last with the sign. */
export function decimalFromWords(words: Uint32Array, at: number, width: number, scale: number): Decimal {
  let unscaled = 0n;
  for (let index = width - 1; index >= 0; index--) unscaled = (unscaled << 32n) | BigInt(words[at + index] ?? 0);
  return decimalFromUnscaled(BigInt.asIntN(width * 32, unscaled), scale);
}

/** Writes a 128-bit value as four words from `at`. */
export function wordsFromUnscaled(unscaled: bigint, words: Uint32Array, at: number): void {
  let rest = BigInt.asUintN(128, unscaled);
  for (let index = 0; index < 4; index++) {
    words[at + index] = Number(rest & 0xffff_ffffn);
    rest >>= 32n;
  }
}

/** `unscaled` times ten to the power of minus `scale`. */
export function decimalFromUnscaled(unscaled: bigint, scale: number): Decimal {
  return Decimal.fromUnscaled(unscaled, scale);
}

/** Reads a decimal as Java writes it. */
export function parseDecimal(text: string): Decimal {
  return Decimal.parse(text);
}

/** The value times ten to the power of `scale`, or undefined if that is not a whole number or `value` is not a decimal at all. */
export function unscaledOf(value: unknown, scale: number): bigint | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(
    value instanceof Decimal || typeof value === 'bigint' ? value.toString() : typeof value === 'string' ? value : '',
  );
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  if (/[1-9]/.test(fraction.slice(scale))) return undefined;
  const unscaled = BigInt(whole + kept);
  return sign === '-' ? -unscaled : unscaled;
}
