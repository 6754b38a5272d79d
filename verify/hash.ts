/**
 * Fingerprints of rows, so that ten million events are compared without holding them. 53 bits (cyrb53: two multiplicative 32-bit lanes), which
 * a number holds exactly: two different rows look equal once in 9 * 10^15. Against mistakes, not against someone who computes collisions.
 */

/** Separates the columns of a row; no valid string holds it. */
export const SEPARATOR = '\u0000';

export function hash53(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}

/** Bytes as text, one character each, with a mark that tells none from empty. For hashing only. */
export function bytesText(bytes: Buffer | null): string {
  return bytes === null ? 'n' : `b${bytes.toString('latin1')}`;
}
