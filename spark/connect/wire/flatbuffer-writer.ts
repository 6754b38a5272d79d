// Writes FlatBuffers (their form stands in flatbuffer-reader.ts) from the end to the beginning: what is pointed to first, then who points to it.
// A place is therefore told by its distance to the end, which stays as the buffer grows.
const BYTES_FIRST = 1024;
/** Of the largest number. */
const ALIGNMENT_MAX = 8;

/** A field of a table: a number of so many bytes, or a text, list or table by its place. */
export type FlatField =
  | { readonly bytes: 1 | 2 | 4 | 8; readonly value: number }
  | { readonly bytes: 4; readonly place: number };

export class FlatbufferWriter {
  #bytes = Buffer.alloc(BYTES_FIRST);
  /** How many bytes are written: the place of the last. */
  #length = 0;

  text(value: string): number {
    const bytes = Buffer.from(value);
    this.#align(4, bytes.length + 1);
    // Texts end with a zero, which their length does not count.
    this.#take(1);
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
    return this.#number(4, bytes.length);
  }

  /** A list of tables, or of texts. */
  list(places: readonly number[]): number {
    this.#align(4, places.length * 4);
    for (const place of places.toReversed()) this.#pointer(place);
    return this.#number(4, places.length);
  }

  /** A list of pairs of 64-bit numbers. */
  pairs(pairs: readonly (readonly [number, number])[]): number {
    this.#align(ALIGNMENT_MAX, pairs.length * 16);
    for (const [first, second] of pairs.toReversed()) {
      this.#number(8, second);
      this.#number(8, first);
    }
    return this.#number(4, pairs.length);
  }

  /** A table of fields in the order of their slots. */
  table(fields: readonly (FlatField | undefined)[]): number {
    const before = this.#length;
    const places = new Array<number>(fields.length).fill(0);
    // The widest first, so that there are no gaps between them; the order in the table is free.
    for (const bytes of [8, 4, 2, 1]) {
      for (const [slot, field] of fields.entries()) {
        if (field?.bytes !== bytes) continue;
        this.#align(bytes, 0);
        places[slot] = 'place' in field ? this.#pointer(field.place) : this.#number(field.bytes, field.value);
      }
    }
    this.#align(4, 0);
    const table = this.#number(4, 0);
    for (const place of places.toReversed()) this.#number(2, place === 0 ? 0 : table - place);
    this.#number(2, table - before);
    const vtable = this.#number(2, (fields.length + 2) * 2);
    this.#bytes.writeInt32LE(vtable - table, this.#bytes.length - table);
    return table;
  }

  /** The whole buffer, whose outermost table stands at `place`; its length is a multiple of eight. */
  finish(place: number): Uint8Array {
    this.#align(ALIGNMENT_MAX, 4);
    this.#pointer(place);
    return this.#bytes.subarray(this.#bytes.length - this.#length);
  }

  #pointer(place: number): number {
    return this.#number(4, this.#length + 4 - place);
  }

  #number(bytes: 1 | 2 | 4 | 8, value: number): number {
    const at = this.#take(bytes);
    if (bytes === 8) this.#bytes.writeBigInt64LE(BigInt(value), at);
    else this.#bytes.writeIntLE(value, at, bytes);
    return this.#length;
  }

  /** Zeros, so that after `following` more bytes a number of `bytes` bytes begins at a multiple of its size. */
  #align(bytes: number, following: number): void {
    this.#take(-(this.#length + following) & (bytes - 1));
  }

  /** Room for `count` more bytes, which are zero, and where it begins. */
  #take(count: number): number {
    if (this.#length + count > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + count));
      this.#bytes.copy(larger, larger.length - this.#length, this.#bytes.length - this.#length);
      this.#bytes = larger;
    }
    this.#length += count;
    return this.#bytes.length - this.#length;
  }
}
