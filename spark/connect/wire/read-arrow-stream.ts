// From the bytes of an Arrow IPC stream to columns, without apache-arrow: loading it takes longer than Spark takes for a small query. What Spark sends
// is taken, and everything else left to apache-arrow: compressed batches, dictionaries, types that Spark does not use.
//   stream  = { message } [end]     message = FF FF FF FF, bytes of the metadata, metadata (a FlatBuffer), body
//   schema  = a tree of fields      batch   = per field, depth first: a node (rows, nulls) and its buffers (offset and length in the body)
import { type Column, type ColumnBatch, type ColumnField, type ColumnType, TypeId } from './column.js';
import { FlatTable } from './flatbuffer-reader.js';

/** What every message begins with. */
export const CONTINUATION = 0xffff_ffff;

/** Of the union `MessageHeader` in Message.fbs. */
export const Header = { schema: 1, recordBatch: 3 } as const;

/** A type with what its buffers need. */
interface ReadType extends ColumnType {
  readonly unit?: number;
  readonly scale?: number;
  readonly layout: Layout;
}

/** Which buffers a column has behind its validity bits. */
type Layout =
  | { readonly kind: 'none' | 'children' }
  | { readonly kind: 'fixed'; readonly array: NumberArray; readonly stride: number }
  | { readonly kind: 'variable'; readonly offsets: NumberArray }
  | { readonly kind: 'list'; readonly offsets: NumberArray };

interface NumberArray {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): unknown;
}

interface ReadField extends ColumnField {
  readonly type: ReadType;
}

/**
 * The batches of a whole stream; of a schema alone one without rows, as apache-arrow has it. Their buffers are views of `bytes` where numbers lie at
 * multiples of their size, else copies.
 * @returns undefined if there is something in it that only apache-arrow reads.
 */
export function readArrowStream(bytes: Uint8Array): readonly ColumnBatch[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const batches: ColumnBatch[] = [];
  let fields: readonly ReadField[] | undefined;
  for (let at = 0; at + 8 <= bytes.length; ) {
    if (view.getUint32(at, true) !== CONTINUATION) return undefined;
    const metadataBytes = view.getInt32(at + 4, true);
    if (metadataBytes === 0) break;
    const metadata = new DataView(bytes.buffer, bytes.byteOffset + at + 8, metadataBytes);
    const message = FlatTable.root(metadata);
    const header = message.table(2);
    const bodyAt = at + 8 + metadataBytes;
    const bodyBytes = message.long(3);
    if (header === undefined) return undefined;
    switch (message.byte(1)) {
      case Header.schema:
        fields = readFields(header.tables(1));
        if (fields === undefined) return undefined;
        break;
      case Header.recordBatch: {
        // Compressed buffers have a description of how.
        if (fields === undefined || header.has(3)) return undefined;
        batches.push(readBatch(header, fields, bytes.subarray(bodyAt, bodyAt + bodyBytes)));
        break;
      }
      default:
        return undefined;
    }
    at = bodyAt + bodyBytes;
  }
  if (fields === undefined) return undefined;
  return batches.length > 0 ? batches : [{ numRows: 0, schema: { fields }, data: { children: [] } }];
}

function readFields(tables: readonly FlatTable[]): readonly ReadField[] | undefined {
  const fields: ReadField[] = [];
  for (const table of tables) {
    const hasDictionary = table.has(4);
    const children = readFields(table.tables(5));
    const type =
      hasDictionary || children === undefined ? undefined : readType(table.byte(2), table.table(3), children);
    if (type === undefined) return undefined;
    const metadata = new Map(table.tables(6).map((pair) => [pair.text(0), pair.text(1)]));
    fields.push({ name: table.text(0), type, metadata });
  }
  return fields;
}

const EMPTY_STRIDE = 1;

function fixed(array: NumberArray, stride = EMPTY_STRIDE): Layout {
  return { kind: 'fixed', array, stride };
}

