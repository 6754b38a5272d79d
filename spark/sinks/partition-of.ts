/** Which partition a record belongs to: by its key as Kafka's own producers decide, so that records of one key are in order whoever writes them. */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** Kafka's hash of keys (`Utils.murmur2`), signed. @internal exported for its test */
export function murmur2(key: Uint8Array): number {
  const { length } = key;
  let hash = SEED ^ length;
  let at = 0;
  for (const end = length & ~3; at < end; at += 4) {
    let k =
      (key[at] as number) |
      ((key[at + 1] as number) << 8) |
      ((key[at + 2] as number) << 16) |
      ((key[at + 3] as number) << 24);
    k = Math.imul(k, M);
    k = Math.imul(k ^ (k >>> 24), M);
    hash = Math.imul(hash, M) ^ k;
  }
  const left = length & 3;
  if (left > 2) hash ^= (key[at + 2] as number) << 16;
  if (left > 1) hash ^= (key[at + 1] as number) << 8;
  if (left > 0) hash = Math.imul(hash ^ (key[at] as number), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

/** @param turn for records without a key: the next number each time, so that they spread. */
export function partitionOf(key: Uint8Array | string | null, partitions: number, turn: number): number {
  if (key === null) return turn % partitions;
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}
