// Writes and reads messages after their description. A message's description is looked at when the message is first met: of the hundreds that
// Spark knows, a program uses some dozens, and a short one should not wait for the rest.
//   message = { tag value }     tag = number of the field · 8 + wire type     a message, a text, bytes, a packed list stand behind their length
import { ByteReader, WireType } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';

type ScalarKind = 'bool' | 'int32' | 'uint32' | 'int64' | 'float' | 'double' | 'string' | 'bytes';

type FieldDescriptor = readonly [
  name: string,
  id: number,
  /** A map's keys are names. */
  shape: 'one' | 'list' | 'map',
  kind: ScalarKind | 'enum' | 'message',
  /** The full name of the enum or message. */
  of: string,
  /** The oneof that it is a member of; a field that is marked as optional has one by itself. */
  oneof: string,
];

/** As `emit-descriptor.mjs` writes it. */
export interface Descriptor {
  readonly messages: { readonly [name: string]: readonly FieldDescriptor[] };
  readonly enums: { readonly [name: string]: { readonly [value: string]: number } };
  readonly services: {
    readonly [name: string]: readonly (readonly [
      name: string,
      request: string,
      response: string,
      requestStream: boolean,
      responseStream: boolean,
    ])[];
  };
}

/** A message as JavaScript has it; `messages.ts` has the types of each. */
type Message = Record<string, unknown>;

/** One value of a field, its tag not included. `write` puts it before what is written already. */
interface ValueCodec {
  readonly wireType: number;
  readonly write: (writer: ByteWriter, value: never) => void;
  readonly read: (reader: ByteReader) => unknown;
  /** What a field has that was not sent. */
  readonly absent: unknown;
}

interface Field {
  readonly name: string;
  readonly tag: number;
  readonly shape: 'one' | 'list' | 'map';
  readonly oneof: string;
  readonly value: ValueCodec;
}

interface MessageType {
  /** From the highest number down, as they are written. */
  readonly descending: readonly Field[];
  readonly byId: ReadonlyMap<number, Field>;
  /** Those that are there even if they were not sent. */
  readonly always: readonly Field[];
}

/** All messages of a descriptor. */
export class MessageCodecs {
  readonly #descriptor: Descriptor;
  readonly #types = new Map<string, MessageType>();

  constructor(descriptor: Descriptor) {
    this.#descriptor = descriptor;
  }

  /** The bytes of a message. @throws Error if it does not have the message's shape. */
  encode(name: string, message: object): Buffer {
    const writer = new ByteWriter();
    this.#write(this.#type(name), writer, message as Message);
    return writer.finish();
  }

  /** The message of bytes. What is of type `bytes` in it is a view of them. @throws Error if the bytes are no message. */
  decode(name: string, bytes: Uint8Array): object {
    const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#read(this.#type(name), new ByteReader(view));
  }

  #write(type: MessageType, writer: ByteWriter, message: Message): void {
    for (const field of type.descending) {
      const value = message[field.name];
      if (value === undefined || value === null) continue;
      if (field.shape === 'one') writeTagged(writer, field, value);
      else if (field.shape === 'map') writeMap(writer, field, value as Message);
      else writeList(writer, field, value as readonly unknown[]);
    }
  }

  #read(type: MessageType, reader: ByteReader): Message {
    const message: Message = {};
    for (const { name, shape, value } of type.always)
      message[name] = shape === 'one' ? value.absent : shape === 'list' ? [] : {};
    while (!reader.isAtEnd) {
      const tag = reader.varint();
      const field = type.byId.get(tag >>> 3);
      if (field === undefined) reader.skip(tag & 7);
      else readField(reader, field, tag & 7, message);
    }
    return message;
  }

  #type(name: string): MessageType {
    let type = this.#types.get(name);
    if (type === undefined) {
      type = this.#makeType(name);
      this.#types.set(name, type);
    }
    return type;
  }

  #makeType(name: string): MessageType {
    const described = this.#descriptor.messages[name];
    if (described === undefined) throw new Error(`The protocol has no message ${name}.`);
    const byId = new Map<number, Field>();
    const always: Field[] = [];
    for (const [fieldName, id, shape, kind, of, oneof] of described) {
      const value = kind === 'message' ? this.#messageCodec(of) : kind === 'enum' ? this.#enumCodec(of) : SCALARS[kind];
      const isCounted = shape === 'map' || (shape === 'list' && isPacked(value));
      const tag = id * 8 + (isCounted ? WireType.counted : value.wireType);
      const field: Field = { name: fieldName, tag, shape, oneof, value };
      byId.set(id, field);
      if (oneof === '') always.push(field);
    }
    return { descending: [...byId.values()].sort((a, b) => b.tag - a.tag), byId, always };
  }

  #messageCodec(name: string): ValueCodec {
    let type: MessageType | undefined;
    return {
      wireType: WireType.counted,
      write: (writer, value: Message) => {
        type ??= this.#type(name);
        const before = writer.length;
        this.#write(type, writer, value);
        writer.varint(writer.length - before);
      },
      read: (reader) => {
        type ??= this.#type(name);
        return this.#read(type, reader.part());
      },
      absent: null,
    };
  }

  /** By name; a number that has none (a newer server's) stays one. */
  #enumCodec(name: string): ValueCodec {
    const numbers = this.#descriptor.enums[name] ?? {};
    const names = new Map(Object.entries(numbers).map(([value, number]) => [number, value]));
    return {
      wireType: WireType.varint,
      write: (writer, value: string | number) => {
        const number = typeof value === 'number' ? value : numbers[value];
        if (number === undefined) throw new Error(`${name} has no value ${value}.`);
        writeInt32(writer, number);
      },
      read: (reader) => {
        const number = reader.varint() | 0;
        return names.get(number) ?? number;
      },
      absent: names.get(0) ?? 0,
    };
  }
}

