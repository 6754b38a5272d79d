/** What goes over the wire to Kafka is byte for byte what kafkajs itself would have sent, and partitions are chosen as it chooses them. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { crc32c } from '../../../../spark/sinks/crc32c.js';
import { murmur2, partitionOf } from '../../../../spark/sinks/partition-of.js';
import type { OutgoingRecord } from '../../../../spark/sinks/ports.js';
import { RecordBatch } from '../../../../spark/sinks/record-batch.js';
import { decodeRecords } from '../../../../verify/kafka/record-batch.js';
import { Random } from '../../../simulation/scheduler.js';

type Message = OutgoingRecord['message'];

const require = createRequire(import.meta.url);
const kafkajs = {
  Record: require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (record: object) => unknown,
  RecordBatch: (
    require('kafkajs/src/protocol/recordBatch/v0/index.js') as {
      RecordBatch: (batch: object) => Promise<{ readonly buffer: Buffer }>;
    }
  ).RecordBatch,
  Long: require('kafkajs/src/utils/long.js') as { fromValue(value: bigint): unknown },
  crc32c: require('kafkajs/src/protocol/recordBatch/crc32C/crc32C.js') as (bytes: Buffer) => number,
  murmur2: require('kafkajs/src/producer/partitioners/default/murmur2.js') as (key: Buffer) => number,
};

const PRODUCER = { producerId: 12_345_678_901n, producerEpoch: 7, baseSequence: 4_321, timestampMs: 1_770_000_000_123 };

function encode(messages: readonly Message[]): Buffer {
  const batch = new RecordBatch();
  for (const message of messages) batch.add(message);
  return Buffer.from(batch.encode(PRODUCER));
}

async function encodeByKafkajs(messages: readonly Message[]): Promise<Buffer> {
  const batch = await kafkajs.RecordBatch({
    records: messages.map((message, offsetDelta) => kafkajs.Record({ ...message, offsetDelta })),
    firstTimestamp: PRODUCER.timestampMs,
    maxTimestamp: PRODUCER.timestampMs,
    producerId: kafkajs.Long.fromValue(PRODUCER.producerId),
    producerEpoch: PRODUCER.producerEpoch,
    firstSequence: PRODUCER.baseSequence,
    transactional: true,
    lastOffsetDelta: messages.length - 1,
  });
  return batch.buffer;
}

/** Of every kind: null, empty, text beyond ASCII, bytes that are no text, long enough for lengths of several bytes. */
function randomMessages(random: Random, count: number): Message[] {
  const value = (): Buffer | string | null => {
    switch (random.below(5)) {
      case 0:
        return null;
      case 1:
        return ['', 'a', 'größer', '日本語🙂', 'x'.repeat(random.below(300))][random.below(5)] ?? '';
      default:
        return Buffer.from(Array.from({ length: random.below(20_000) }, () => random.below(256)));
    }
  };
  return Array.from({ length: count }, () => ({
    key: value(),
    value: value(),
    headers: Object.fromEntries(
      Array.from({ length: random.below(6) }, (_, i) => [
        `header ${i} ${'ü'.repeat(random.below(3))}`,
        ['', '17', 'grün', 'y'.repeat(random.below(2_000))][random.below(4)] ?? '',
      ]),
    ),
  }));
}

test('a batch has the bytes that kafkajs would have sent', async () => {
  const random = new Random(11);
  for (let run = 0; run < 40; run++) {
    const messages = randomMessages(random, 1 + random.below(run < 35 ? 12 : 400));
    const own = encode(messages);
    const theirs = await encodeByKafkajs(messages);
    assert.equal(Buffer.compare(own, theirs), 0, `run ${run}: ${own.length} bytes, kafkajs has ${theirs.length}`);
  }
});

test('what the oracle reads from a batch is what was put in', () => {
  const messages: Message[] = [
    { key: 'user', value: Buffer.from('{"a":1}'), headers: { source_offset: '9007199254740993', reason: '' } },
    { key: null, value: null, headers: {} },
  ];
  const { records, nextOffset } = decodeRecords(encode(messages), 0, 0, 10, []);
  assert.deepEqual(
    records.map(({ key, value, headers }) => [key?.toString() ?? null, value?.toString() ?? null, headers]),
    [
      [
        'user',
        '{"a":1}',
        [
          { key: 'source_offset', value: '9007199254740993' },
          { key: 'reason', value: '' },
        ],
      ],
      [null, null, []],
    ],
  );
  assert.equal(nextOffset, 2);
});

test('a batch can go on growing after it was encoded, and the bytes handed out before are still a batch', () => {
  const batch = new RecordBatch();
  const message: Message = { key: 'k', value: 'v'.repeat(10_000), headers: {} };
  batch.add(message);
  const first = Buffer.from(batch.encode(PRODUCER));
  batch.add(message);
  assert.equal(decodeRecords(Buffer.from(batch.encode(PRODUCER)), 0, 0, 10, []).records.length, 2);
  assert.equal(Buffer.compare(first, encode([message])), 0);
});

test('the checksum is CRC-32C of exactly the bytes asked for', () => {
  // RFC 3720, B.4.
  assert.equal(crc32c(Buffer.alloc(32), 0, 32), 0x8a9136aa);
  assert.equal(crc32c(Buffer.alloc(32, 0xff), 0, 32), 0x62a8ab43);
  const random = new Random(5);
  for (let run = 0; run < 200; run++) {
    const bytes = Buffer.from(Array.from({ length: random.below(100) }, () => random.below(256)));
    const from = random.below(bytes.length + 1);
    const until = from + random.below(bytes.length - from + 1);
    assert.equal(crc32c(bytes, from, until), kafkajs.crc32c(bytes.subarray(from, until)));
  }
});

test('a key goes to the partition where every other client of Kafka puts it', () => {
  // Kafka's own test vectors (UtilsTest.testMurmur2).
  const known: readonly (readonly [string, number])[] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ];
  for (const [key, hash] of known) assert.equal(murmur2(Buffer.from(key)), hash, key);
  const random = new Random(3);
  for (let run = 0; run < 500; run++) {
    const key = Buffer.from(Array.from({ length: random.below(40) }, () => random.below(256)));
    assert.equal(murmur2(key), kafkajs.murmur2(key), key.toString('hex'));
  }
  assert.equal(partitionOf('foobar', 4, 0), partitionOf(Buffer.from('foobar'), 4, 99));
  assert.deepEqual(
    [0, 1, 2, 3].map((turn) => partitionOf(null, 3, turn)),
    [0, 1, 2, 0],
  );
});
