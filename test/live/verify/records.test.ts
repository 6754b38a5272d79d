/** A source's records against a lake that a compaction rewrites while Spark reads it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { rewriteDay } from '../../../cli/lake/compaction/day-rewrite.js';
import { planCompaction } from '../../../cli/lake/compaction/index.js';
import { FileMerger } from '../../../cli/lake/compaction/merge.js';
import { chooseSwap } from '../../../cli/lake/compaction/swap.js';
import { lakeFiles } from '../../../cli/lake-listing.js';
import {
  binary,
  type DataFrame,
  integer,
  long,
  SparkSession,
  string,
  structType,
} from '../../../spark/connect/index.js';
import type { Check } from '../../../verify/compare.js';
import { verifyRecords } from '../../../verify/pipeline/records.js';
import { writeLakeFile } from '../../unit/verify/parquet-files.js';

const DAY = 'event_date=2026-03-01';
const PUBLISHER = 'checkpoint-1';

const lake = mkdtempSync(join(tmpdir(), 'sluice-records-'));
let spark: SparkSession;
before(async () => {
  spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? '', {
    ...(process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN && { token: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN }),
  });
  for (const batch of [0, 1]) {
    const folder = join(lake, DAY, `batch_id=${batch}`);
    writeLakeFile(join(folder, 'part-0.parquet'), [
      {
        event_time: 0n,
        user_id: 'u',
        page_url: '/',
        event_type: 'click',
        kafka_partition: 0,
        kafka_offset: BigInt(batch),
        kafka_timestamp: 0n,
        processing_time: 0n,
      },
    ]);
    writeFileSync(join(folder, '_sluice_query_id'), PUBLISHER);
  }
});
after(async () => {
  await spark?.release();
  rmSync(lake, { recursive: true, force: true });
});

const JUDGED = structType({
  reason: string(),
  kafka_partition: integer(),
  kafka_offset: long(),
  dead_key: binary(),
  dead_value: binary(),
});

async function verifiedLake(session: SparkSession, offsets: readonly bigint[]): Promise<Check | undefined> {
  const rows = offsets.map((kafka_offset) => ({
    reason: null,
    kafka_partition: 0,
    kafka_offset,
    dead_key: null,
    dead_value: null,
  }));
  const judged = spark.createDataFrame(rows, JUDGED) as DataFrame;
  const checks = await verifyRecords(session, process.env.KAFKA_BOOTSTRAP_SERVERS ?? '', judged, {
    query: 'visits',
    topic: 'visits',
    deadLetterTopic: 'visits_nobody_writes',
    refused: [],
    rows: rows.length,
    dead: 0,
    lakePath: lake,
  });
  return checks.find(({ name }) => name === 'visits.lake');
}

async function compactDay(): Promise<void> {
  const final = { queryId: PUBLISHER, batchIds: new Set([0n, 1n]), epoch: '1' };
  const [plan] = await planCompaction(lake, final, { days: [], bytesWanted: 1_000_000 });
  assert.ok(plan);
  const compactionId = '00000000-0000-4000-8000-000000000001';
  const scratch = join(lake, '.spark-staging-sluice', `.compaction-${compactionId}`);
  mkdirSync(scratch, { recursive: true });
  using merger = await FileMerger.open();
  await rewriteDay({
    root: lake,
    day: DAY,
    scratch,
    compactionId,
    groups: plan.groups,
    merger,
    swap: await chooseSwap(scratch),
    alone: (exchange) => exchange(),
    onGroup: () => undefined,
    signal: new AbortController().signal,
  });
}

/** The same session, but between listing the files of its first look at a lake and reading them, `work` is done. */
function interrupting(work: () => Promise<void>, failures: string[]): SparkSession {
  let isFirst = true;
  const read = new Proxy(spark.read, {
    get(reader, name) {
      if (name !== 'parquet') return Reflect.get(reader, name) as unknown;
      return (path: string): DataFrame => {
        const found = reader.parquet(path) as DataFrame;
        if (!isFirst) return found;
        isFirst = false;
        const filter = found.filter.bind(found);
        found.filter = ((condition: string) => {
          const filtered = filter(condition);
          const select = filtered.select.bind(filtered);
          filtered.select = ((...columns: string[]) => {
            const selected = select(...columns);
            const count = selected.count.bind(selected);
            selected.count = async () => {
              // Spark keeps a plan that it has analysed, with the files that it found.
              await count();
              await work();
              return await count().catch((error: Error) => {
                failures.push(error.message);
                throw error;
              });
            };
            return selected;
          }) as typeof filtered.select;
          return filtered;
        }) as typeof found.filter;
        return found;
      };
    },
  });
  return new Proxy(spark, {
    get: (session, name) => (name === 'read' ? read : (Reflect.get(session, name, session) as unknown)),
  });
}

it('reads a lake anew when a compaction puts its files away between listing and reading', async () => {
  const failures: string[] = [];
  const check = await verifiedLake(interrupting(compactDay, failures), [0n, 1n]);
  assert.match(failures.join('\n'), /FILE_NOT_EXIST/, 'Spark has met a file that was no longer there');
  assert.deepEqual([check?.status, check?.expected, check?.found], ['passed', 2, 2], JSON.stringify(check));
  assert.equal((await lakeFiles(lake)).length, 1);
});

it('misses an event that the compacted lake does not have', async () => {
  const check = await verifiedLake(spark, [0n, 1n, 2n]);
  assert.deepEqual(
    check?.samples.map(({ kind, where }) => `${kind} ${where}`),
    ['missing {"kafka_partition":0,"kafka_offset":"2"}'],
  );
});