const SCALARS: { readonly [kind in ScalarKind]: ValueCodec } = {
  bool: {
    wireType: WireType.varint,
    write: (writer, value: boolean) => writer.varint(value ? 1 : 0),
    read: (reader) => reader.varint64() !== 0n,
    absent: false,
  },
  int32: { wireType: WireType.varint, write: writeInt32, read: (reader) => reader.varint() | 0, absent: 0 },
  uint32: {
    wireType: WireType.varint,
    write: (writer, value: number) => writer.varint(value >>> 0),
    read: (reader) => reader.varint(),
    absent: 0,
  },
  // As text: a number would lose digits above 2^53.
  int64: {
    wireType: WireType.varint,
    write: (writer, value: string | number) => writer.varint64(BigInt(value)),
    read: (reader) => String(reader.varint64()),
    absent: '0',
  },
  float: {
    wireType: WireType.fourBytes,
    write: (writer, value: number) => writer.float(value),
    read: (reader) => reader.float(),
    absent: 0,
  },
  double: {
    wireType: WireType.eightBytes,
    write: (writer, value: number) => writer.double(value),
    read: (reader) => reader.double(),
    absent: 0,
  },
  string: { wireType: WireType.counted, write: writeText, read: (reader) => reader.text(), absent: '' },
  bytes: {
    wireType: WireType.counted,
    write: (writer, value: Uint8Array) => {
      writer.bytes(value);
      writer.varint(value.length);
    },
    read: (reader) => reader.bytes(),
    absent: Buffer.alloc(0),
  },
};

/** A negative number is written with all of its 64 bits. */
function writeInt32(writer: ByteWriter, value: number): void {
  const whole = value | 0;
  if (whole < 0) writer.varint64(BigInt(whole));
  else writer.varint(whole);
}

function writeText(writer: ByteWriter, value: string): void {
  const before = writer.length;
  writer.text(value);
  writer.varint(writer.length - before);
}

function writeTagged(writer: ByteWriter, { tag, value: codec }: Field, value: unknown): void {
  codec.write(writer, value as never);
  writer.varint(tag);
}

function writeList(writer: ByteWriter, field: Field, values: readonly unknown[]): void {
  if (!isPacked(field.value)) {
    for (let index = values.length - 1; index >= 0; index--) writeTagged(writer, field, values[index]);
    return;
  }
  if (values.length === 0) return;
  const before = writer.length;
  for (let index = values.length - 1; index >= 0; index--) field.value.write(writer, values[index] as never);
  writer.varint(writer.length - before);
  writer.varint(field.tag);
}

/** Numbers of a list stand one after the other behind one length; texts and messages have lengths and tags of their own. */
function isPacked({ wireType }: ValueCodec): boolean {
  return wireType !== WireType.counted;
}

const KEY_TAG = 8 + WireType.counted;
const VALUE_ID = 2;

/** A map is a list of messages: 1 is the key, 2 the value. */
function writeMap(writer: ByteWriter, { tag, value: codec }: Field, map: Message): void {
  for (const [key, value] of Object.entries(map).reverse()) {
    const before = writer.length;
    codec.write(writer, value as never);
    writer.varint(VALUE_ID * 8 + codec.wireType);
    writeText(writer, key);
    writer.varint(KEY_TAG);
    writer.varint(writer.length - before);
    writer.varint(tag);
  }
}

function readField(reader: ByteReader, field: Field, wireType: number, message: Message): void {
  const { name, shape, oneof, value } = field;
  if (shape === 'list') {
    const list = message[name] as unknown[];
    if (wireType === WireType.counted && isPacked(value)) {
      for (const part = reader.part(); !part.isAtEnd; ) list.push(value.read(part));
    } else {
      list.push(readValue(reader, field, wireType));
    }
  } else if (shape === 'map') {
    const [key, entry] = readEntry(reader.part(), value);
    // Not by assignment: it would take one key for the prototype.
    Object.defineProperty(message[name], key, { value: entry, enumerable: true, configurable: true, writable: true });
  } else {
    const read = readValue(reader, field, wireType);
    if (oneof !== '') {
      // Of several members the last one counts.
      const other = message[oneof];
      if (typeof other === 'string') delete message[other];
      message[oneof] = name;
    }
    message[name] = read;
  }
}

function readEntry(reader: ByteReader, codec: ValueCodec): [key: string, value: unknown] {
  let key = '';
  let value: unknown;
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    if (tag === KEY_TAG) key = reader.text();
    else if (tag === VALUE_ID * 8 + codec.wireType) value = codec.read(reader);
    else reader.skip(tag & 7);
  }
  return [key, value ?? codec.absent];
}

function readValue(reader: ByteReader, { name, value }: Field, wireType: number): unknown {
  if (wireType !== value.wireType)
    throw new Error(`These bytes are no message: ${name} has the wire type ${wireType}, not ${value.wireType}.`);
  return value.read(reader);
}
