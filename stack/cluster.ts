/**
 * A standalone Spark cluster on this machine: a master and workers, each a process on loopback. The Connect server drives it; every worker
 * starts one executor for it. Who may join is settled by a secret that master, workers and server share.
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_LAYOUT } from '../config/names.js';
import { waitUntilReady } from './health.js';
import { jarFolder, javaExecutable, serviceEnvironment } from './java.js';
import { rotateLog } from './logs.js';
import { LOOPBACK } from './ports.js';
import { pgpassFileOf } from './postgres.js';
import { isAlive, type ProcessIdentity, spawnDetached } from './process.js';
import type { StartContext } from './service.js';
import { clusterConf, renderSparkConf, type SparkConf, sparkConfFile } from './spark-conf.js';
import {
  type ClusterPlan,
  type ClusterProcess,
  clusterProcesses,
  logFileOf,
  type StackPlan,
  type StackRecord,
  writePrivateFile,
} from './state.js';

/** A cold start takes about 3 s on two cores. */
const READY_MS_MAX = 90_000;

/** Neither master nor worker does more than keep a list; the work is done by executors. */
const HEAP = '-Xmx256m';

export function masterUrlOf(cluster: ClusterPlan): string {
  return `spark://${LOOPBACK}:${cluster.masterPort}`;
}

export function masterUiUrlOf(cluster: ClusterPlan): string {
  return `http://${LOOPBACK}:${cluster.masterUiPort}`;
}

/** What the server that drives the cluster is told besides its own settings. */
export function driverConf(plan: StackPlan, cluster: ClusterPlan): SparkConf {
  const { executorMemoryBytes } = cluster.settings;
  const temporary = join(homeOf(plan), 'tmp', 'executors');
  return {
    ...clusterConf(cluster.secret, masterHomeOf(plan)),
    'spark.executor.memory': `${Math.floor(executorMemoryBytes / 1024 ** 2)}m`,
    'spark.executor.extraJavaOptions': [
      `-Dlog4j2.configurationFile=${sparkConfFile('log4j2.properties')}`,
      `-Djava.io.tmpdir=${temporary}`,
      '-Duser.timezone=UTC',
      '-Dfile.encoding=UTF-8',
      '-XX:-UsePerfData',
      '-Djava.net.preferIPv4Stack=true',
    ]
      .map((option) => (/\s/.test(option) ? `"${option}"` : option))
      .join(' '),
  };
}

/**
 * Starts those of master and workers that do not run; resolves when the master answers and all workers have been started. They register
 * by themselves: wait for that with `awaitWorkers`.
 */
export async function startCluster(context: StartContext, cluster: ClusterPlan): Promise<void> {
  const { plan, record, signal, running } = context;
  const living = (name: ClusterProcess): boolean => isRunning(running, name);
  const home = prepareHome(plan);
  const confFile = join(home, 'cluster.conf');
  writePrivateFile(confFile, renderSparkConf(clusterConf(cluster.secret, masterHomeOf(plan))));
  if (!living('spark-master')) {
    // With nobody left to be found again, what the last master has noted only makes the new one wait for the dead.
    if (!clusterProcesses(cluster).some(living)) rmSync(masterHomeOf(plan), { recursive: true, force: true });
    mkdirSync(masterHomeOf(plan), { recursive: true, mode: 0o700 });
    const identity = await spawnMember(plan, 'spark-master', record, [
      'org.apache.spark.deploy.master.Master',
      ...['--host', LOOPBACK, '--port', `${cluster.masterPort}`, '--webui-port', `${cluster.masterUiPort}`],
      ...['--properties-file', confFile],
    ]);
    await waitUntilReady({
      label: "Spark's master",
      identity,
      logFile: logFileOf(plan.settings.stateDir, 'spark-master'),
      check: async () => void (await readMaster(cluster)),
      timeoutMs: READY_MS_MAX,
      signal,
    });
  }
  for (const name of clusterProcesses(cluster)) {
    if (name === 'spark-master' || living(name)) continue;
    await spawnMember(plan, name, record, [
      'org.apache.spark.deploy.worker.Worker',
      ...['--host', LOOPBACK, '--webui-port', '0', '--cores', `${cluster.settings.coresPerWorker}`],
      ...['--memory', `${Math.floor(cluster.settings.executorMemoryBytes / 1024 ** 2)}M`],
      ...['--work-dir', join(home, 'work', name), '--properties-file', confFile, masterUrlOf(cluster)],
    ]);
  }
}

