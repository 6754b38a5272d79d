import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
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

test('SQL is asked of the published files only, with the day and the batch that their folders name', async (t) => {
  const cwd = lakeFolder(t);
  const query = (...args: string[]) => sluice(['lake', 'query', ...args], { cwd });
  const byDay = 'select event_date, count(*) as n, max(batch_id) as last from lake_events group by 1 order by 1';
  const [table, json, csv] = await Promise.all([
    query(byDay),
    query(byDay, '--json'),
    query(
      `create view v as ${byDay}; select sum(n) as all_rows, date '2026-01-02' as d, null as nothing, 'a,b' as t from v`,
      '--format',
      'csv',
    ),
  ]);
  assert.equal(table.exitCode, 0, table.stderr);
  assert.deepEqual(table.stdout.trimEnd().split('\n'), [
    'event_date  n  last',
    '2026-03-01  7     1',
    '2026-03-02  3     1',
  ]);
  assert.deepEqual(json.stdout.trimEnd().split('\n'), [
    '{"event_date":"2026-03-01","n":7,"last":1}',
    '{"event_date":"2026-03-02","n":3,"last":1}',
  ]);
  assert.deepEqual([csv.exitCode, csv.stdout], [0, 'all_rows,d,nothing,t\r\n10,2026-01-02,,"a,b"\r\n']);
});

test('a query reaches no other file, writes none and says what DuckDB says', async (t) => {
  const cwd = lakeFolder(t);
  const query = (...args: string[]) => sluice(['lake', 'query', ...args], { cwd });
  const own = join(cwd, 'data/lake/event_date=2026-03-02/batch_id=1/a.parquet');
  const unpublished = join(cwd, 'data/lake/.spark-staging-sluice/events-2/event_date=2026-03-01/batch_id=2/a.parquet');
  const before = readFileSync(own);
  const [write, read, staged, mistake, empty] = await Promise.all([
    query(`copy (select 1 as x) to '${own}' (format parquet)`),
    query("select * from read_text('/etc/hostname')"),
    query(`select * from read_parquet('${unpublished}')`),
    query('select no_such from lake_events'),
    sluice(['lake', 'query', 'select 1 as one', '--json'], { cwd: temporaryFolder(t) }),
  ]);
  assert.deepEqual([write.exitCode, write.stdout], [1, '']);
  assert.match(write.stderr, /The lake is read only: COPY statements are not run/);
  assert.deepEqual(readFileSync(own), before);
  for (const { exitCode, stdout, stderr } of [read, staged]) {
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, /Permission Error/);
  }
  assert.equal(mistake.exitCode, 1);
  assert.match(mistake.stderr, /"no_such" not found/);
  assert.doesNotMatch(mistake.stderr, /\n {4}at /);
  assert.deepEqual([empty.exitCode, empty.stdout], [0, '{"one":1}\n']);
  assert.match(empty.stderr, /nothing is in .*\/data\/lake yet; there is no lake_events/);
});

test('a query without a statement, with two, or of a lake elsewhere is refused before anything is read', async (t) => {
  const cwd = temporaryFolder(t);
  const [two, file, elsewhere] = await Promise.all([
    sluice(['lake', 'query', 'select 1', '--file', 'x.sql'], { cwd }),
    sluice(['lake', 'query', '--file', 'no-such.sql'], { cwd }),
    sluice(['lake', 'query', 'select 1'], { cwd, env: { LAKE_PATH: 's3a://bucket/lake' } }),
  ]);
  assert.deepEqual([two.exitCode, file.exitCode, elsewhere.exitCode], [2, 2, 2]);
  assert.match(two.stderr, /a statement and a --file/);
  assert.match(file.stderr, /no-such\.sql/);
  assert.match(elsewhere.stderr, /reads local folders only/);
});

test('a text without a statement is told as such, whether it comes as an argument, from a file or from a pipe', async (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'comments.sql'), '-- nothing yet\n;\n/* later */');
  const results = await Promise.all([
    // Tests give no input: a pipe that ends at once.
    sluice(['lake', 'query'], { cwd }),
    sluice(['lake', 'query', ' ; '], { cwd }),
    sluice(['lake', 'query', '--file', 'comments.sql', '--json'], { cwd }),
  ]);
  for (const { exitCode, stdout, stderr } of results) {
    assert.deepEqual([exitCode, stdout], [2, '']);
    assert.match(stderr, /There is no statement to run: sluice lake query "select/);
  }
});
