// Writes the bytes of a message from its end to its beginning: a message stands behind its length, which is known when it is written.
// Whatever belongs together is written in reverse: the value, then its length, then its tag.
const BYTES_FIRST = 512;

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(BYTES_FIRST);
  /** Where what was written begins. */
  #at = BYTES_FIRST;

  /** How many bytes are written; the difference to an earlier answer is the length of what came between. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** What was written, in the order of the wire. */
  finish(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** An unsigned number of up to 32 bits. */
  varint(value: number): void {
    let at = this.#take(value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5);
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[at++] = (rest & 0x7f) | 0x80;
    this.#bytes[at] = rest;
  }

  /** A number of 64 bits in two's complement. */
  varint64(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    const groups: number[] = [];
    for (; rest > 0x7fn; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
    groups.push(Number(rest));
    const at = this.#take(groups.length);
    this.#bytes.set(groups, at);
  }

  float(value: number): void {
    const at = this.#take(4);
    this.#bytes.writeFloatLE(value, at);
  }

  double(value: number): void {
    const at = this.#take(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** Text, without its length. */
  text(value: string): void {
    const at = this.#take(Buffer.byteLength(value));
    this.#bytes.write(value, at);
  }

  bytes(value: Uint8Array): void {
    const at = this.#take(value.length);
    this.#bytes.set(value, at);
  }

  /** Room for `count` more bytes, and where it begins. */
  #take(count: number): number {
    if (count > this.#at) {
      const written = this.finish();
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, written.length + count + BYTES_FIRST));
      this.#at = larger.length - written.length;
      larger.set(written, this.#at);
      this.#bytes = larger;
    }
    this.#at -= count;
    return this.#at;
  }
}
