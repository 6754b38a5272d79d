import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTopicId, encodeMetadataRequest } from '../../../../../spark/supervisor/start-checks/topic-id.js';

/** The beginning of what Kafka 4.3.1 answered, up to the first partition. */
const ANSWER =
  '000000000002000000010a3132372e302e302e310000238400001773593858345a676a304a495056753558477139787341000000010200000e757365725f6163746976697479' +
  '63a64079cd9445eb87552619843df09900050000000000000000000100000000020000000102000000010100000000';

test('the id of a topic is read out of a broker’s answer', () => {
  assert.equal(decodeTopicId(Buffer.from(ANSWER, 'hex')), '63a64079-cd94-45eb-8755-2619843df099');
});

test('a topic that the broker does not know has no id', () => {
  const unknown = Buffer.from(ANSWER.replace('0200000e7573', '0200030e7573'), 'hex');
  assert.equal(decodeTopicId(unknown), undefined);
});

test('an answer that is cut short is an error, not an id', () => {
  assert.throws(() => decodeTopicId(Buffer.from(ANSWER.slice(0, 80), 'hex')), RangeError);
});

test('a name of 127 bytes and more takes two bytes for its length', () => {
  const short = encodeMetadataRequest('a'.repeat(126));
  assert.equal(short[18], 127);
  const long = encodeMetadataRequest('a'.repeat(249));
  assert.deepEqual([...long.subarray(18, 21)], [0xfa, 0x01, 0x61]);
  assert.equal(long.length, 2 + 16 + 2 + 249 + 5);
});
