/**
 * Decodes the records of a Fetch response (record batch format v2, magic 2; KIP-98) and drops what a read_committed reader must not see.
 *
 *   batch:  baseOffset i64 · length i32 · leaderEpoch i32 · magic i8 · crc u32 · attributes i16 · lastOffsetDelta i32 · baseTimestamp i64 ·
 *           maxTimestamp i64 · producerId i64 · producerEpoch i16 · baseSequence i32 · count i32 · records
 *   record: length varint · attributes i8 · timestampDelta varlong · offsetDelta varint · key · value · headers
 *
 * Why not kafkajs's own decoder: it hands out a flat list of messages, from which the end of a batch without visible records (a commit or
 * abort marker, an aborted transaction) cannot be told, so a reader cannot know that it has arrived at the end of the topic. And its filter
 * (consumer/filterAbortedMessages.js in 2.2.4) lets records of aborted transactions through when two of them are open at once, and takes
 * any record with the key 00 00 00 00 for an abort marker. The headers of the batches say both exactly.
 */
import { gunzipSync } from 'node:zlib';
import { snappyUncompress } from 'hyparquet';
import { VerifyError } from '../verify-error.js';

/** As text: whoever reads these topics put text there. */
export interface RecordHeader {
  readonly key: string;
  readonly value: string | null;
}

export interface TopicRecord {
  readonly partition: number;
  /** Below 2^53, checked when decoded. */
  readonly offset: number;
  /** Milliseconds since 1970, of whichever kind the topic keeps (creation or append). */
  readonly timestampMs: number;
  /** Views of the response's buffer: to be used before the next one is read, or copied. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface DecodedRecords {
  readonly records: readonly TopicRecord[];
  /** First offset after the last complete batch; equal to the fetched offset if there was none. Control records and aborted ones count. */
  readonly nextOffset: number;
}

