import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SparkSession } from '../../../../spark/connect/index.js';
import {
  adjoin,
  parseInitialOffsets,
  parseOffsetLog,
  readBatchOffsets,
  readQueryId,
} from '../../../../spark/sinks/offset-log.js';
import { SinkError } from '../../../../spark/sinks/sink-error.js';

const ENTRY = 'v1\n{"batchWatermarkMs":1700000454000,"batchTimestampMs":1,"conf":{}}\n{"t":{"0":300,"1":7}}';

test('an offset log of Spark 4.2 gives the end of each partition and the watermark', () => {
  assert.deepEqual(parseOffsetLog(ENTRY, 'offsets/1'), {
    ends: { t: { '0': 300, '1': 7 } },
    watermarkMs: 1_700_000_454_000,
    plannedAtMs: 1,
    sources: 1,
  });
});

test('a source without data yet adds no offsets', () => {
  assert.deepEqual(parseOffsetLog('v1\n{"batchWatermarkMs":0,"batchTimestampMs":1}\n-', 'offsets/0').ends, {});
});

test('an offset log of another version, or without a watermark or a time, is refused with its path', () => {
  for (const text of ['v2\n{}', 'v10\n{}', '', 'v1\n{"batchTimestampMs":1}\n{}', 'v1\n{"batchWatermarkMs":1}\n{}']) {
    assert.throws(() => parseOffsetLog(text, '/ck/offsets/3'), isCheckpointError('/ck/offsets/3'), text);
  }
});

test('the initial offsets are read past the zero byte and the version line', () => {
  assert.deepEqual(parseInitialOffsets('\u0000v1\n{"t":{"0":5}}', '/ck/sources/0/0'), { t: { '0': 5 } });
  assert.deepEqual(parseInitialOffsets('\u0000v1\n{"t":{"0":5}}\n', '/ck/sources/0/0'), { t: { '0': 5 } });
});

test('initial offsets of another version, or none at all, are refused with their path', () => {
  for (const text of ['\u0000v2\n{"t":{"0":5}}', '{"t":{"0":5}}', '\u0000v1', '']) {
    assert.throws(() => parseInitialOffsets(text, '/ck/sources/0/0'), isCheckpointError('/ck/sources/0/0'), text);
  }
});

test('a file that was cut short is refused as a damaged checkpoint, wherever it was cut', () => {
  const lines = ENTRY.split('\n');
  for (const [index, line] of lines.entries()) {
    for (const length of [1, line.length - 1]) {
      if (length >= line.length) continue;
      const cut = [...lines.slice(0, index), line.slice(0, length)].join('\n');
      assert.throws(() => parseOffsetLog(cut, '/ck/offsets/1'), isCheckpointError('/ck/offsets/1'), cut);
    }
  }
  assert.throws(() => parseInitialOffsets('\u0000v1\n{"t":{"0"', '/ck/s'), isCheckpointError('/ck/s'));
  assert.throws(
    () => parseOffsetLog('v1\n{"batchWatermarkMs":0,"batchTimestampMs":1}\n[1]', '/ck/o'),
    isCheckpointError('/ck/o'),
  );
});

test('the query id is read from the checkpoint, and a checkpoint without one is refused', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-offset-log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  // A folder of the local file system is read without Spark.
  const spark = undefined as unknown as SparkSession;
  const metadata = join(folder, 'metadata');
  await assert.rejects(readQueryId(spark, folder), isCheckpointError(metadata));
  for (const text of ['{"id":7}', '{"id":']) {
    await writeFile(metadata, text);
    await assert.rejects(readQueryId(spark, folder), isCheckpointError(metadata), text);
  }
  await writeFile(metadata, '{"id":"6f6b3c1e-0000-4000-8000-000000000001"}');
  for (const path of [folder, `file:${folder}`, `file://${folder}`]) {
    assert.equal(await readQueryId(spark, path), '6f6b3c1e-0000-4000-8000-000000000001');
  }
});

test('the first batch begins at the initial offsets, each later one where the one before ended', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-offset-log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const spark = undefined as unknown as SparkSession;
  await mkdir(join(folder, 'offsets'));
  await mkdir(join(folder, 'sources', '0'), { recursive: true });
  await writeFile(join(folder, 'sources', '0', '0'), '\u0000v1\n{"t":{"0":5}}');
  await writeFile(join(folder, 'offsets', '0'), 'v1\n{"batchWatermarkMs":0,"batchTimestampMs":5}\n{"t":{"0":9}}');
  await writeFile(
    join(folder, 'offsets', '1'),
    'v1\n{"batchWatermarkMs":12,"batchTimestampMs":6}\n{"t":{"0":9,"1":4}}',
  );
  assert.deepEqual(await readBatchOffsets(spark, folder, 0n), {
    ranges: { t: { '0': [5, 9] } },
    watermarkMs: undefined,
    plannedAtMs: 5,
  });
  assert.deepEqual(await readBatchOffsets(spark, folder, 1n), {
    ranges: { t: { '0': [9, 9], '1': [0, 4] } },
    watermarkMs: 12,
    plannedAtMs: 6,
  });
  await assert.rejects(readBatchOffsets(spark, folder, 2n), isCheckpointError(join(folder, 'offsets', '2')));
});

test('a batch goes on where the one before ended, and a new partition begins at 0', () => {
  assert.deepEqual(adjoin({ t: { '0': 5 } }, { t: { '0': 9, '1': 4 } }), { t: { '0': [5, 9], '1': [0, 4] } });
});

function isCheckpointError(path: string): (error: unknown) => boolean {
  return (error) => error instanceof SinkError && error.kind === 'checkpoint' && error.message.includes(path);
}
