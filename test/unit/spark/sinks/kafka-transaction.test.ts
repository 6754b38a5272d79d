/** What goes to Kafka in one request: all records in order, none too many at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaRefusalOf } from '../../../../spark/sinks/kafka-producer.js';
import { bySize } from '../../../../spark/sinks/kafka-transaction.js';
import { parseMarker } from '../../../../spark/sinks/marker.js';
import { endingOf, toOutgoingRecord } from '../../../../spark/sinks/outgoing-record.js';
import type { OutgoingRecord } from '../../../../spark/sinks/ports.js';
import { Random } from '../../../simulation/scheduler.js';

const sized = (bytes: number): OutgoingRecord => ({
  topic: 't',
  message: { key: null, value: Buffer.alloc(bytes), headers: {} },
});

test('parts hold every record once and in order, and stay below the limit unless a single record is larger', () => {
  const random = new Random(7);
  for (let run = 0; run < 300; run++) {
    const records = Array.from({ length: random.below(60) }, () => sized(random.below(3_000)));
    const limit = 200 + random.below(8_000);
    const parts = [...bySize(records, limit)];
    assert.deepEqual(parts.flat(), records);
    for (const part of parts) {
      const bytes = part.reduce((sum, { message }) => sum + (message.value?.length ?? 0) + 128, 0);
      assert.ok(part.length > 0 && (part.length === 1 || bytes <= limit), `${part.length} records of ${bytes} bytes`);
    }
  }
});

test('a record keeps its bytes and names its source, a dead one with the reason', () => {
  const topics = { sourceTopic: 's', enrichedTopic: 'e', deadLetterTopic: 'd' };
  // In the middle of a larger buffer, as Arrow hands them out; no text at all.
  const hostile = new Uint8Array([9, 0, 0xff, 0xd8, 0x00, 9]).subarray(1, 5);
  const row = { enriched_key: null, enriched_value: null, dead_key: hostile, dead_value: hostile };
  const dead = toOutgoingRecord(
    { ...row, reason: 'invalid_utf8', kafka_partition: 3, kafka_offset: 2n ** 62n },
    topics,
    7n,
  );
  assert.deepEqual(dead, {
    topic: 'd',
    message: {
      key: hostile,
      value: hostile,
      headers: {
        reason: 'invalid_utf8',
        source_topic: 's',
        source_partition: '3',
        source_offset: '4611686018427387904',
        batch_id: '7',
      },
    },
  });
  const valid = toOutgoingRecord({ ...row, reason: null, kafka_partition: 0, kafka_offset: 0n }, topics, 0n);
  assert.deepEqual(
    [valid.topic, valid.message.key, valid.message.value, valid.message.headers.reason],
    ['e', null, null, undefined],
  );
});

test('a refusal is told from other failures, also inside what the client wraps around it', () => {
  const tooLarge = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
  assert.equal(kafkaRefusalOf(tooLarge), 'MESSAGE_TOO_LARGE: too large');
  assert.equal(
    kafkaRefusalOf(new Error('gave up', { cause: new Error('x', { cause: tooLarge }) })),
    'MESSAGE_TOO_LARGE: too large',
  );
  assert.equal(kafkaRefusalOf(Object.assign(new Error('x'), { type: 'NOT_LEADER_FOR_PARTITION' })), undefined);
  assert.equal(kafkaRefusalOf(undefined), undefined);
});

test('a marker of version 0.1, which knew no refusals, is still read', () => {
  assert.deepEqual(parseMarker('{"queryId":"q","batchId":"1","epoch":"2","records":3}'), {
    queryId: 'q',
    batchId: '1',
    epoch: '2',
    records: 3,
    refused: [],
  });
});

test('the time of the batch becomes the last field of a valid record, and of no other', () => {
  const topics = { sourceTopic: 's', enrichedTopic: 'e', deadLetterTopic: 'd' };
  const ending = endingOf('processing_time', Date.parse('2026-03-01T12:00:00.123Z'));
  assert.equal(ending, ',"processing_time":"2026-03-01T12:00:00.123000Z"}');
  assert.equal(endingOf(undefined, 0), undefined);
  const value = Buffer.from('{"a":"ü}"}');
  const row = { enriched_key: null, enriched_value: value, dead_key: null, dead_value: value, kafka_partition: 0 };
  const made = (reason: string | null) =>
    toOutgoingRecord({ ...row, reason, kafka_offset: 0n }, topics, 0n, Buffer.from(ending ?? '')).message.value;
  assert.equal(String(made(null)), '{"a":"ü}","processing_time":"2026-03-01T12:00:00.123000Z"}');
  assert.equal(made('not_a_json_object'), value);
});
