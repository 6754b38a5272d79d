// From columns to the bytes of an Arrow IPC stream: a schema, one record batch and the end. The form stands in read-arrow-stream.ts.
import { TypeId } from './column.js';
import { FlatbufferWriter, type FlatField } from './flatbuffer-writer.js';
import { Header } from './read-arrow-stream.js';

/** An Arrow type as Schema.fbs describes it: the number in the union, and the fields of its table. */
export interface WrittenType {
  readonly typeId: number;
  readonly fields: readonly FlatField[];
  readonly timeZone?: string;
  readonly children: readonly WrittenField[];
}

export interface WrittenField {
  readonly name: string;
  readonly type: WrittenType;
  readonly nullable: boolean;
}

export interface WrittenColumn {
  readonly type: WrittenType;
  readonly length: number;
  readonly nullCount: number;
  /** In the order that Arrow wants: validity (nothing if there are no nulls), offsets, values. */
  readonly buffers: readonly ArrayBufferView[];
  readonly children: readonly WrittenColumn[];
}

const byte = (value: number): FlatField => ({ bytes: 1, value });
const short = (value: number): FlatField => ({ bytes: 2, value });
const int = (value: number): FlatField => ({ bytes: 4, value });
const pointer = (place: number): FlatField => ({ bytes: 4, place });

function type(typeId: number, ...fields: readonly FlatField[]): WrittenType {
  return { typeId, fields, children: [] };
}

const MICROSECOND = short(2);
const NANOSECOND = short(3);

/** The types of local rows. */
export const Written = {
  null: type(TypeId.null),
  bool: type(TypeId.bool),
  int8: type(TypeId.int, int(8), byte(1)),
  int16: type(TypeId.int, int(16), byte(1)),
  int32: type(TypeId.int, int(32), byte(1)),
  int64: type(TypeId.int, int(64), byte(1)),
  float32: type(TypeId.float, short(1)),
  float64: type(TypeId.float, short(2)),
  utf8: type(TypeId.utf8),
  binary: type(TypeId.binary),
  days: type(TypeId.date, short(0)),
  months: type(TypeId.interval, short(0)),
  microseconds: type(TypeId.duration, MICROSECOND),
  nanosOfDay: type(TypeId.time, NANOSECOND, int(64)),
  /** By the clock of no time zone. */
  wallClock: type(TypeId.timestamp, MICROSECOND),
  instant: { ...type(TypeId.timestamp, MICROSECOND), timeZone: 'UTC' },
  decimal: (precision: number, scale: number) => type(TypeId.decimal, int(precision), int(scale), int(128)),
  list: (element: WrittenField): WrittenType => ({ ...type(TypeId.list), children: [element] }),
  struct: (fields: readonly WrittenField[]): WrittenType => ({ ...type(TypeId.struct), children: fields }),
  map: (entries: WrittenField): WrittenType => ({ ...type(TypeId.map, byte(0)), children: [entries] }),
} as const;

/** Of the enum `MetadataVersion` in Message.fbs. */
const VERSION_5 = 4;

/** Every buffer begins at a multiple of so many bytes. */
const ALIGNMENT = 8;
const CONTINUATION = [0xff, 0xff, 0xff, 0xff];
/** What a stream ends with. */
export const STREAM_END: Uint8Array = Buffer.from([...CONTINUATION, 0, 0, 0, 0]);

/** The stream of one batch of `length` rows. */
export function writeArrowStream(
  fields: readonly WrittenField[],
  columns: readonly WrittenColumn[],
  length: number,
): Uint8Array {
  return Buffer.concat([writeSchema(fields), writeBatch(columns, length), STREAM_END]);
}

/** What a stream begins with. */
export function writeSchema(fields: readonly WrittenField[]): Uint8Array {
  const schema = new FlatbufferWriter();
  const fieldList = schema.list(fields.map((field) => writeField(schema, field)));
  const schemaTable = schema.table([undefined, pointer(fieldList)]);
  return Buffer.concat(message(schema, Header.schema, schemaTable, 0));
}

/** A batch of `length` rows, for a stream with a schema of these columns. */
export function writeBatch(columns: readonly WrittenColumn[], length: number): Uint8Array {
  const nodes: [length: number, nullCount: number][] = [];
  const buffers: [offset: number, length: number][] = [];
  const body: Uint8Array[] = [];
  let bodyBytes = 0;
  const add = (column: WrittenColumn): void => {
    nodes.push([column.length, column.nullCount]);
    for (const { buffer, byteOffset, byteLength } of column.buffers) {
      const padding = -byteLength & (ALIGNMENT - 1);
      buffers.push([bodyBytes, byteLength]);
      body.push(new Uint8Array(buffer, byteOffset, byteLength), new Uint8Array(padding));
      bodyBytes += byteLength + padding;
    }
    for (const child of column.children) add(child);
  };
  for (const column of columns) add(column);

  const batch = new FlatbufferWriter();
  const bufferList = batch.pairs(buffers);
  const nodeList = batch.pairs(nodes);
  const batchTable = batch.table([{ bytes: 8, value: length }, pointer(nodeList), pointer(bufferList)]);
  return Buffer.concat([...message(batch, Header.recordBatch, batchTable, bodyBytes), ...body]);
}

/** All of a message but its body. */
function message(writer: FlatbufferWriter, header: number, place: number, bodyBytes: number): readonly Uint8Array[] {
  const table = writer.table([short(VERSION_5), byte(header), pointer(place), { bytes: 8, value: bodyBytes }]);
  const metadata = writer.finish(table);
  const prefix = Buffer.from([...CONTINUATION, 0, 0, 0, 0]);
  prefix.writeInt32LE(metadata.length, CONTINUATION.length);
  return [prefix, metadata];
}

function writeField(
  writer: FlatbufferWriter,
  { name, type: { typeId, fields, timeZone, children }, nullable }: WrittenField,
): number {
  const childList = writer.list(children.map((child) => writeField(writer, child)));
  const zone: FlatField[] = timeZone === undefined ? [] : [pointer(writer.text(timeZone))];
  const typeTable = writer.table([...fields, ...zone]);
  const nameText = writer.text(name);
  return writer.table([
    pointer(nameText),
    byte(nullable ? 1 : 0),
    byte(typeId),
    pointer(typeTable),
    undefined,
    pointer(childList),
  ]);
}
