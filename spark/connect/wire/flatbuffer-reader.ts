// Reads FlatBuffers, in which Arrow describes its messages. A table is found by an offset; how far before it its list of fields lies stands at its
// beginning:
//   vtable = bytes of itself, bytes of the table, { offset of a field in the table, 0 if it is absent }     table = distance to the vtable, { field }
// Texts, lists and tables are not in their field, but as far behind it as it says.

export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** The outermost table of a whole buffer. */
  static root(view: DataView): FlatTable {
    return new FlatTable(view, view.getUint32(0, true));
  }

  has(slot: number): boolean {
    return this.#field(slot) !== 0;
  }

  byte(slot: number, absent = 0): number {
    const at = this.#field(slot);
    return at === 0 ? absent : this.#view.getUint8(at);
  }

  short(slot: number, absent = 0): number {
    const at = this.#field(slot);
    return at === 0 ? absent : this.#view.getInt16(at, true);
  }

  int(slot: number, absent = 0): number {
    const at = this.#field(slot);
    return at === 0 ? absent : this.#view.getInt32(at, true);
  }

  /** A number of 64 bits; lengths and counts, which all fit a number. */
  long(slot: number): number {
    const at = this.#field(slot);
    return at === 0 ? 0 : Number(this.#view.getBigInt64(at, true));
  }

  text(slot: number): string {
    const at = this.#target(slot);
    if (at === 0) return '';
    const { buffer, byteOffset } = this.#view;
    return Buffer.from(buffer, byteOffset + at + 4, this.#view.getUint32(at, true)).toString('utf8');
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#target(slot);
    return at === 0 ? undefined : new FlatTable(this.#view, at);
  }

  tables(slot: number): FlatTable[] {
    const [at, length] = this.#list(slot);
    return Array.from({ length }, (_, index) => {
      const item = at + index * 4;
      return new FlatTable(this.#view, item + this.#view.getUint32(item, true));
    });
  }

  /** A list of pairs of 64-bit numbers. */
  pairs(slot: number): (readonly [number, number])[] {
    const [at, length] = this.#list(slot);
    const long = (index: number): number => Number(this.#view.getBigInt64(at + index * 8, true));
    return Array.from({ length }, (_, index) => [long(index * 2), long(index * 2 + 1)]);
  }

  #list(slot: number): [at: number, length: number] {
    const at = this.#target(slot);
    return at === 0 ? [0, 0] : [at + 4, this.#view.getUint32(at, true)];
  }

  /** Where the field's value begins; 0 if it is absent. */
  #field(slot: number): number {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + slot * 2;
    if (entry >= this.#view.getUint16(vtable, true)) return 0;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  #target(slot: number): number {
    const at = this.#field(slot);
    return at === 0 ? 0 : at + this.#view.getUint32(at, true);
  }
}
