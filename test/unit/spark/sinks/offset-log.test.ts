import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjoin, parseInitialOffsets, parseOffsetLog } from '../../../../spark/sinks/offset-log.js';
import type { SinkError } from '../../../../spark/sinks/sink-error.js';

const ENTRY = 'v1\n{"batchWatermarkMs":1700000454000,"batchTimestampMs":1,"conf":{}}\n{"t":{"0":300,"1":7}}';

test('an offset log of Spark 4.2 gives the end of each partition and the watermark', () => {
  assert.deepEqual(parseOffsetLog(ENTRY, 'offsets/1'), {
    ends: { t: { '0': 300, '1': 7 } },
    watermarkMs: 1_700_000_454_000,
  });
});

test('a source without data yet adds no offsets', () => {
  assert.deepEqual(parseOffsetLog('v1\n{"batchWatermarkMs":0}\n-', 'offsets/0').ends, {});
});

test('an offset log of another version, or without a watermark, is refused with its path', () => {
  for (const text of ['v9\n{}', '', 'v1\n{"batchTimestampMs":1}\n{}']) {
    assert.throws(
      () => parseOffsetLog(text, '/ck/offsets/3'),
      (error: SinkError) => error.kind === 'checkpoint' && error.message.includes('/ck/offsets/3'),
    );
  }
});

test('the initial offsets are read past the zero byte and the version line', () => {
  assert.deepEqual(parseInitialOffsets('\u0000v1\n{"t":{"0":5}}'), { t: { '0': 5 } });
});

test('a batch goes on where the one before ended, and a new partition begins at 0', () => {
  assert.deepEqual(adjoin({ t: { '0': 5 } }, { t: { '0': 9, '1': 4 } }), { t: { '0': [5, 9], '1': [0, 4] } });
});
