import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { recoverDay, rewriteDay } from '../../../../cli/lake/compaction/day-rewrite.js';
import { planCompaction, recoverCompactions } from '../../../../cli/lake/compaction/index.js';
import { type BatchFolder, groupsOf } from '../../../../cli/lake/compaction/lake-day.js';
import { FileMerger, MergeError } from '../../../../cli/lake/compaction/merge.js';
import { chooseSwap, type Swap } from '../../../../cli/lake/compaction/swap.js';
import { lakeFiles, listLake } from '../../../../cli/lake-listing.js';
import { moveIfAbsent } from '../../../../spark/sinks/lake.js';
import { type LakeFileRow, writeLakeFile } from '../../verify/parquet-files.js';

const DAY = 'event_date=2026-03-01';
const QUERY_ID = 'checkpoint-1';
const upTo = (end: number): number[] => Array.from({ length: end }, (_, at) => at);
const finalUpTo = (end: number) => ({ queryId: QUERY_ID, batchIds: new Set(upTo(end).map(BigInt)), epoch: '1' });
const FINAL = finalUpTo(4);
const ALL = { days: [], bytesWanted: 1_000_000 };
const ID = '00000000-0000-4000-8000-000000000001';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-compaction-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function rowOf(offset: number): LakeFileRow {
  const micros = 1_772_366_400_000_001n + BigInt(offset);
  return {
    event_time: micros,
    user_id: `ü${offset}`,
    page_url: '/',
    event_type: 'click',
    kafka_partition: 0,
    kafka_offset: BigInt(offset),
    kafka_timestamp: micros,
    processing_time: micros,
  };
}

function writeBatch(batch: number, offsets: readonly number[], { day = DAY, publisher = QUERY_ID } = {}): void {
  const folder = join(root, day, `batch_id=${batch}`);
  writeLakeFile(join(folder, 'part-0.parquet'), offsets.map(rowOf));
  writeFileSync(join(folder, '_sluice_query_id'), publisher);
}

function fourBatches(): void {
  for (const batch of [0, 1, 2, 3]) writeBatch(batch, [batch * 2, batch * 2 + 1]);
}

