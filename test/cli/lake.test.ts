import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type LakeFileRow, writeLakeFile } from '../unit/verify/parquet-files.js';
import { sluice, temporaryFolder } from './run-sluice.js';

const ROW: LakeFileRow = {
  event_time: 0n,
  user_id: 'u',
  page_url: '/',
  event_type: 'click',
  kafka_partition: 0,
  kafka_offset: 0n,
  kafka_timestamp: 0n,
  processing_time: 0n,
};

/** Two days with three batches, and what is no data beside them. */
function lakeFolder(t: TestContext): string {
  const cwd = temporaryFolder(t);
  const file = (path: string, rows: number): void =>
    writeLakeFile(
      join(cwd, 'data/lake', path),
      Array.from({ length: rows }, () => ROW),
    );
  file('event_date=2026-03-02/batch_id=1/a.parquet', 3);
  file('event_date=2026-03-01/batch_id=0/a.parquet', 1);
  file('event_date=2026-03-01/batch_id=1/a.parquet', 2);
  file('event_date=2026-03-01/batch_id=1/b.parquet', 4);
  file('.spark-staging-sluice/events-2/event_date=2026-03-01/batch_id=2/a.parquet', 50);
  writeFileSync(join(cwd, 'data/lake/event_date=2026-03-01/batch_id=1/_sluice_query_id'), 'q');
  return cwd;
}

test('the days of the lake are listed with the rows that their files have, and nothing that is not published', async (t) => {
  const cwd = lakeFolder(t);
  const [text, json] = await Promise.all([sluice(['lake', 'ls'], { cwd }), sluice(['lake', 'ls', '--json'], { cwd })]);
  assert.equal(text.exitCode, 0, text.stderr);
  const [path, , ...lines] = text.stdout.trimEnd().split('\n');
  assert.equal(path, join(cwd, 'data/lake'));
  assert.deepEqual(
    lines.map((line) => line.split(/ {2,}/).slice(0, 4)),
    [
      ['2026-03-01', '2', '3', '7'],
      ['2026-03-02', '1', '1', '3'],
      ['all', '3', '4', '10'],
    ],
  );
  const { format, lakes } = JSON.parse(json.stdout) as {
    format: string;
    lakes: { query: string; days: { day: string; rows: number; bytes: number }[] }[];
  };
  assert.deepEqual([format, lakes.map(({ query }) => query)], ['lake/1', ['events']]);
  assert.deepEqual(
    lakes[0]?.days.map(({ day, rows }) => [day, rows]),
    [
      ['2026-03-01', 7],
      ['2026-03-02', 3],
    ],
  );
  assert.ok(lakes[0]?.days.every(({ bytes }) => bytes > 500));
});

test('a lake that is empty, broken or elsewhere is said', async (t) => {
  const cwd = temporaryFolder(t);
  const empty = await sluice(['lake', 'ls'], { cwd });
  assert.deepEqual([empty.exitCode, empty.stdout], [0, ''], empty.stderr);
  assert.match(empty.stderr, /nothing is in .*\/data\/lake yet/);

  const elsewhere = await sluice(['lake', 'ls'], { cwd, env: { LAKE_PATH: 's3a://bucket/lake' } });
  assert.deepEqual([elsewhere.exitCode, elsewhere.stdout], [2, '']);
  assert.match(elsewhere.stderr, /s3a:\/\/bucket\/lake; this command reads local folders only/);

  const broken = lakeFolder(t);
  writeFileSync(join(broken, 'data/lake/event_date=2026-03-02/batch_id=1/a.parquet'), 'no Parquet at all');
  const { exitCode, stderr } = await sluice(['lake', 'ls'], { cwd: broken });
  assert.equal(exitCode, 1);
  assert.match(stderr, /batch_id=1\/a\.parquet cannot be read as Parquet: /);
});