/** Resolves when as many workers are registered as there should be. @throws StackError `not_started` */
export async function awaitWorkers({ plan, signal }: StartContext, cluster: ClusterPlan, server: ProcessIdentity) {
  const wanted = cluster.settings.workers;
  await waitUntilReady({
    label: "Spark's cluster",
    identity: server,
    logFile: logFileOf(plan.settings.stateDir, 'spark-worker-1'),
    check: async () => {
      const { aliveWorkers } = await readMaster(cluster);
      if (aliveWorkers < wanted) throw new Error(`${aliveWorkers} of ${wanted} workers are registered`);
    },
    timeoutMs: READY_MS_MAX,
    signal,
  });
}

interface MasterState {
  readonly aliveWorkers: number;
}

/** What the master says of itself at its web page. @throws Error when it does not answer or is still recovering. */
async function readMaster(cluster: ClusterPlan): Promise<MasterState> {
  const response = await fetch(`${masterUiUrlOf(cluster)}/json/`, { signal: AbortSignal.timeout(5_000) });
  const state = (await response.json()) as { readonly status?: string; readonly aliveworkers?: number };
  if (state.status !== 'ALIVE') throw new Error(`the master is ${state.status ?? 'not there'}`);
  return { aliveWorkers: state.aliveworkers ?? 0 };
}

async function spawnMember(
  plan: StackPlan,
  name: ClusterProcess,
  record: StartContext['record'],
  args: readonly string[],
): Promise<ProcessIdentity> {
  const { stateDir } = plan.settings;
  const logFile = logFileOf(stateDir, name);
  const home = homeOf(plan);
  const temporary = join(home, 'tmp', name);
  rotateLog(logFile);
  for (const folder of [temporary, join(home, 'tmp', 'executors')]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return spawnDetached(
    {
      label: name,
      command: javaExecutable(),
      args: [
        `@${sparkConfFile('java-options')}`,
        HEAP,
        // Instead of the collector that java-options names: a JVM refuses two.
        '-XX:-UseParallelGC',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        `-Djava.io.tmpdir=${temporary}`,
        `-Dlog4j2.configurationFile=${sparkConfFile('log4j2.properties')}`,
        ...['-cp', join(home, 'jars', '*')],
        ...args,
      ],
      env: {
        ...serviceEnvironment(),
        // Executors take their class path from <home>/jars.
        SPARK_HOME: home,
        // Whoever builds that class path wants to know it, and would look for it in folders of a source tree.
        SPARK_SCALA_VERSION: '2.13',
        SPARK_LOCAL_IP: LOOPBACK,
        SPARK_LOCAL_DIRS: temporary,
        // Executors inherit it: the JDBC driver finds the password there.
        PGPASSFILE: pgpassFileOf(stateDir),
      },
      cwd: home,
      logFile,
    },
    (identity) => record(identity, name),
  );
}

function homeOf(plan: StackPlan): string {
  return join(plan.settings.stateDir, STATE_LAYOUT.sparkCluster);
}

function masterHomeOf(plan: StackPlan): string {
  return join(homeOf(plan), 'master');
}

/** A folder that looks like an installed Spark to whoever starts executors: `jars` leads to those of the set-up. */
function prepareHome(plan: StackPlan): string {
  const home = homeOf(plan);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const link = join(home, 'jars');
  rmSync(link, { force: true });
  symlinkSync(jarFolder('spark'), link);
  return home;
}

function isRunning(running: StackRecord['processes'], name: ClusterProcess): boolean {
  const identity = running[name];
  return identity !== undefined && isAlive(identity);
}