const BATCH_OVERHEAD_BYTES = 61;
const ATTRIBUTE = { codec: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const;
const ABORT_MARKER = 0;

/** The records of `bytes` from `fetchOffset` on and below `endOffset`. An incomplete batch at the end is left for the next fetch. */
export function decodeRecords(
  bytes: Buffer,
  partition: number,
  fetchOffset: number,
  endOffset: number,
  aborted: readonly AbortedTransaction[],
): DecodedRecords {
  // The broker does not promise an order.
  const pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const abortedProducers = new Set<bigint>();
  const records: TopicRecord[] = [];
  let nextOffset = fetchOffset;
  let position = 0;
  while (position + BATCH_OVERHEAD_BYTES <= bytes.length) {
    const size = 12 + bytes.readInt32BE(position + 8);
    if (position + size > bytes.length) break;
    const batch = bytes.subarray(position, position + size);
    position += size;

    const magic = batch.readInt8(16);
    if (magic !== 2) {
      throw new VerifyError(
        'kafka',
        `Partition ${partition} holds records of format ${magic} near offset ${nextOffset}; only format 2 (Kafka 0.11 and later) is read.`,
      );
    }
    const baseOffset = toSafe(batch.readBigInt64BE(0));
    const attributes = batch.readInt16BE(21);
    const lastOffset = baseOffset + batch.readInt32BE(23);
    const producerId = batch.readBigInt64BE(43);
    nextOffset = Math.max(nextOffset, lastOffset + 1);

    while (pending[0] !== undefined && pending[0].firstOffset <= lastOffset) {
      abortedProducers.add(pending[0].producerId);
      pending.shift();
    }
    if ((attributes & ATTRIBUTE.control) !== 0) {
      if (controlType(batch) === ABORT_MARKER) abortedProducers.delete(producerId);
      continue;
    }
    if ((attributes & ATTRIBUTE.transactional) !== 0 && abortedProducers.has(producerId)) continue;
    decodeBatch(batch, attributes, baseOffset, partition, fetchOffset, endOffset, records);
  }
  return { records, nextOffset };
}

function decodeBatch(
  batch: Buffer,
  attributes: number,
  baseOffset: number,
  partition: number,
  fetchOffset: number,
  endOffset: number,
  into: TopicRecord[],
): void {
  const baseTimestamp = toSafe(batch.readBigInt64BE(27));
  const appendTime = (attributes & ATTRIBUTE.logAppendTime) === 0 ? undefined : toSafe(batch.readBigInt64BE(35));
  const count = batch.readInt32BE(57);
  const reader = new Reader(
    decompress(batch.subarray(BATCH_OVERHEAD_BYTES), attributes & ATTRIBUTE.codec, partition, baseOffset),
  );
  for (let i = 0; i < count; i++) {
    const end = reader.varint() + reader.position;
    reader.position += 1;
    const timestampMs = appendTime ?? baseTimestamp + reader.varlong();
    if (appendTime !== undefined) reader.varlong();
    const offset = baseOffset + reader.varint();
    if (offset >= fetchOffset && offset < endOffset) {
      const key = reader.bytes();
      const value = reader.bytes();
      into.push({ partition, offset, timestampMs, key, value, headers: reader.headers() });
    }
    reader.position = end;
  }
}

/** The type of a control batch's one record: its key is version i16, type i16; 0 aborts, 1 commits. */
function controlType(batch: Buffer): number {
  const reader = new Reader(batch.subarray(BATCH_OVERHEAD_BYTES));
  reader.varint();
  reader.position += 1;
  reader.varlong();
  reader.varint();
  const key = reader.bytes();
  return key === null || key.length < 4 ? -1 : key.readInt16BE(2);
}

class Reader {
  position = 0;
  readonly #buffer: Buffer;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Zigzag, 32 bits. */
  varint(): number {
    let shift = 0;
    let raw = 0;
    for (;;) {
      const byte = this.#byte();
      raw |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return (raw >>> 1) ^ -(raw & 1);
      shift += 7;
    }
  }

  /** Zigzag, 64 bits, of which a timestamp delta uses far fewer than the 53 that a number holds. */
  varlong(): number {
    let factor = 1;
    let raw = 0;
    for (;;) {
      const byte = this.#byte();
      raw += (byte & 0x7f) * factor;
      if ((byte & 0x80) === 0) return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
      factor *= 128;
    }
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const from = this.position;
    this.position += length;
    return this.#buffer.subarray(from, this.position);
  }

  headers(): readonly RecordHeader[] {
    const count = this.varint();
    if (count === 0) return NO_HEADERS;
    const headers: RecordHeader[] = [];
    for (let i = 0; i < count; i++) headers.push({ key: this.#text() ?? '', value: this.#text() });
    return headers;
  }

  /** Straight from the buffer: a view of its own for each header would cost more than all the rest of a record. */
  #text(): string | null {
    const length = this.varint();
    if (length < 0) return null;
    const from = this.position;
    this.position += length;
    return this.#buffer.toString('utf8', from, this.position);
  }

  #byte(): number {
    const byte = this.#buffer[this.position++];
    if (byte === undefined)
      throw new VerifyError('kafka', 'A record ends beyond its batch: the fetched data is damaged.');
    return byte;
  }
}

const NO_HEADERS: readonly RecordHeader[] = [];

function decompress(bytes: Buffer, codec: number, partition: number, offset: number): Buffer {
  switch (codec) {
    case 0:
      return bytes;
    case 1:
      return gunzipSync(asBytes(bytes));
    case 2:
      return unsnappy(bytes);
    default:
      throw new VerifyError(
        'kafka',
        `Partition ${partition} is compressed with ${codec === 3 ? 'lz4' : codec === 4 ? 'zstd' : `codec ${codec}`} at offset ${offset}, which verify cannot read; it reads none, gzip and snappy.`,
      );
  }
}

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);

/** Java producers write the framing of xerial's SnappyOutputStream (16 bytes, then length-prefixed blocks), others one raw block. */
function unsnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, 8).equals(asBytes(XERIAL_MAGIC))) return unsnappyBlock(bytes);
  const blocks: Uint8Array[] = [];
  let position = 16;
  while (position + 4 <= bytes.length) {
    const length = bytes.readInt32BE(position);
    position += 4;
    blocks.push(asBytes(unsnappyBlock(bytes.subarray(position, position + length))));
    position += length;
  }
  return Buffer.concat(blocks);
}

/** A raw snappy block begins with its plain length as an unsigned varint. */
function unsnappyBlock(block: Buffer): Buffer {
  let length = 0;
  let factor = 1;
  for (const byte of block) {
    length += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) break;
  }
  const plain = new Uint8Array(length);
  snappyUncompress(asBytes(block), plain);
  return Buffer.from(plain.buffer);
}

/** The same bytes. The Node 20 types of Buffer and the compiler's of Uint8Array disagree about nothing that matters here. */
function asBytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return buffer as unknown as Uint8Array<ArrayBuffer>;
}

function toSafe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new VerifyError('kafka', `Kafka handed out the number ${value}, beyond 2^53.`);
  return number;
}
