/** CRC-32C (Castagnoli, RFC 3720), four bytes a step: the checksum of Kafka's record batches. Node's zlib has the other CRC-32 only. */

/** Reflected. */
const POLYNOMIAL = 0x82f63b78;

/** `TABLES[k][b]`: what byte `b` does to the checksum with `k` bytes behind it. */
const TABLES: readonly Int32Array[] = makeTables();

/** Of `bytes` from `from` on, before `until`; unsigned. */
export function crc32c(bytes: Uint8Array, from: number, until: number): number {
  const [t0, t1, t2, t3] = TABLES as readonly [Int32Array, Int32Array, Int32Array, Int32Array];
  let crc = -1;
  let at = from;
  for (const end = until - 3; at < end; at += 4) {
    crc ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    crc =
      (t3[crc & 0xff] as number) ^
      (t2[(crc >>> 8) & 0xff] as number) ^
      (t1[(crc >>> 16) & 0xff] as number) ^
      (t0[crc >>> 24] as number);
  }
  for (; at < until; at++) crc = (t0[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

function makeTables(): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  const tables = [first];
  for (let behind = 1; behind < 4; behind++) {
    const before = tables[behind - 1] as Int32Array;
    tables.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] as number)));
  }
  return tables;
}
