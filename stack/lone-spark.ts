/**
 * A Spark Connect server by itself, with neither Kafka nor Postgres: one of another version, or one that may be killed while others go on. It is
 * on record like a whole stack, so that `stopStack` and the guardian end it too.
 */
import type { StackSettings } from '../config/settings.js';
import { startByPlan } from './choose-plan.js';
import { spawnGuardian } from './guardian.js';
import { withLock } from './lock.js';
import { isAlive, ownIdentity } from './process.js';
import { waitForPorts } from './restart.js';
import { sparkRemoteOf, startSpark } from './spark.js';
import { StackError } from './stack-error.js';
import {
  logFileOf,
  makeStateDir,
  readRecord,
  type StackPlan,
  type StackRecord,
  workerLogOf,
  writeRecord,
} from './state.js';
import { lockFileOf, stopService, stopStack } from './stop.js';

export interface LoneSparkOptions {
  /** Folder of Spark's jars; those of the set-up if absent. */
  readonly jars?: string | undefined;
}

export interface LoneSpark extends AsyncDisposable {
  readonly remote: string;
  readonly token: string;
  readonly logFile: string;
  /** What handlers of foreachBatch print. */
  readonly workerLog: string;
  /** Whether its process runs. */
  isAlive(): boolean;
  /** Kills the process as `kill -9` does, and starts another at the same address. Resolves when that answers. */
  killAndRestart(): Promise<void>;
}

/**
 * Starts a server below the state directory of `settings`; it ends with this process, however that ends.
 * @throws StackError; then nothing is left running.
 */
export async function startLoneSpark(settings: StackSettings, options: LoneSparkOptions = {}): Promise<LoneSpark> {
  const { stateDir } = settings;
  makeStateDir(stateDir);
  return startByPlan(settings, async (plan) => {
    try {
      await withLock(lockFileOf(stateDir), () => start(plan, options));
      return loneSparkOf(plan, options);
    } catch (error) {
      await stopStack(stateDir);
      throw error;
    }
  });
}

async function start(plan: StackPlan, { jars }: LoneSparkOptions): Promise<void> {
  const { stateDir } = plan.settings;
  const owner = ownIdentity();
  let record: StackRecord = {
    version: 1,
    plan,
    startedAt: new Date().toISOString(),
    phase: 'starting',
    owner,
    processes: {},
  };
  const update = (change: Partial<StackRecord>): void => {
    record = { ...record, ...change };
    writeRecord(stateDir, record);
  };
  update({});
  await spawnGuardian(stateDir, owner, (guardian) => update({ guardian }));
  await startSpark({ plan, running: {}, sparkJars: jars, record: (spark) => update({ processes: { spark } }) });
  update({ phase: 'running' });
}

function loneSparkOf(plan: StackPlan, { jars }: LoneSparkOptions): LoneSpark {
  const { stateDir } = plan.settings;
  const recordOf = (): StackRecord => {
    const record = readRecord(stateDir);
    if (record === undefined) throw new StackError('not_running', `the Spark of ${stateDir} has been stopped`);
    return record;
  };
  return {
    remote: sparkRemoteOf(plan.ports),
    token: plan.sparkToken,
    logFile: logFileOf(stateDir, 'spark'),
    workerLog: workerLogOf(stateDir),
    isAlive: () => {
      const spark = readRecord(stateDir)?.processes.spark;
      return spark !== undefined && isAlive(spark);
    },
    killAndRestart: () =>
      withLock(lockFileOf(stateDir), async () => {
        const record = recordOf();
        await stopService(record, 'spark', () => {}, { signal: 'SIGKILL' });
        await waitForPorts(plan.ports, 'spark');
        await startSpark({
          plan,
          running: {},
          sparkJars: jars,
          record: (spark) => writeRecord(stateDir, { ...record, processes: { spark } }),
        });
      }),
    async [Symbol.asyncDispose]() {
      await stopStack(stateDir);
    },
  };
}
