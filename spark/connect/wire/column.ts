// A batch of Arrow data as its readers need it: columns as views of the bytes that came. apache-arrow's RecordBatch is one as well, so that what it
// has read can be given to the same readers.

/** Numbers of the types, as in the union `Type` of Arrow's Schema.fbs. Those that Spark uses. */
export const TypeId = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  fixedSizeBinary: 15,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
} as const;

export interface ColumnType {
  readonly typeId: number;
  /** The fields of a struct; the one of a list's elements or of a map's entries. */
  readonly children: readonly ColumnField[];
}

export interface ColumnField {
  readonly name: string;
  readonly type: ColumnType;
  readonly metadata: ReadonlyMap<string, string>;
}

/** The values of a column, or what a nested column is made of. */
export interface Column {
  readonly type: ColumnType;
  /** Where its rows begin in the validity bits, and in the bits of booleans; the other buffers begin with the first row. */
  readonly offset: number;
  readonly nullCount: number;
  readonly nullBitmap?: Uint8Array | null | undefined;
  /** A typed array of what the type says; absent for nested types. */
  readonly values?: unknown;
  /** Where each value of variable length begins, and where the last one ends: 32-bit numbers, or 64-bit ones of the large types. */
  readonly valueOffsets?: unknown;
  /** How many members of `values` one value takes. */
  readonly stride: number;
  readonly children: readonly Column[];
}

/** Columns of the same number of rows. */
export interface ColumnBatch {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly ColumnField[] };
  readonly data: { readonly children: readonly Column[] };
}
