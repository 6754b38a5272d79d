// Reads a VARIANT, Spark's binary JSON with dates and decimals: two byte strings, `metadata` with the names of all fields and `value`.
// The format is Parquet's VariantEncoding.md, version 1; all numbers are little-endian.
//   value    = header byte (2 bits basic type, 6 bits of its own), then: primitive | short string | object | array
//   object   = count, field ids (places in metadata), offsets (count + 1), values        array = count, offsets (count + 1), values
//   metadata = header byte, count, offsets (count + 1), names
import { SparkError } from '../errors/spark-error.js';
import { decimalFromUnscaled } from './decimal-words.js';

/** Deeper ones cannot come from Spark's own parser (its limit is 1000 for JSON); this stops a wrong offset from recursing for ever. */
const DEPTH_MAX = 2_000;

const BASIC = { primitive: 0, shortString: 1, object: 2, array: 3 } as const;

/**
 * The variant as plain values: null, boolean, number (8 to 32 bit integers, float, double), bigint (64 bit integers; microseconds of timestamps),
 * number of days (dates), Decimal, string, Uint8Array, array, object.
 * @throws SparkError of kind `protocol` if the bytes are not a variant of version 1.
 */
export function decodeVariant(value: Uint8Array, metadata: Uint8Array): unknown {
  try {
    const names = readNames(Buffer.from(metadata.buffer, metadata.byteOffset, metadata.byteLength));
    return readValue(Buffer.from(value.buffer, value.byteOffset, value.byteLength), 0, names, 0);
  } catch (error) {
    if (error instanceof SparkError) throw error;
    throw corrupt('it ends too early', error);
  }
}

function readNames(bytes: Buffer): readonly string[] {
  const header = bytes.readUInt8(0);
  if ((header & 0x0f) !== 1) throw corrupt(`version ${header & 0x0f} is not known`);
  const width = (header >> 6) + 1;
  const count = bytes.readUIntLE(1, width);
  const base = 1 + width * (count + 2);
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const start = bytes.readUIntLE(1 + width * (i + 1), width);
    const end = bytes.readUIntLE(1 + width * (i + 2), width);
    names.push(bytes.toString('utf8', base + start, base + end));
  }
  return names;
}

function readValue(bytes: Buffer, at: number, names: readonly string[], depth: number): unknown {
  if (depth > DEPTH_MAX) throw corrupt('it is nested too deeply');
  const header = bytes.readUInt8(at);
  const own = header >> 2;
  switch (header & 3) {
    case BASIC.primitive:
      return readPrimitive(bytes, own, at + 1);
    case BASIC.shortString:
      return readText(bytes, at + 1, own);
    case BASIC.object:
      return readObject(bytes, at + 1, own, names, depth);
    default:
      return readArray(bytes, at + 1, own, names, depth);
  }
}

function readPrimitive(bytes: Buffer, type: number, at: number): unknown {
  switch (type) {
    case 0:
      return null;
    case 1:
      return true;
    case 2:
      return false;
    case 3:
      return bytes.readInt8(at);
    case 4:
      return bytes.readInt16LE(at);
    case 5:
    case 11: // date: days
      return bytes.readInt32LE(at);
    case 6:
    case 12: // timestamp and timestamp without zone: microseconds
    case 13:
      return bytes.readBigInt64LE(at);
    case 7:
      return bytes.readDoubleLE(at);
    case 8:
      return decimalFromUnscaled(BigInt(bytes.readInt32LE(at + 1)), bytes.readUInt8(at));
    case 9:
      return decimalFromUnscaled(bytes.readBigInt64LE(at + 1), bytes.readUInt8(at));
    case 10:
      return decimalFromUnscaled(
        (bytes.readBigInt64LE(at + 9) << 64n) | bytes.readBigUInt64LE(at + 1),
        bytes.readUInt8(at),
      );
    case 14:
      return bytes.readFloatLE(at);
    case 15: {
      const length = bytes.readUInt32LE(at);
      if (at + 4 + length > bytes.length) throw corrupt('a byte string reaches beyond its end');
      return new Uint8Array(bytes.subarray(at + 4, at + 4 + length));
    }
    case 16:
      return readText(bytes, at + 4, bytes.readUInt32LE(at));
    case 20:
      return readUuid(bytes, at);
    default:
      throw corrupt(`primitive type ${type} is not known`);
  }
}

function readText(bytes: Buffer, at: number, length: number): string {
  if (at + length > bytes.length) throw corrupt('a text reaches beyond its end');
  return bytes.toString('utf8', at, at + length);
}

/** Big-endian, unlike everything else. */
function readUuid(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function readObject(bytes: Buffer, at: number, own: number, names: readonly string[], depth: number): unknown {
  const offsetWidth = (own & 3) + 1;
  const idWidth = ((own >> 2) & 3) + 1;
  const countWidth = (own >> 4) & 1 ? 4 : 1;
  const count = bytes.readUIntLE(at, countWidth);
  const ids = at + countWidth;
  const offsets = ids + count * idWidth;
  const values = offsets + (count + 1) * offsetWidth;
  const entries: [string, unknown][] = [];
  for (let i = 0; i < count; i++) {
    const name = names[bytes.readUIntLE(ids + i * idWidth, idWidth)];
    if (name === undefined) throw corrupt('a field has no name');
    const offset = bytes.readUIntLE(offsets + i * offsetWidth, offsetWidth);
    entries.push([name, readValue(bytes, values + offset, names, depth + 1)]);
  }
  return Object.fromEntries(entries);
}

function readArray(bytes: Buffer, at: number, own: number, names: readonly string[], depth: number): unknown[] {
  const offsetWidth = (own & 3) + 1;
  const countWidth = (own >> 2) & 1 ? 4 : 1;
  const count = bytes.readUIntLE(at, countWidth);
  const offsets = at + countWidth;
  const values = offsets + (count + 1) * offsetWidth;
  const list: unknown[] = [];
  for (let i = 0; i < count; i++) {
    list.push(readValue(bytes, values + bytes.readUIntLE(offsets + i * offsetWidth, offsetWidth), names, depth + 1));
  }
  return list;
}

function corrupt(fault: string, cause?: unknown): SparkError {
  return new SparkError(`A variant cannot be read: ${fault}.`, { kind: 'protocol', cause });
}
