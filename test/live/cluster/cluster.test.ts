/** The pipeline on a standalone cluster of two workers, as a user starts it, while executors and a worker are killed. One stack; the tests go in order. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { endpointsOf } from '../../../config/endpoints.js';
import { readSettings } from '../../../config/settings.js';
import { integer, SparkSession } from '../../../spark/connect/index.js';
import { userActivity } from '../../../spark/pipeline/index.js';
import { awaitCaughtUp } from '../../../spark/supervisor/index.js';
import { assertShared } from '../../../spark/supervisor/shared-folder.js';
import { udf } from '../../../spark/worker/index.js';
import { readExecutors, readStack, type Stack, startStack } from '../../../stack/index.js';
import { readRecord } from '../../../stack/state.js';
import { sluice } from '../../cli/run-sluice.js';
import { daemonPid } from '../../fixtures/functions/text.js';
import { ANY_PORTS } from '../stack/any-ports.js';
import { portsBeyondLoopback } from '../stack/listening.js';

const WORKERS = 2;
const RECOVERY_MS_MAX = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'sluice-cluster-'));
const environment = {
  SLUICE_STATE: join(folder, 'state'),
  LAKE_PATH: join(folder, 'lake'),
  ...ANY_PORTS,
  SPARK_EXECUTOR_MEMORY: '512m',
  SPARK_WORKERS: `${WORKERS}`,
  // So that sessions and windows of the first events are written while executors die.
  MAX_OFFSETS_PER_TRIGGER: '4000',
};
const settings = readSettings(environment, folder);
const own = { cwd: folder, env: environment };
let stack: Stack;
let isUp = false;

before(async () => {
  const run = await sluice(['run', '--detach'], own);
  assert.equal(run.exitCode, 0, run.stderr);
  stack = (await readStack(environment.SLUICE_STATE)) ?? assert.fail('nothing runs after sluice run');
  isUp = true;
});

after(async () => {
  const pids = isUp ? members() : [];
  const down = await sluice(['down'], own);
  assert.equal(down.exitCode, 0, down.stderr);
  assert.deepEqual(pids.filter(isRunning), [], 'processes are left after sluice down');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('Spark works on executors of its own, one on each worker, and the queries keep their state on both', async () => {
  assert.match(stack.spark.masterUrl, /^spark:\/\/127\.0\.0\.1:\d+$/);
  await until('an executor on each worker', () => executors().length === WORKERS);
  assert.deepEqual(new Set(executors().map(({ worker }) => worker)), new Set(['spark-worker-1', 'spark-worker-2']));
});

test('nothing of the cluster listens beyond loopback, and its secret is in no argument and in no file that others read', async () => {
  const secret = readRecord(environment.SLUICE_STATE)?.plan.cluster?.secret ?? assert.fail('there is no secret');
  for (const pid of members()) {
    assert.deepEqual(portsBeyondLoopback(pid), []);
    const command = execFileSync('ps', ['-ww', '-o', 'args=', '-p', `${pid}`], { encoding: 'utf8' });
    assert.match(command, /java/);
    assert.ok(!command.includes(secret), 'the secret stands in the arguments');
  }
  for (const file of ['spark/spark.conf', 'spark-cluster/cluster.conf', 'stack.json']) {
    assert.equal(statSync(join(environment.SLUICE_STATE, file)).mode & 0o777, 0o600, file);
  }
});

test('executors and a worker killed while events flow cost nothing: every row is verified', async () => {
  const producing = sluice(['produce', '--count', '12000', '--rate', '3000', '--seed', '5'], own);
  await until('an executor to kill', () => executors().length > 0);
  const [first] = executors();
  kill(first?.pid);
  await until('another executor in its place', () => executors().some(({ pid }) => pid !== first?.pid));
  const [worker] = stack.spark.cluster?.workerPids ?? [];
  kill(worker);
  const produced = await producing;
  assert.equal(produced.exitCode, 0, produced.stderr);
  await caughtUp();
  const verified = await sluice(['verify', '--json'], own);
  assert.equal(verified.exitCode, 0, verified.stdout.slice(0, 4000) + verified.stderr);
});

test('a worker that was killed is started again by whoever starts the stack, and the rest is left as it is', async () => {
  const [lost, kept] = stack.spark.cluster?.workerPids ?? [];
  const again = await startStack(settings.stack);
  const [fresh, other] = again.spark.cluster?.workerPids ?? [];
  assert.notEqual(fresh, lost);
  assert.equal(other, kept);
  assert.equal(again.spark.pid, stack.spark.pid);
  await until('executors on both workers', () => new Set(executors().map(({ worker }) => worker)).size === WORKERS);
});

test('a folder that is another one for each process is refused as a place for checkpoints, and the shared one is not', async () => {
  const { sparkRemote, sparkToken = '' } = endpointsOf(settings, stack);
  const spark = await SparkSession.connect(sparkRemote, { token: sparkToken });
  try {
    await assertShared(spark, { CHECKPOINT_PATH: join(folder, 'state', 'checkpoints'), LAKE_PATH: 's3a://anywhere' });
    // What /proc/self/cwd leads to differs from process to process, as a disk does from machine to machine.
    await assert.rejects(assertShared(spark, { CHECKPOINT_PATH: 'file:/proc/self/cwd/checkpoints' }), {
      name: 'StartError',
      kind: 'storage',
      message:
        /CHECKPOINT_PATH=file:\/proc\/self\/cwd\/checkpoints is not one folder.* the driver sees 0\. Mount a shared/,
    });
  } finally {
    spark.close();
  }
});

test('a TypeScript function runs beside the executors', async () => {
  const { sparkRemote, sparkToken = '' } = endpointsOf(settings, stack);
  await using spark = await SparkSession.connect(sparkRemote, { token: sparkToken });
  const module = new URL('../../fixtures/functions/text.js', import.meta.url);
  const daemon = await udf({ module, handler: daemonPid, returns: integer(), deterministic: false });
  const rows = await spark.range(0, 8, 1, 8).select(daemon().as('pid')).distinct().collect();
  const parents = rows.map(({ pid }) =>
    Number(execFileSync('ps', ['-o', 'ppid=', '-p', `${pid}`], { encoding: 'utf8' })),
  );
  const pids = executors().map(({ pid }) => pid);
  assert.ok(parents.length > 0);
  assert.ok(
    parents.every((parent) => pids.includes(parent)),
    `${parents} are not all of ${pids}`,
  );
});

function executors(): ReturnType<typeof readExecutors> {
  return readExecutors(environment.SLUICE_STATE);
}

/** Master, workers, driver and the executors that run now. */
function members(): number[] {
  const { pid, cluster } = stack.spark;
  return [pid, cluster?.masterPid ?? 0, ...(cluster?.workerPids ?? []), ...executors().map((one) => one.pid)];
}

function kill(pid: number | undefined): void {
  assert.ok(pid !== undefined && pid > 1, 'no process to kill');
  process.kill(pid, 'SIGKILL');
}

function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' })
      .trim()
      .startsWith('Z');
  } catch {
    // ps exits with 1 when there is no such process.
    return false;
  }
}

async function caughtUp(): Promise<void> {
  await awaitCaughtUp({
    pipeline: userActivity({ topic: settings.topics.activity, ...settings.pipeline }),
    endpoints: endpointsOf(settings, stack),
    settings: settings.pipeline,
    signal: AbortSignal.timeout(RECOVERY_MS_MAX),
  });
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + RECOVERY_MS_MAX;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await delay(100);
  }
}
