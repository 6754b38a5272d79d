/**
 * The whole system as a user runs it, under kill -9 and under a forger's hand: the built command, services of its own, real signals. One stack for
 * the file; the tests build on one another in order.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { endpointsOf } from '../../config/endpoints.js';
import { LAKE_FILES } from '../../config/names.js';
import { readSettings } from '../../config/settings.js';
import { userActivity } from '../../spark/pipeline/index.js';
import { awaitCaughtUp } from '../../spark/supervisor/index.js';
import { readStack, type Stack } from '../../stack/index.js';
import type { VerifyReport } from '../../verify/index.js';
import { sluice, startSluice } from '../cli/run-sluice.js';
import { poisonRecords, REFUSED_PAGE } from './poison-records.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-crash-'));
const environment = { SLUICE_STATE: join(folder, 'state'), LAKE_PATH: join(folder, 'lake') };
const settings = readSettings(environment, folder);
const own = { cwd: folder, env: environment };
/** How long the system may take to get over a kill on a busy machine. */
const RECOVERY_MS_MAX = 180_000;

interface CompactReport {
  readonly lakes: readonly {
    readonly swap: string | null;
    readonly recovered: readonly string[];
    readonly days: readonly { readonly filesBefore: number; readonly filesAfter: number }[];
  }[];
}

before(async () => {
  const run = await sluice(['run', '--detach', '--json'], own);
  assert.equal(run.exitCode, 0, run.stderr);
});

