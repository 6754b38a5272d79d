import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Check } from '../../../verify/compare.js';
import { Coverage } from '../../../verify/coverage.js';
import { type LakeVerdict, verifyLake } from '../../../verify/lake.js';
import { type LakeFileRow, writeLakeFile } from './parquet-files.js';
import { batchesOf, DAY, eventJson, KAFKA_MS, storeOf, type TestEvent, topicRecord, us } from './support.js';

/** Offsets 0 and 1 are batch 0, 2 (dead) and 3 are batch 1, 4 is not in the ledger yet. */
const EVENTS: readonly (TestEvent | string)[] = [
  { at: '12:00:00.000001', user: 'ü' },
  { at: '12:00:01', page: '/x' },
  'dead',
  { at: '12:00:03', type: 'click' },
  { at: '12:00:04' },
];
const PROCESSED = us('13:00:00');

let lake = '';
beforeEach(() => {
  lake = mkdtempSync(join(tmpdir(), 'sluice-lake-'));
});
afterEach(() => {
  rmSync(lake, { recursive: true, force: true });
});

function rowOf(offset: number, change: Partial<LakeFileRow> = {}): LakeFileRow {
  const { at, user = 'u1', page = '/', type = 'page_view' } = EVENTS[offset] as TestEvent;
  return {
    event_time: us(at),
    user_id: user,
    page_url: page,
    event_type: type,
    kafka_partition: 0,
    kafka_offset: BigInt(offset),
    kafka_timestamp: BigInt(KAFKA_MS) * 1000n,
    processing_time: PROCESSED,
    ...change,
  };
}

function write(batch: number, rows: readonly LakeFileRow[], date: string = DAY, name = 'part-0.snappy.parquet'): void {
  writeLakeFile(join(lake, `event_date=${date}`, `batch_id=${batch}`, name), rows);
}

async function verdict(path = lake): Promise<LakeVerdict> {
  const coverage = new Coverage(storeOf(EVENTS), {
    query: 'events',
    batches: batchesOf([2], [2]),
    offsets: 4,
    ends: new Map([[0, 4]]),
  });
  const lookup = async (coordinates: readonly { offset: number }[]): Promise<ReturnType<typeof topicRecord>[]> =>
    coordinates.map(({ offset }) => topicRecord(0, offset, eventJson(EVENTS[offset] as TestEvent)));
  return verifyLake({ path, topic: 'user_activity', coverage, lookup, coversAny: true });
}

const [ROWS, FILES] = [0, 1];
async function check(which: number, path = lake): Promise<Check> {
  const one = (await verdict(path)).checks[which];
  assert.ok(one);
  return one;
}

