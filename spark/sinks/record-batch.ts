/**
 * Encodes records as Kafka stores them (record batch format v2, magic 2; KIP-98), one batch per partition and request, without compression:
 *
 *   batch:  baseOffset i64 · length i32 · leaderEpoch i32 · magic i8 · crc u32 · attributes i16 · lastOffsetDelta i32 · baseTimestamp i64 ·
 *           maxTimestamp i64 · producerId i64 · producerEpoch i16 · baseSequence i32 · count i32 · records
 *   record: length varint · attributes i8 · timestampDelta varlong · offsetDelta varint · key · value · headers
 *
 * Why not kafkajs's own encoder: it makes some ten small buffers per record and took most of what the worker beside the Spark driver costs.
 */
import { crc32c } from './crc32c.js';
import type { OutgoingRecord } from './ports.js';

/** Where the fields of a batch begin. */
const AT = {
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const;

const TRANSACTIONAL = 0x10;
/** Of a varint with 32 bits. */
const VARINT_BYTES_MAX = 5;

export interface BatchProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Sequence number of the batch's first record in its partition. */
  readonly baseSequence: number;
  /** Milliseconds since 1970; all records of the batch have it. */
  readonly timestampMs: number;
}

export class RecordBatch {
  #bytes = Buffer.allocUnsafe(16 * 1024);
  #at: number = AT.records;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ key, value, headers }: OutgoingRecord['message']): void {
    const headerBytes = encodeHeaders(headers);
    const keyBytes = key === null ? -1 : byteLength(key);
    const valueBytes = value === null ? -1 : byteLength(value);
    const delta = this.#count++;
    // Attributes and a timestamp delta of 0 take a byte each.
    const bodyBytes = 2 + sizeOfVarint(delta) + sizeOfField(keyBytes) + sizeOfField(valueBytes) + headerBytes;
    this.#reserve(bodyBytes + VARINT_BYTES_MAX);
    const bytes = this.#bytes;
    let at = writeVarint(bytes, this.#at, bodyBytes);
    bytes[at++] = 0;
    bytes[at++] = 0;
    at = writeVarint(bytes, at, delta);
    at = writeField(bytes, at, key, keyBytes);
    at = writeField(bytes, at, value, valueBytes);
    bytes.set(headerScratch.subarray(0, headerBytes), at);
    this.#at = at + headerBytes;
  }

  /** The batch as it goes into a Produce request; a view, valid until the next `add`. */
  encode({ producerId, producerEpoch, baseSequence, timestampMs }: BatchProducer): Buffer {
    const bytes = this.#bytes;
    const end = this.#at;
    bytes.writeBigInt64BE(0n, 0);
    bytes.writeInt32BE(end - AT.leaderEpoch, AT.length);
    bytes.writeInt32BE(0, AT.leaderEpoch);
    bytes.writeInt8(2, AT.magic);
    bytes.writeInt16BE(TRANSACTIONAL, AT.attributes);
    bytes.writeInt32BE(this.#count - 1, AT.lastOffsetDelta);
    bytes.writeBigInt64BE(BigInt(timestampMs), AT.baseTimestamp);
    bytes.writeBigInt64BE(BigInt(timestampMs), AT.maxTimestamp);
    bytes.writeBigInt64BE(producerId, AT.producerId);
    bytes.writeInt16BE(producerEpoch, AT.producerEpoch);
    bytes.writeInt32BE(baseSequence, AT.baseSequence);
    bytes.writeInt32BE(this.#count, AT.count);
    bytes.writeUInt32BE(crc32c(bytes, AT.attributes, end), AT.crc);
    return bytes.subarray(0, end);
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}

/** The headers of the record that is being encoded: their size must be known before the record is written. */
let headerScratch = Buffer.allocUnsafe(1024);

/** Into the scratch buffer. Answers how many bytes there are. */
function encodeHeaders(headers: OutgoingRecord['message']['headers']): number {
  const names = Object.keys(headers);
  let longest = VARINT_BYTES_MAX;
  for (const name of names) longest += 2 * VARINT_BYTES_MAX + 3 * (name.length + (headers[name] as string).length);
  if (longest > headerScratch.length) headerScratch = Buffer.allocUnsafe(longest);
  let at = writeVarint(headerScratch, 0, names.length);
  for (const name of names) {
    at = writeText(headerScratch, at, name);
    at = writeText(headerScratch, at, headers[name] as string);
  }
  return at;
}

/** A length and the text as UTF-8. Headers are short and nearly always ASCII, which a loop writes faster than a call into Node. */
function writeText(bytes: Buffer, start: number, text: string): number {
  const { length } = text;
  let at = writeVarint(bytes, start, length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) {
      at = writeVarint(bytes, start, Buffer.byteLength(text));
      return at + bytes.write(text, at);
    }
    bytes[at++] = code;
  }
  return at;
}

function byteLength(value: Uint8Array | string): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

/** A length of -1 stands for null. */
function writeField(bytes: Buffer, start: number, value: Uint8Array | string | null, length: number): number {
  const at = writeVarint(bytes, start, length);
  if (value === null) return at;
  if (typeof value === 'string') bytes.write(value, at);
  else bytes.set(value, at);
  return at + length;
}

function sizeOfField(length: number): number {
  return sizeOfVarint(length) + Math.max(0, length);
}

/** Zigzag, so that small negative numbers are short too. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest > 0x7f; rest >>>= 7) size++;
  return size;
}

function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = zigzag(value);
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}