after(async () => {
  const pids = await servicePids();
  const down = await sluice(['down', '--json'], own);
  assert.equal(down.exitCode, 0, down.stderr);
  assert.deepEqual(pids.filter(isRunning), [], 'processes are left after sluice down');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('a worker killed in the middle of a run leaves nothing lost and nothing counted twice', async () => {
  const producing = produce(20_000, 11);
  const worker = await someWorker();
  process.kill(worker, 'SIGKILL');
  await producing;
  // A query notices the loss of its worker with its next batch at the latest.
  await produce(2_000, 12);
  await caughtUp();
  assertVerified(await verify());
  assert.match(await readFile(join(environment.SLUICE_STATE, 'logs', 'run.log'), 'utf8'), /failed, starting again/);
});

test('a Spark server killed in the middle of a run comes back and leaves nothing lost and nothing counted twice', async () => {
  const producing = produce(20_000, 13);
  const { spark } = await stack();
  await batchUnderWay();
  process.kill(spark.pid, 'SIGKILL');
  await producing;
  await caughtUp();
  assertVerified(await verify());
  assert.notEqual((await stack()).spark.pid, spark.pid);
});

test('the lake is compacted beside a running pipeline, and a compaction killed in the middle harms nothing', async () => {
  const producing = produce(20_000, 14);
  const killed = startSluice(['lake', 'compact'], own);
  const scratch = join(environment.LAKE_PATH, LAKE_FILES.staging);
  for (;;) {
    const names = await readdir(scratch, { recursive: true }).catch(() => []);
    if (names.some((name) => /^\.compaction-.*batch_id=/.test(name)) || killed.child.exitCode !== null) break;
  }
  killed.child.kill('SIGKILL');
  const { exitCode, stderr } = await killed.result;
  assert.equal(exitCode, undefined, `it ended before it could be killed: ${stderr}`);
  const compact = async (...options: string[]): Promise<CompactReport['lakes'][number]> => {
    const result = await sluice(['lake', 'compact', '--json', ...options], own);
    assert.equal(result.exitCode, 0, result.stderr);
    return (JSON.parse(result.stdout) as CompactReport).lakes[0] as CompactReport['lakes'][number];
  };
  const planned = await compact('--dry-run');
  const done = await compact();
  assert.deepEqual([planned.recovered.length, planned.swap, done.recovered.length], [0, null, 1]);
  assert.ok(done.days.some(({ filesBefore, filesAfter }) => filesAfter < filesBefore));
  assertVerified(await verify());
  await producing;
  await caughtUp();
  await compact();
  assertVerified(await verify());
  assert.deepEqual(
    (await readdir(environment.LAKE_PATH)).filter((name) => name.startsWith('.')),
    [],
  );
});

test('what commands print of a running system with --json is as documented', async () => {
  const calls = [
    ['status'],
    ['top', '--once'],
    ['queries', 'list'],
    ['queries', 'show', 'user_sessions'],
    ['queries', 'explain', 'active_users'],
    ['queries', 'explain', 'active_users', '--physical'],
    ['queries', 'stop', 'active_users'],
    ['queries', 'restart', 'active_users'],
    ['logs', '--lines', '200', '--level', 'info'],
    ['table', 'user_sessions'],
    ['dlq', 'ls'],
    ['dlq', 'show', '--limit', '3'],
    ['lake', 'ls'],
    ['env'],
    ['config', 'show'],
    ['doctor'],
    ['up'],
    ['prepare'],
    ['open', 'spark'],
    ['reset', '--all', '--dry-run'],
  ];
  for (const call of calls) {
    // Held against the schema on the way.
    const { exitCode, stdout, stderr } = await sluice([...call, '--json'], own);
    // What these two say of the machine is not this test's.
    assert.ok(exitCode === 0 || call[0] === 'doctor' || call[0] === 'open', `${call.join(' ')}: ${stderr}`);
    assert.notEqual(stdout, '', call.join(' '));
  }
});

test('poison of every kind is judged, or refused by a sink and noted, and holds up nothing', async () => {
  await sql(`ALTER TABLE page_view_counts ADD CONSTRAINT of_test CHECK (page_url <> '${REFUSED_PAGE}')`);
  const kafka = new Kafka({ brokers: [(await stack()).kafka.bootstrapServers], logLevel: logLevel.NOTHING });
  await limitRecordBytes(kafka, settings.topics.deadLetter, 700_000);
  const now = new Date();
  const good = { event_time: now, user_id: 'large', page_url: '/', event_type: 'page_view' };
  const large = [JSON.stringify({ ...good, more: 'x'.repeat(1_000_000) }), `{${'x'.repeat(1_000_000)}`];
  const messages = [...poisonRecords(2_000, 5, now), ...large.map((value) => ({ key: null, value }))];
  const producer = kafka.producer();
  await producer.connect();
  for (let i = 0; i < messages.length; i += 500)
    await producer.send({ topic: settings.topics.activity, messages: messages.slice(i, i + 500) });
  await producer.disconnect();
  await caughtUp();
  const report = await verify();
  assertVerified(report);
  const refused = new Map(report.queries.map((query) => [query.query, query.refused]));
  assert.ok((refused.get('page_view_counts') ?? 0) > 0, 'the table has refused no row');
  assert.equal(refused.get('events'), 1, 'the one dead letter that is larger than its topic takes');
});

const FORGERIES: readonly {
  readonly what: string;
  readonly forge: string;
  readonly undo: string;
  readonly check: RegExp;
}[] = [
  {
    what: 'a count that is one too high',
    forge: `UPDATE page_view_counts SET view_count = view_count + 1 WHERE (window_start, page_url) = (SELECT window_start, page_url FROM page_view_counts ORDER BY 1, 2 LIMIT 1)`,
    undo: `UPDATE page_view_counts SET view_count = view_count - 1 WHERE (window_start, page_url) = (SELECT window_start, page_url FROM page_view_counts ORDER BY 1, 2 LIMIT 1)`,
    check: /^page_view_counts\.rows$/,
  },
  {
    what: 'a window of active users that never was',
    forge: `INSERT INTO active_users VALUES ('2001-01-01', '2001-01-01 00:05', 1, now(), 0)`,
    undo: `DELETE FROM active_users WHERE window_start = '2001-01-01'`,
    check: /^active_users\./,
  },
  {
    what: 'a session of nobody',
    forge: `INSERT INTO user_sessions VALUES ('nobody', '2001-01-01', '2001-01-01', 0, 1, 0, 'timeout', now(), 0)`,
    undo: `DELETE FROM user_sessions WHERE user_id = 'nobody'`,
    check: /^user_sessions\.rows$/,
  },
];

for (const { what, forge, undo, check } of FORGERIES) {
  test(`verify names ${what}`, async () => {
    await sql(forge);
    assertNamed(await verify(), check);
    await sql(undo);
  });
}

test('verify names a Parquet file that is there twice', async () => {
  const files = await readdir(environment.LAKE_PATH, { recursive: true });
  const file = files.find((name) => name.endsWith('.parquet'));
  assert.ok(file, 'the lake has no file');
  const forged = join(environment.LAKE_PATH, file.replace(/[^/]+\.parquet$/, 'forged.parquet'));
  await copyFile(join(environment.LAKE_PATH, file), forged);
  assertNamed(await verify(), /^lake\.rows$/);
  await rm(forged);
  assertVerified(await verify());
});

test('verify names a record of the enriched topic that comes from nowhere', async () => {
  const producer = new Kafka({
    brokers: [(await stack()).kafka.bootstrapServers],
    logLevel: logLevel.NOTHING,
  }).producer();
  await producer.connect();
  await producer.send({
    topic: settings.topics.enriched,
    messages: [
      {
        key: 'nobody',
        value: '{"event_time":"2026-01-01T00:00:00Z","user_id":"nobody","page_url":"/","event_type":"page_view"}',
        headers: { source_topic: settings.topics.activity, source_partition: '0', source_offset: '0', batch_id: '1' },
      },
    ],
  });
  await producer.disconnect();
  assertNamed(await verify(), /^enriched\.records$/);
});

async function limitRecordBytes(kafka: Kafka, topic: string, bytes: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
  await admin.disconnect();
}

async function produce(count: number, seed: number): Promise<void> {
  const options = [
    '--count',
    String(count),
    '--rate',
    '4000',
    '--seed',
    String(seed),
    '--late-share',
    '0.03',
    '--malformed-share',
    '0.01',
  ];
  const result = await sluice(['produce', ...options], own);
  assert.equal(result.exitCode, 0, result.stderr);
}

async function verify(): Promise<VerifyReport> {
  const { exitCode, stdout, stderr } = await sluice(['verify', '--json'], own);
  assert.ok(exitCode === 0 || exitCode === 1, stderr);
  const report = JSON.parse(stdout) as VerifyReport;
  assert.equal(exitCode, report.ok ? 0 : 1);
  return report;
}

function assertVerified(report: VerifyReport): void {
  const failed = report.checks.filter(({ holds }) => !holds);
  assert.deepEqual(failed, [], report.verdict);
  assert.ok(report.ok, report.verdict);
}

function assertNamed(report: VerifyReport, check: RegExp): void {
  const failed = report.checks.filter(({ holds }) => !holds).map(({ name }) => name);
  assert.ok(
    failed.some((name) => check.test(name)),
    `failed: ${failed.join(', ') || 'nothing'}`,
  );
  assert.equal(report.ok, false);
}

/** The stack with all of its services; waits for one that the supervisor is bringing back. */
async function stack(): Promise<Stack> {
  let found: Stack | undefined;
  await until('all services of the stack', async () => {
    found = await readStack(environment.SLUICE_STATE);
    return found !== undefined;
  });
  return found as unknown as Stack;
}

async function caughtUp(): Promise<void> {
  await awaitCaughtUp({
    pipeline: userActivity({ topic: settings.topics.activity, ...settings.pipeline }),
    endpoints: endpointsOf(settings, await stack()),
    settings: settings.pipeline,
    signal: AbortSignal.timeout(RECOVERY_MS_MAX),
  });
}

/** A batch has begun after this call and may be anywhere. */
async function batchUnderWay(): Promise<void> {
  const before = await lastBatch();
  await until('a new batch in the ledger', async () => (await lastBatch()) > before);
}

async function lastBatch(): Promise<number> {
  const rows = await sql<{ batches: string }>('SELECT count(*) AS batches FROM sluice.ledger');
  return Number(rows[0]?.batches);
}

async function sql<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: endpointsOf(settings, await stack()).databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A Node worker that is a child of this stack's Spark. */
async function someWorker(): Promise<number> {
  const { spark } = await stack();
  let found: number | undefined;
  await until('a worker beside the Spark driver', async () => {
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parent === spark.pid && command.includes('sluice-worker')) found = Number(name);
    }
    return found !== undefined;
  });
  return found as number;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + RECOVERY_MS_MAX;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await delay(200);
  }
}

async function servicePids(): Promise<number[]> {
  const found = await readStack(environment.SLUICE_STATE);
  return found === undefined ? [] : [found.kafka.pid, found.postgres.pid, found.spark.pid];
}

/** A process that has ended and whose parent has not asked for its exit code yet does not run. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
