/** `sluice sql` on real services: what it can name, how it prints, how it fails and ends. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import pg from 'pg';
import { SparkSession } from '../../../spark/connect/index.js';
import { sluice, startSluice, temporaryFolder } from '../../cli/run-sluice.js';
import { assertSlotsFree } from '../connect/slow-job.js';

const PASSWORD = new URL(required('SLUICE_TEST_WRITER_URL')).password;
const page = `/sql-${randomUUID()}`;
const database = new pg.Client({ connectionString: required('DATABASE_URL') });

before(async () => {
  await database.connect();
  await database.query(
    `INSERT INTO page_view_counts (window_start, window_end, page_url, view_count, batch_id)
     VALUES ('2026-03-01 12:00Z', '2026-03-01 12:01Z', $1, 7, 0), ('2026-03-01 12:01Z', '2026-03-01 12:02Z', $1, 5, 0)`,
    [page],
  );
});
after(async () => {
  await database.query('DELETE FROM page_view_counts WHERE page_url = $1', [page]);
  await database.end();
});

function options(t: TestContext, lakePath = '') {
  const cwd = temporaryFolder(t);
  return {
    cwd,
    env: {
      SPARK_REMOTE: required('SPARK_REMOTE'),
      SPARK_CONNECT_AUTHENTICATE_TOKEN: required('SPARK_CONNECT_AUTHENTICATE_TOKEN'),
      KAFKA_BOOTSTRAP_SERVERS: required('KAFKA_BOOTSTRAP_SERVERS'),
      DATABASE_URL: required('DATABASE_URL'),
      DATABASE_WRITER_URL: required('SLUICE_TEST_WRITER_URL'),
      LAKE_PATH: lakePath === '' ? join(cwd, 'lake') : lakePath,
    },
  };
}

test('a result table is read through Spark, and no password is in the plan', async (t) => {
  const { exitCode, stdout, stderr } = await sluice(
    [
      'sql',
      '--json',
      '-c',
      `select sum(view_count) as views, min(window_start) as first from page_view_counts where page_url = '${page}';
       explain formatted select * from page_view_counts`,
    ],
    options(t),
  );
  assert.equal(exitCode, 0, stderr);
  const [first = '', plan = ''] = stdout.split('\n');
  assert.equal(first, '{"views":12,"first":"2026-03-01T12:00:00.000000Z"}');
  assert.match(plan, /page_view_counts/);
  assert.ok(PASSWORD.length > 8 && !`${stdout}${stderr}`.includes(PASSWORD));
});

test('a result table cannot be written through its view', async (t) => {
  const insert = `insert into page_view_counts select * from page_view_counts where page_url = '${page}'`;
  const { exitCode } = await sluice(['sql', '-c', insert], options(t));
  assert.equal(exitCode, 1);
  const { rows } = await database.query('SELECT count(*)::int AS n FROM page_view_counts WHERE page_url = $1', [page]);
  assert.equal(rows[0]?.n, 2);
});

test('the lake is seen as it is at each statement, and one that is not there yet is said', async (t) => {
  const without = await sluice(['sql', '-c', 'select count(*) from lake_events'], options(t));
  assert.equal(without.exitCode, 1);
  assert.match(without.stderr, /^TABLE_OR_VIEW_NOT_FOUND, SQLSTATE 42P01$/m);
  assert.match(without.stderr, /^lake_events is not there: /m);
  assert.match(without.stderr, /\^{11}/);

  const place = options(t);
  const spark = await SparkSession.connect(required('SPARK_REMOTE'), {
    token: required('SPARK_CONNECT_AUTHENTICATE_TOKEN'),
  });
  const lake = place.env.LAKE_PATH;
  mkdirSync(lake, { recursive: true });
  await spark
    .sql(`select 'u1' as user_id, date'2026-03-01' as event_date, 0 as batch_id`)
    .write.format('parquet')
    .partitionBy('event_date', 'batch_id')
    .mode('append')
    .save(lake);
  const count = 'select event_date, count(*) as n from lake_events group by 1 order by 1';
  const folder = `${lake}/event_date=2026-03-02/batch_id=1`;
  const add = `insert overwrite directory '${folder}' using parquet select 'u2' as user_id`;
  writeFileSync(join(place.cwd, 'lake.sql'), `${count};\n${add}; -- a batch; or so\n${count};\n`);
  const read = await sluice(['sql', '-f', 'lake.sql', '--format', 'csv'], place);
  const [before, after] = ['2026-03-01,1\r\n', '2026-03-02,1\r\n'];
  const title = 'event_date,n\r\n';
  assert.deepEqual([read.exitCode, read.stdout], [0, title + before + title + before + after], read.stderr);
  await spark.release();
});

test('the statement that fails ends a script with exit code 1, and those before it have been printed', async (t) => {
  const { exitCode, stdout, stderr } = await sluice(['sql', '-c', 'select 1 as one; selec 2; select 3'], options(t));
  assert.equal(exitCode, 1);
  assert.equal(stdout, 'one\n  1\n');
  assert.match(stderr, /^PARSE_SYNTAX_ERROR, SQLSTATE 42601$/m);
});

test('what cannot be read is exit code 2, before Spark is asked', async (t) => {
  const place = options(t);
  for (const [args, message] of [
    [['-f', 'none.sql'], /cannot be read: ENOENT/],
    [['-c', ' -- nothing\n'], /no statement to run/],
    [['-c', 'select 1; select 2', '--format', 'arrow'], /one statement; there are 2/],
    [['-c', 'select 1', '--format', 'xml'], /--format must be one of table, json, csv, arrow, not "xml"/],
  ] as const) {
    const { exitCode, stdout, stderr } = await sluice(['sql', ...args], place);
    assert.deepEqual([exitCode, stdout], [2, ''], stderr);
    assert.match(stderr, message);
  }
});

test('Ctrl-C interrupts the statement at Spark and ends with 130', async (t) => {
  const place = options(t);
  // Finite, and interrupted only when its tasks run: Spark can lose an interrupt that comes before.
  const slow = 'select count(*) from range(0, 20000000000, 1, 2) where id % 7 = -1';
  const { child, result } = startSluice(['sql', '-c', slow], place);
  const progress = new Promise<void>((resolve) => {
    child.stderr?.on('data', (text: string) => {
      if (/tasks done, [1-9]\d* running/.test(text)) resolve();
    });
  });
  await progress;
  child.kill('SIGINT');
  const { exitCode, stdout, stderr } = await result;
  assert.deepEqual([exitCode, stdout], [130, ''], stderr);
  const spark = await SparkSession.connect(required('SPARK_REMOTE'), {
    token: required('SPARK_CONNECT_AUTHENTICATE_TOKEN'),
  });
  await assertSlotsFree(spark);
  await spark.release();
});

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run \`npm test -- live/cli\``);
  return value;
}
