import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as kinds from '../../../config/kinds.js';

const refused = { name: 'NotAllowed' };

test('durations are read with any of their units, to the millisecond', () => {
  const read: readonly (readonly [string, number | undefined])[] = [
    ['2 minutes', 120_000],
    ['90s', 90_000],
    ['500 ms', 500],
    ['1.5h', 5_400_000],
    ['1 Day', 86_400_000],
    ['0 s', 0],
    ['0.001s', 1],
    ['0.5 ms', undefined],
    ['90', undefined],
    ['-1 s', undefined],
    ['1 constructor', undefined],
    ['minutes', undefined],
    ['1 m 30 s', undefined],
    ['', undefined],
  ];
  for (const [text, durationMs] of read) assert.equal(kinds.parseDurationMs(text), durationMs, text);
});

test('a duration that is written comes back the same', () => {
  for (const durationMs of [0, 1, 500, 1000, 1500, 90_000, 120_000, 3_600_000, 86_400_000, 90_061_001]) {
    assert.equal(kinds.parseDurationMs(kinds.formatDuration(durationMs)), durationMs);
  }
  assert.equal(kinds.formatDuration(60_000), '1 minute');
  assert.equal(kinds.formatDuration(120_000), '2 minutes');
});

test('a duration outside of its limits is refused with the limits', () => {
  const kind = kinds.duration(1000, 60_000);
  assert.equal(kind.parse('1 minute'), 60_000);
  assert.throws(() => kind.parse('61 s'), { ...refused, message: /from 1 second to 1 minute/ });
});

test('a port is a whole number that TCP has', () => {
  assert.equal(kinds.port.parse('0'), 0);
  assert.equal(kinds.port.parse('65535'), 65_535);
  for (const text of ['65536', '-1', '80.5', '0x50', '1e3', 'http', ' 80']) {
    assert.throws(() => kinds.port.parse(text), { ...refused, message: /from 0 to 65535/ }, text);
  }
});

test('byte sizes are powers of 1024 and need a unit', () => {
  const size = kinds.byteSize(1024, 1024 ** 4);
  assert.equal(size.parse('512m'), 512 * 1024 ** 2);
  assert.equal(size.parse('2 GB'), 2 * 1024 ** 3);
  assert.equal(size.parse('1.5GiB'), 1.5 * 1024 ** 3);
  for (const text of ['512', '0k', '2x', '2t', '1 g b']) assert.throws(() => size.parse(text), refused, text);
});

test('a share is a number up to 1 or a percentage up to 100', () => {
  assert.equal(kinds.share.parse('0.03'), 0.03);
  assert.equal(kinds.share.parse('3 %'), 0.03);
  assert.equal(kinds.share.parse('100%'), 1);
  for (const text of ['1.01', '101%', '-0.1', 'half']) assert.throws(() => kinds.share.parse(text), refused, text);
});

test('a choice is refused with all that could have been chosen', () => {
  const kind = kinds.choice('red', 'green', 'blue');
  assert.equal(kind.parse('green'), 'green');
  assert.throws(() => kind.parse('Green'), { ...refused, message: 'must be one of red, green, blue' });
});

test('bootstrap servers are hosts with ports, IPv6 in brackets', () => {
  assert.equal(kinds.bootstrapServers.parse('a:9092, b.example:9093,[::1]:9092'), 'a:9092,b.example:9093,[::1]:9092');
  for (const text of ['a', 'a:0', 'a:70000', 'a:9092,', 'PLAINTEXT://a:9092', 'a b:1']) {
    assert.throws(() => kinds.bootstrapServers.parse(text), refused, text);
  }
});

test('Spark runs locally with a number of cores, or on a cluster', () => {
  for (const text of ['local', 'local[*]', 'local[4]', 'spark://host:7077', 'k8s://https://host', 'yarn']) {
    assert.equal(kinds.sparkMaster.parse(text), text);
  }
  for (const text of ['local[0]', 'local[x]', 'host:7077', 'mesos://x']) {
    assert.throws(() => kinds.sparkMaster.parse(text), refused, text);
  }
});

test('a name of Kafka or Postgres that would need quotes is refused', () => {
  assert.equal(kinds.topicName.parse('user.activity-1_x'), 'user.activity-1_x');
  for (const text of ['..', '.', 'a b', 'ü', 'x'.repeat(250)])
    assert.throws(() => kinds.topicName.parse(text), refused);
  assert.equal(kinds.sqlName.parse('_sluice1'), '_sluice1');
  for (const text of ['Sluice', '1a', 'a-b', 'a;drop', 'x'.repeat(64)]) {
    assert.throws(() => kinds.sqlName.parse(text), refused, text);
  }
});