/** Numbers of the slots and what holds without them are those of Schema.fbs. */
function readType(typeId: number, table: FlatTable | undefined, children: readonly ReadField[]): ReadType | undefined {
  if (table === undefined) return undefined;
  const of = (layout: Layout | undefined, more: { unit?: number; scale?: number } = {}): ReadType | undefined =>
    layout === undefined ? undefined : { typeId, children, layout, ...more };
  switch (typeId) {
    case TypeId.null:
      return of({ kind: 'none' });
    case TypeId.int:
      return table.byte(1) === 0 ? undefined : of(fixedOf(INTS[table.int(0)]));
    case TypeId.float:
      return of(fixedOf(FLOATS[table.short(0)]));
    case TypeId.bool:
      return of(fixed(Uint8Array));
    case TypeId.decimal:
      return of(fixed(Uint32Array, table.int(2, 128) / 32), { scale: table.int(1) });
    case TypeId.date:
      return table.short(0, 1) === 0 ? of(fixed(Int32Array)) : undefined;
    case TypeId.time:
      return table.int(1, 32) === 64 ? of(fixed(BigInt64Array), { unit: table.short(0, 1) }) : undefined;
    case TypeId.timestamp:
      return of(fixed(BigInt64Array), { unit: table.short(0) });
    case TypeId.duration:
      return of(fixed(BigInt64Array), { unit: table.short(0, 1) });
    case TypeId.interval: {
      // Months; months, days and nanoseconds. Days and milliseconds are no type of Spark's.
      const stride = [1, undefined, 4][table.short(0)];
      return stride === undefined ? undefined : of(fixed(Int32Array, stride));
    }
    case TypeId.fixedSizeBinary:
      return of(fixed(Uint8Array, table.int(0)));
    case TypeId.utf8:
    case TypeId.binary:
      return of({ kind: 'variable', offsets: Int32Array });
    case TypeId.largeUtf8:
    case TypeId.largeBinary:
      return of({ kind: 'variable', offsets: BigInt64Array });
    case TypeId.list:
    case TypeId.map:
      return of({ kind: 'list', offsets: Int32Array });
    case TypeId.largeList:
      return of({ kind: 'list', offsets: BigInt64Array });
    case TypeId.struct:
      return of({ kind: 'children' });
    default:
      return undefined;
  }
}

/** Signed ones, by their bits. */
const INTS: { readonly [bits: number]: NumberArray } = {
  8: Int8Array,
  16: Int16Array,
  32: Int32Array,
  64: BigInt64Array,
};

/** By their precision; 0 is half. */
const FLOATS: { readonly [precision: number]: NumberArray } = { 1: Float32Array, 2: Float64Array };

function fixedOf(array: NumberArray | undefined): Layout | undefined {
  return array === undefined ? undefined : fixed(array);
}

function readBatch(header: FlatTable, fields: readonly ReadField[], body: Uint8Array): ColumnBatch {
  const nodes = header.pairs(1).values();
  const buffers = header.pairs(2).values();
  const next = <T>(items: IterableIterator<T>): T => {
    const { done, value } = items.next();
    if (done) throw new Error('An Arrow batch has fewer buffers than its schema wants.');
    return value;
  };
  const buffer = (array: NumberArray): unknown => numbers(body, next(buffers), array);

  const column = ({ type }: ReadField): Column => {
    const { layout } = type;
    const [, nullCount] = next(nodes);
    const base = { type, offset: 0, nullCount, stride: EMPTY_STRIDE, children: [] };
    if (layout.kind === 'none') return base;
    const nullBitmap = buffer(Uint8Array) as Uint8Array;
    switch (layout.kind) {
      case 'fixed':
        return { ...base, nullBitmap, values: buffer(layout.array), stride: layout.stride };
      case 'variable':
        return { ...base, nullBitmap, valueOffsets: buffer(layout.offsets), values: buffer(Uint8Array) };
      case 'list':
        return { ...base, nullBitmap, valueOffsets: buffer(layout.offsets), children: type.children.map(childColumn) };
      case 'children':
        return { ...base, nullBitmap, children: type.children.map(childColumn) };
    }
  };
  // A type that was read has only children that were read.
  const childColumn = (field: ColumnField): Column => column(field as ReadField);

  const children = fields.map(column);
  return { numRows: header.long(0), schema: { fields }, data: { children } };
}

function numbers(body: Uint8Array, [offset, length]: readonly [number, number], array: NumberArray): unknown {
  if (offset + length > body.length) throw new Error('A buffer of an Arrow batch ends behind it.');
  const size = array.BYTES_PER_ELEMENT;
  const at = body.byteOffset + offset;
  if (at % size === 0) return new array(body.buffer, at, Math.floor(length / size));
  // gRPC's bytes begin anywhere.
  const copy = new Uint8Array(body.subarray(offset, offset + length));
  return new array(copy.buffer, 0, Math.floor(length / size));
}