describe('the lake', () => {
  it('passes when each valid event is there once, in any number of files', async () => {
    write(0, [rowOf(0)]);
    write(0, [rowOf(1)], DAY, 'part-1.snappy.parquet');
    write(1, [rowOf(3)]);
    writeFileSync(join(lake, '_SUCCESS'), '');
    writeFileSync(join(lake, `event_date=${DAY}`, 'batch_id=0', '.part-0.snappy.parquet.crc'), '');
    const { checks, processingTimes } = await verdict();
    assert.deepEqual(
      checks.map(({ status, samples }) => [status, samples]),
      [
        ['passed', []],
        ['passed', []],
      ],
    );
    assert.deepEqual([checks[ROWS]?.expected, checks[ROWS]?.found], [3, 3]);
    assert.deepEqual(
      [...processingTimes],
      [
        [0, PROCESSED],
        [1, PROCESSED],
      ],
    );
  });

  it('does not read folders of batches after the ledger’s last, and says so', async () => {
    write(0, [rowOf(0), rowOf(1)]);
    write(1, [rowOf(3)]);
    write(2, [rowOf(4)]);
    const { checks, inFlightFolders } = await verdict();
    assert.deepEqual(
      checks.map(({ status }) => status),
      ['passed', 'passed'],
    );
    assert.equal(inFlightFolders, 1);
    assert.match(checks[FILES]?.note ?? '', /in flight/);
  });

  const merge = (rows: readonly LakeFileRow[], batches: readonly string[]): void => {
    write(1, rows, DAY, 'compacted-1.parquet');
    const note = { format: 'lake-compaction/1', batches };
    writeFileSync(join(lake, `event_date=${DAY}`, 'batch_id=1', '_sluice_compacted'), JSON.stringify(note));
    mkdirSync(join(lake, `event_date=${DAY}`, 'batch_id=0'));
    writeFileSync(join(lake, `event_date=${DAY}`, 'batch_id=0', '_sluice_query_id'), 'q');
  };

  it('passes when batches were merged, each row still its own batch’s', async () => {
    merge([rowOf(0), rowOf(1), rowOf(3, { processing_time: 5n })], ['0', '1']);
    const { checks, processingTimes } = await verdict();
    assert.deepEqual(
      checks.map(({ status, samples }) => [status, samples]),
      [
        ['passed', []],
        ['passed', []],
      ],
    );
    assert.deepEqual(Object.fromEntries(processingTimes), { 0: PROCESSED, 1: 5n });
  });

  it('finds in a merged folder rows of a batch that it is not said to have, and rows that are elsewhere too', async () => {
    merge([rowOf(0), rowOf(1), rowOf(3)], ['1']);
    assert.deepEqual((await check(ROWS ?? 0)).samples[0]?.kind, 'unexpected');
    rmSync(join(lake, `event_date=${DAY}`), { recursive: true });
    merge([rowOf(0), rowOf(1), rowOf(3)], ['0', '1']);
    write(0, [rowOf(0)]);
    assert.deepEqual((await check(ROWS ?? 0)).samples[0]?.kind, 'duplicate');
  });

  const sabotages: readonly (readonly [
    title: string,
    change: () => void,
    kind: string,
    where: RegExp,
    detail?: RegExp,
  ])[] = [
    ['a missing row', () => write(0, [rowOf(0)]), 'missing', /offset 1$/],
    ['a row twice in a file', () => write(0, [rowOf(0), rowOf(1), rowOf(1)]), 'duplicate', /offset 1$/],
    ['a file twice', () => write(0, [rowOf(0), rowOf(1)], DAY, 'part-9.snappy.parquet'), 'duplicate', /offset 0$/],
    [
      'a time off by a microsecond',
      () => write(0, [rowOf(0, { event_time: us('12:00:00.000002') }), rowOf(1)]),
      'different',
      /offset 0$/,
      /^event_time 2026-03-01T12:00:00\.000001Z$/,
    ],
    ['another user', () => write(0, [rowOf(0, { user_id: 'u' }), rowOf(1)]), 'different', /offset 0$/, /^user_id ü$/],
    [
      'another page',
      () => write(0, [rowOf(0), rowOf(1, { page_url: '/y' })]),
      'different',
      /offset 1$/,
      /^page_url \/x$/,
    ],
    [
      'another type',
      () => write(1, [rowOf(3, { event_type: 'klick' })]),
      'different',
      /offset 3$/,
      /^event_type click$/,
    ],
    [
      'another Kafka time',
      () => write(1, [rowOf(3, { kafka_timestamp: 5n })]),
      'different',
      /offset 3$/,
      /^kafka_timestamp/,
    ],
    [
      'two processing times in a batch',
      () => write(0, [rowOf(0), rowOf(1, { processing_time: 5n })]),
      'different',
      /offset 1, processing_time/,
    ],
    ['a dead record’s row', () => write(1, [rowOf(3), rowOf(3, { kafka_offset: 2n })]), 'unexpected', /offset 2$/],
    ['a row from nowhere', () => write(1, [rowOf(3), rowOf(3, { kafka_offset: 99n })]), 'unexpected', /offset 99$/],
    [
      'a row of a partition that is none',
      () => write(1, [rowOf(3), rowOf(3, { kafka_partition: 9 })]),
      'unexpected',
      /partition 9/,
    ],
    ['a row under another batch', () => write(1, [rowOf(3), rowOf(1)]), 'unexpected', /offset 1$/, /^batch 0$/],
    [
      'a row that no batch has read, in a listed batch',
      () => write(1, [rowOf(3), rowOf(4)]),
      'unexpected',
      /offset 4$/,
    ],
  ];
  for (const [title, change, kind, where, detail] of sabotages) {
    it(`finds ${title}`, async () => {
      write(0, [rowOf(0), rowOf(1)]);
      write(1, [rowOf(3)]);
      change();
      const { status, samples } = await check(ROWS ?? 0);
      assert.equal(status, 'failed');
      const sample = samples.find((one) => one.kind === kind);
      assert.match(sample?.where ?? JSON.stringify(samples), where);
      if (detail !== undefined) assert.match(sample?.expected ?? '', detail);
    });
  }

  it('finds a row under the wrong day', async () => {
    write(0, [rowOf(0), rowOf(1)]);
    write(1, [rowOf(3)], '2026-03-02');
    const { samples } = await check(ROWS ?? 0);
    assert.match(samples[0]?.where ?? '', /event_date/);
  });

  it('finds a file that is no Parquet, and one of another schema', async () => {
    write(0, [rowOf(0), rowOf(1)]);
    write(1, [rowOf(3)]);
    writeFileSync(join(lake, `event_date=${DAY}`, 'batch_id=1', 'part-7.parquet'), 'not parquet at all');
    assert.equal((await check(ROWS ?? 0)).samples[0]?.kind, 'broken');
    writeLakeFile(join(lake, `event_date=${DAY}`, 'batch_id=1', 'part-7.parquet'), [rowOf(3)], 'page_url');
    assert.match((await check(ROWS ?? 0)).samples[0]?.found ?? '', /its columns are/);
  });

  it('finds what does not belong into the folders', async () => {
    write(0, [rowOf(0), rowOf(1)]);
    write(1, [rowOf(3)]);
    writeFileSync(join(lake, 'notes.txt'), '');
    mkdirSync(join(lake, `event_date=${DAY}`, 'batch=3'));
    writeFileSync(join(lake, `event_date=${DAY}`, 'batch_id=1', 'data.csv'), '');
    const { differences, samples } = await check(FILES ?? 1);
    assert.equal(differences, 3, JSON.stringify(samples));
  });

  it('mentions what an unfinished write left, and passes', async () => {
    write(0, [rowOf(0), rowOf(1)]);
    write(1, [rowOf(3)]);
    mkdirSync(join(lake, '.spark-staging-1'));
    mkdirSync(join(lake, '_temporary'));
    const { status, note } = await check(FILES ?? 1);
    assert.equal(status, 'passed');
    assert.match(note ?? '', /\.spark-staging-1, _temporary/);
  });

  it('fails when it does not exist though events are expected', async () => {
    const { status, differences } = await check(ROWS ?? 0, join(lake, 'none'));
    assert.deepEqual([status, differences], ['failed', 3]);
  });

  it('is not run, and does not hold, on a file system that verify cannot read', async () => {
    const { status, holds } = await check(ROWS ?? 0, 's3a://bucket/lake');
    assert.deepEqual([status, holds], ['not-run', false]);
  });
});
