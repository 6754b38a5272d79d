// Reads the bytes of a message. Every method throws where the bytes end too early; nothing is copied but text.

/** How a value lies on the wire: the lower three bits of its tag. Groups (3 and 4) are of an older protocol, which Spark does not speak. */
export const WireType = { varint: 0, eightBytes: 1, counted: 2, fourBytes: 5 } as const;

export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** The lower 32 bits of a number, unsigned. */
  varint(): number {
    let low = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low >>> 0;
    }
    throw malformed('a number has more than ten bytes');
  }

  /** A number of 64 bits, signed. */
  varint64(): bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      // The fifth byte has bits of both halves.
      if (shift < 32) low |= (byte & 0x7f) << shift;
      if (shift > 28) high |= (byte & 0x7f) << (shift - 32);
      else if (shift === 28) high |= (byte & 0x7f) >> 4;
      if (byte < 0x80) return (BigInt(high) << 32n) | BigInt(low >>> 0);
    }
    throw malformed('a number has more than ten bytes');
  }

  float(): number {
    return this.#bytes.readFloatLE(this.#take(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  /** Text behind its length. */
  text(): string {
    const length = this.varint();
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** Bytes behind their length: a view of what is read. */
  bytes(): Buffer {
    const length = this.varint();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A reader of what stands behind its length. */
  part(): ByteReader {
    const length = this.varint();
    const at = this.#take(length);
    return new ByteReader(this.#bytes, at, at + length);
  }

  /** Passes over a value that nobody knows. */
  skip(wireType: number): void {
    switch (wireType) {
      case WireType.varint:
        this.varint();
        break;
      case WireType.eightBytes:
        this.#take(8);
        break;
      case WireType.counted:
        this.#take(this.varint());
        break;
      case WireType.fourBytes:
        this.#take(4);
        break;
      default:
        throw malformed(`a value has the wire type ${wireType}`);
    }
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  /** Passes over `count` bytes; answers where they begin. */
  #take(count: number): number {
    const at = this.#at;
    if (count > this.#end - at) throw malformed('it ends in the middle of a value');
    this.#at = at + count;
    return at;
  }
}

function malformed(why: string): Error {
  return new Error(`These bytes are no message: ${why}.`);
}
