/** Encodes Kafka record batches (format 2), as a broker would hand them out; without checksums, which verify leaves to TCP and the broker. */

export interface TestRecord {
  readonly offsetDelta: number;
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value?: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestBatch {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  readonly records: readonly TestRecord[];
  readonly producerId?: number;
  readonly transactional?: boolean;
  readonly control?: boolean;
  readonly appendTime?: boolean;
  readonly baseTimestamp?: number;
  readonly maxTimestamp?: number;
  readonly codec?: number;
  readonly compress?: (records: Buffer) => Buffer;
}

export function encodeBatch(batch: TestBatch): Buffer {
  const plain = concat(batch.records.map(encodeRecord));
  const records = batch.compress?.(plain) ?? plain;
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(BigInt(batch.baseOffset), 0);
  header.writeInt32BE(49 + records.length, 8);
  header.writeInt8(2, 16);
  const attributes =
    (batch.codec ?? 0) | (batch.appendTime ? 8 : 0) | (batch.transactional ? 16 : 0) | (batch.control ? 32 : 0);
  header.writeInt16BE(attributes, 21);
  header.writeInt32BE(batch.lastOffsetDelta, 23);
  header.writeBigInt64BE(BigInt(batch.baseTimestamp ?? 1000), 27);
  header.writeBigInt64BE(BigInt(batch.maxTimestamp ?? batch.baseTimestamp ?? 1000), 35);
  header.writeBigInt64BE(BigInt(batch.producerId ?? -1), 43);
  header.writeInt32BE(batch.records.length, 57);
  return concat([header, records]);
}

/** The marker that ends a transaction: type 0 aborts, 1 commits. */
export function marker(baseOffset: number, producerId: number, type: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]);
  return encodeBatch({
    baseOffset,
    lastOffsetDelta: 0,
    records: [{ offsetDelta: 0, key }],
    producerId,
    transactional: true,
    control: true,
  });
}

export function concat(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts as never);
}

function encodeRecord({ offsetDelta, timestampDelta = 0, key = null, value = null, headers = {} }: TestRecord): Buffer {
  const entries = Object.entries(headers);
  const body = concat([
    Buffer.from([0]),
    varint(timestampDelta),
    varint(offsetDelta),
    bytes(key),
    bytes(value),
    varint(entries.length),
    ...entries.flatMap(([name, text]) => [bytes(name), bytes(text)]),
  ]);
  return concat([varint(body.length), body]);
}

function bytes(value: Buffer | string | null): Buffer {
  if (value === null) return varint(-1);
  const buffer = typeof value === 'string' ? Buffer.from(value) : value;
  return concat([varint(buffer.length), buffer]);
}

function varint(value: number): Buffer {
  let raw = BigInt(value) < 0n ? -2n * BigInt(value) - 1n : 2n * BigInt(value);
  const out: number[] = [];
  do {
    out.push(Number(raw & 0x7fn) | (raw > 0x7fn ? 0x80 : 0));
    raw >>= 7n;
  } while (raw > 0n);
  return Buffer.from(out);
}