/** As any reader of Parquet would: list, then open. */
async function offsets(files?: readonly string[]): Promise<number[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const paths = files === undefined ? `'${root}/*/*/*.parquet'` : `[${files.map((file) => `'${file}'`).join()}]`;
    const result = await connection.runAndReadAll(
      `SELECT kafka_offset FROM read_parquet(${paths}, hive_partitioning = true) ORDER BY 1`,
    );
    return result.getRows().map(([offset]) => Number(offset));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

interface Attempt {
  readonly final?: typeof FINAL;
  readonly swap?: Swap;
  readonly alone?: (exchange: () => Promise<void>) => Promise<void>;
}

/** One compaction of the day; what it leaves when it fails is left, as a kill would. */
async function rewrite({ final = FINAL, swap, alone = (exchange) => exchange() }: Attempt = {}): Promise<number> {
  const [plan] = await planCompaction(root, final, ALL);
  assert.ok(plan);
  const scratch = join(root, '.spark-staging-sluice', `.compaction-${ID}`);
  mkdirSync(scratch, { recursive: true });
  using merger = await FileMerger.open();
  const { signal } = new AbortController();
  return await rewriteDay({
    root,
    day: DAY,
    scratch,
    compactionId: ID,
    groups: plan.groups,
    merger,
    swap: swap ?? (await chooseSwap(scratch)),
    alone,
    onGroup: () => {},
    signal,
  });
}

const EIGHT = upTo(8);

describe('which batches are merged', () => {
  const folder = (batch: number, bytes: number, files = 1): BatchFolder => ({
    batchId: BigInt(batch),
    name: `batch_id=${batch}`,
    files: Array.from({ length: files }, (_, at) => `part-${at}.parquet`),
    bytes,
    publisher: QUERY_ID,
    batches: [BigInt(batch)],
  });
  const chosen = (folders: readonly BatchFolder[], isFinal: (one: BatchFolder) => boolean = () => true): number[][] =>
    groupsOf(folders, { isFinal, bytesWanted: 100 }).map((group) => group.map(({ batchId }) => Number(batchId)));

  it('are final ones, in their order, up to the wanted size', () => {
    const folders = [0, 1, 2, 3, 4].map((batch) => folder(batch, 40));
    assert.deepEqual(chosen(folders), [
      [0, 1],
      [2, 3],
    ]);
    assert.deepEqual(
      chosen(folders, ({ batchId }) => batchId !== 1n),
      [
        [0, 2],
        [3, 4],
      ],
    );
  });

  it('are not those that have half the size already, nor single files, nor empty folders', () => {
    assert.deepEqual(chosen([folder(0, 50), folder(1, 10), folder(2, 0, 0), folder(3, 10)]), [[1, 3]]);
    assert.deepEqual(chosen([folder(0, 50), folder(1, 10)]), []);
    assert.deepEqual(chosen([folder(0, 50, 2)]), [[0]]);
  });

  it('leaves what another checkpoint has published and what is not in the ledger', async () => {
    fourBatches();
    writeBatch(4, [8]);
    writeBatch(5, [9]);
    writeBatch(2, [4, 5], { publisher: 'another' });
    const [plan] = await planCompaction(root, FINAL, ALL);
    assert.deepEqual(
      plan?.groups.map((group) => group.map(({ name }) => name)),
      [['batch_id=0', 'batch_id=1', 'batch_id=3']],
    );
    assert.deepEqual([plan?.filesBefore, plan?.filesAfter], [6, 4]);
    assert.deepEqual(await planCompaction(root, FINAL, { ...ALL, days: ['2026-03-02'] }), []);
  });
});

describe('a compacted day', () => {
  it('has every row once in one file, and refuses merged batches to a writer that wakes up late', async () => {
    fourBatches();
    assert.equal(await rewrite(), 8);
    await recoverCompactions(root);
    assert.deepEqual(await offsets(), EIGHT);
    const files = await lakeFiles(root);
    assert.deepEqual(files, [join(root, DAY, 'batch_id=3', `compacted-${ID}.parquet`)]);
    const [day] = await listLake(root, new AbortController().signal);
    assert.deepEqual([day?.batches, day?.files, day?.rows], [4, 1, 8]);
    assert.deepEqual(readdirSync(root), [DAY]);
    const late = join(root, 'late');
    mkdirSync(late);
    writeFileSync(join(late, 'part-0.parquet'), '');
    assert.equal(await moveIfAbsent(late, join(root, DAY, 'batch_id=1')), false);
  });

  it('can be compacted again with what has come since', async () => {
    writeBatch(0, [0]);
    writeBatch(1, [1]);
    await rewrite();
    await recoverCompactions(root);
    writeBatch(2, [2]);
    await rewrite();
    await recoverCompactions(root);
    assert.deepEqual(await offsets(), [0, 1, 2]);
    assert.equal((await lakeFiles(root)).length, 1);
    assert.deepEqual(await planCompaction(root, FINAL, ALL), []);
  });

  it('keeps a batch that was published while it was written anew', async () => {
    fourBatches();
    await rewrite({
      alone: async (exchange) => {
        writeBatch(9, [8]);
        await exchange();
      },
    });
    await recoverCompactions(root);
    assert.deepEqual(await offsets(), [...EIGHT, 8]);
  });

  it('stays as it was when a file has changed meanwhile, or when files differ in their columns', async () => {
    fourBatches();
    const changed = rewrite({
      alone: async (exchange) => {
        writeBatch(0, [0, 1, 100]);
        await exchange();
      },
    });
    await assert.rejects(changed, /batch_id=0 has changed while it was merged/);
    await recoverCompactions(root);
    assert.deepEqual(await offsets(), [...EIGHT, 100]);
    writeLakeFile(join(root, DAY, 'batch_id=1', 'part-0.parquet'), [rowOf(2)], 'page_url');
    await assert.rejects(rewrite(), (error) => error instanceof MergeError && /has the columns/.test(error.message));
  });

  const dies = new Error('killed');
  const deaths: Readonly<Record<string, (real: Swap) => Swap>> = {
    'before the exchange': (real) => ({ ...real, swap: () => Promise.reject(dies) }),
    'after it': (real) => ({
      ...real,
      async swap(live, staged, aside) {
        await real.swap(live, staged, aside);
        throw dies;
      },
    }),
    'between two renames': () => ({
      kind: 'two-renames',
      async swap(live, _, aside) {
        renameSync(live, aside);
        throw dies;
      },
    }),
    'after two renames': () => ({
      kind: 'two-renames',
      async swap(live, staged, aside) {
        renameSync(live, aside);
        renameSync(staged, live);
        throw dies;
      },
    }),
  };
  for (const [when, death] of Object.entries(deaths)) {
    it(`is whole again after a compaction that was killed ${when}`, async () => {
      fourBatches();
      await assert.rejects(rewrite({ swap: death(await chooseSwap(root)) }), dies);
      // Published by a pipeline that has gone on.
      writeBatch(9, [8]);
      assert.deepEqual(await recoverCompactions(root), [DAY.slice('event_date='.length)]);
      assert.deepEqual(await offsets(), [...EIGHT, 8]);
      assert.deepEqual(readdirSync(root), [DAY]);
      const again = await planCompaction(root, FINAL, ALL);
      assert.equal(again.length, when.startsWith('after') ? 0 : 1);
    });
  }

  it('is not brought back when it was reset after a kill', async () => {
    fourBatches();
    await assert.rejects(rewrite({ swap: deaths['after it']?.(await chooseSwap(root)) as Swap }), dies);
    rmSync(join(root, DAY), { recursive: true });
    await recoverDay(root, DAY, join(root, '.spark-staging-sluice', `.compaction-${ID}`), ID);
    assert.deepEqual(await lakeFiles(root), []);
  });

  for (const order of ['forwards', 'backwards'] as const) {
    it(`gives who lists it ${order} and then opens the files all rows, or an error, while it changes places`, async () => {
      fourBatches();
      await rewrite();
      await recoverCompactions(root);
      // What is merged now has been merged before, and has folders without data.
      writeBatch(4, [8, 9]);
      writeBatch(5, [10, 11]);
      const before = `${root}-before`;
      renameSync(root, before);
      const seen: Outcome[] = [];
      try {
        for (let steps = 0; seen.at(-1) !== 'over before it'; steps++) {
          cpSync(before, root, { recursive: true });
          seen.push(await outcome(steps, order));
          rmSync(root, { recursive: true });
        }
      } finally {
        rmSync(before, { recursive: true });
      }
      // Six folders and three files: at first the reader finds the new day, then it meets a file that is gone, and at last it is through.
      assert.equal(seen.length, 11);
      assert.equal(seen[0], 'all rows');
      assert.ok(seen.includes('a file is gone'));
    });
  }

  /** Of a reader who has made so many steps when the day changes places. */
  async function outcome(steps: number, order: 'forwards' | 'backwards'): Promise<Outcome> {
    const reader = read(order);
    let next: IteratorResult<void, number[]> = { done: false, value: undefined };
    for (let step = 0; step < steps && next.done !== true; step++) next = await reader.next();
    const isOver = next.done === true;
    await rewrite({ final: finalUpTo(6) });
    while (next.done !== true) {
      try {
        next = await reader.next();
      } catch (error) {
        assert.match((error as Error).message, /No files found/);
        return 'a file is gone';
      }
    }
    assert.deepEqual(next.value, upTo(12));
    return isOver ? 'over before it' : 'all rows';
  }
});

type Outcome = 'all rows' | 'a file is gone' | 'over before it';

/** Lists one folder a step, then opens one file a step. */
async function* read(order: 'forwards' | 'backwards'): AsyncGenerator<void, number[]> {
  const inOrder = (names: string[]): string[] => (order === 'forwards' ? names.sort() : names.sort().reverse());
  const files: string[] = [];
  for (const batch of inOrder(readdirSync(join(root, DAY)).filter((name) => name.startsWith('batch_id=')))) {
    yield;
    const folder = join(root, DAY, batch);
    files.push(
      ...inOrder(readdirSync(folder).filter((name) => name.endsWith('.parquet'))).map((name) => join(folder, name)),
    );
  }
  const found: number[] = [];
  for (const file of files) {
    yield;
    found.push(...(await offsets([file])));
  }
  return found.sort((a, b) => a - b);
}
