import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeRecords } from '../../../verify/kafka/record-batch.js';
import { VerifyError } from '../../../verify/verify-error.js';
import { concat, encodeBatch, marker, type TestBatch } from './record-batches.js';

const END = 1_000_000;
const values = (
  bytes: Buffer,
  from = 0,
  end = END,
  aborted: Parameters<typeof decodeRecords>[4] = [],
): { values: string[]; next: number } => {
  const { records, nextOffset } = decodeRecords(bytes, 0, from, end, aborted);
  return { values: records.map(({ offset, value }) => `${offset}:${value}`), next: nextOffset };
};
const plain = (baseOffset: number, ...texts: string[]): TestBatch => ({
  baseOffset,
  lastOffsetDelta: texts.length - 1,
  records: texts.map((value, offsetDelta) => ({ offsetDelta, value })),
});
const inTransaction = (producerId: number, batch: TestBatch): Buffer =>
  encodeBatch({ ...batch, producerId, transactional: true });

describe('decodeRecords', () => {
  it('delivers key, value, time and headers of each record', () => {
    const batch = encodeBatch({
      baseOffset: 7,
      lastOffsetDelta: 1,
      baseTimestamp: 1_772_366_340_000,
      records: [
        { offsetDelta: 0, key: 'k', value: 'v', headers: { reason: 'null_value', batch_id: '12' } },
        { offsetDelta: 1, timestampDelta: -3, key: '', value: null },
      ],
    });
    const { records } = decodeRecords(batch, 4, 0, END, []);
    assert.deepEqual(
      records.map((record) => ({
        ...record,
        key: record.key?.toString(),
        value: record.value?.toString(),
        headers: record.headers.map(({ key, value }) => `${key}=${value}`),
      })),
      [
        {
          partition: 4,
          offset: 7,
          timestampMs: 1_772_366_340_000,
          key: 'k',
          value: 'v',
          headers: ['reason=null_value', 'batch_id=12'],
        },
        { partition: 4, offset: 8, timestampMs: 1_772_366_339_997, key: '', value: undefined, headers: [] },
      ],
    );
    assert.equal(records[1]?.value, null);
  });

  it('takes the append time where the topic keeps that', () => {
    const batch = encodeBatch({ ...plain(0, 'a', 'b'), appendTime: true, baseTimestamp: 5, maxTimestamp: 99 });
    assert.deepEqual(
      decodeRecords(batch, 0, 0, END, []).records.map(({ timestampMs }) => timestampMs),
      [99, 99],
    );
  });

  it('leaves out what lies before the fetched offset and from the end on', () => {
    assert.deepEqual(values(encodeBatch(plain(0, 'a', 'b', 'c', 'd')), 1, 3), { values: ['1:b', '2:c'], next: 4 });
  });

  it('moves over a commit marker at the end', () => {
    assert.deepEqual(values(concat([inTransaction(1, plain(0, 'a')), marker(1, 1, 'commit')])), {
      values: ['0:a'],
      next: 2,
    });
  });

  it('moves over an aborted transaction at the end and delivers nothing of it', () => {
    const bytes = concat([encodeBatch(plain(0, 'a')), inTransaction(1, plain(1, 'x', 'y')), marker(3, 1, 'abort')]);
    assert.deepEqual(values(bytes, 0, END, [{ producerId: 1n, firstOffset: 1 }]), { values: ['0:a'], next: 4 });
  });

  it('moves over batches that compaction has emptied', () => {
    assert.deepEqual(values(encodeBatch({ baseOffset: 10, lastOffsetDelta: 9, records: [] }), 5), {
      values: [],
      next: 20,
    });
  });

  it('keeps two aborted transactions apart that were open at once', () => {
    const bytes = concat([
      inTransaction(1, plain(2, 'x')),
      inTransaction(2, plain(3, 'y')),
      marker(4, 1, 'abort'),
      inTransaction(2, plain(5, 'z')),
      marker(6, 2, 'abort'),
      inTransaction(1, plain(7, 'good')),
      marker(8, 1, 'commit'),
    ]);
    // Both began before the fetched offset; the broker lists them in any order.
    const aborted = [
      { producerId: 2n, firstOffset: 1 },
      { producerId: 1n, firstOffset: 0 },
    ];
    assert.deepEqual(values(bytes, 2, END, aborted), { values: ['7:good'], next: 9 });
  });

  it('does not take a record for an abort marker because of its key', () => {
    const bytes = concat([
      inTransaction(1, {
        baseOffset: 0,
        lastOffsetDelta: 0,
        records: [{ offsetDelta: 0, key: Buffer.from([0, 0, 0, 0]), value: 'x' }],
      }),
      inTransaction(1, plain(1, 'y')),
      marker(2, 1, 'abort'),
    ]);
    assert.deepEqual(values(bytes, 0, END, [{ producerId: 1n, firstOffset: 0 }]), { values: [], next: 3 });
  });

  it('delivers records outside transactions of a producer with an aborted one', () => {
    const bytes = concat([
      inTransaction(1, plain(0, 'x')),
      encodeBatch({ ...plain(1, 'a'), producerId: 1 }),
      marker(2, 1, 'abort'),
    ]);
    assert.deepEqual(values(bytes, 0, END, [{ producerId: 1n, firstOffset: 0 }]).values, ['1:a']);
  });

  it('leaves a batch that is cut off for the next fetch', () => {
    const whole = encodeBatch(plain(0, 'a'));
    const next = encodeBatch(plain(1, 'b'));
    assert.deepEqual(values(concat([whole, next.subarray(0, next.length - 1)])), { values: ['0:a'], next: 1 });
    assert.deepEqual(values(concat([whole, next.subarray(0, 20)])), { values: ['0:a'], next: 1 });
  });

  it('unpacks gzip', () => {
    const batch = { ...plain(0, 'a', 'b'), codec: 1, compress: (records: Buffer) => gzipSync(records as never) };
    assert.deepEqual(values(encodeBatch(batch)).values, ['0:a', '1:b']);
  });

  it('unpacks snappy, one block or in xerial’s framing', () => {
    // Snappy's literal elements: length - 1 below 60 in the upper six bits of one byte.
    const block = (records: Buffer): Buffer =>
      concat([Buffer.from([records.length, (records.length - 1) << 2]), records]);
    const framed = (records: Buffer): Buffer => {
      const packed = block(records);
      const length = Buffer.alloc(4);
      length.writeInt32BE(packed.length);
      return concat([
        Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
        length,
        packed,
      ]);
    };
    assert.deepEqual(values(encodeBatch({ ...plain(0, 'a', 'b'), codec: 2, compress: block })).values, ['0:a', '1:b']);
    assert.deepEqual(values(encodeBatch({ ...plain(0, 'a', 'b'), codec: 2, compress: framed })).values, ['0:a', '1:b']);
  });

  it('refuses what it cannot read, by name', () => {
    const zstd = encodeBatch({ ...plain(3, 'a'), codec: 4 });
    assert.throws(
      () => values(zstd),
      (error) => error instanceof VerifyError && /zstd at offset 3/.test(error.message),
    );
    const old = encodeBatch(plain(0, 'a'));
    old.writeInt8(1, 16);
    assert.throws(() => values(old), /format 1/);
  });
});
