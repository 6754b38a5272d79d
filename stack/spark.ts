/** The Spark Connect server, on loopback, everything it writes in the state directory: works by itself (`local[*]`) or drives the cluster of cluster.ts. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_LAYOUT } from '../config/names.js';
import { packageRoot } from '../config/package-root.js';
import { awaitWorkers, driverConf, masterUrlOf, startCluster } from './cluster.js';
import { checkSpark, waitUntilReady } from './health.js';
import { jarFolder, javaExecutable, serviceEnvironment } from './java.js';
import { bootstrapServersOf } from './kafka.js';
import { LOOPBACK } from './ports.js';
import { pgpassFileOf, roleUrlOf } from './postgres.js';
import { isAlive, type ProcessIdentity, spawnDetached } from './process.js';
import { prepareFolders, type ServiceFolders, type StartContext } from './service.js';
import { renderSparkConf, serverConf, sparkConfFile } from './spark-conf.js';
import { type StackPlan, type StackPorts, workerLogOf, writePrivateFile } from './state.js';

/** A cold start takes about 6 s on two cores. */
const READY_MS_MAX = 120_000;

export function sparkRemoteOf(ports: StackPorts): string {
  return `sc://${LOOPBACK}:${ports.sparkConnect}/;user_id=sluice`;
}

export function sparkUiUrlOf(ports: StackPorts): string {
  return `http://${LOOPBACK}:${ports.sparkUi}`;
}

/** The file that stands in Python's place; see spark/worker. */
export function workerFile(): string {
  return join(packageRoot(), 'dist', 'spark', 'worker', 'sluice-worker.cjs');
}

/** What handlers find in their environment: the services, and how to log. Secrets are nowhere else: not in arguments, not in payloads. */
function sparkEnvironment(plan: StackPlan): NodeJS.ProcessEnv {
  const { stateDir, spark } = plan.settings;
  const ports = { ...plan.ports, ...spark.handlerPorts };
  return {
    ...serviceEnvironment(),
    SPARK_CONNECT_AUTHENTICATE_TOKEN: plan.sparkToken,
    DATABASE_URL: roleUrlOf({ ...plan, ports }, 'writer'),
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServersOf(ports),
    // Read by the JDBC driver; the URLs that Spark's plans show have no password.
    PGPASSFILE: pgpassFileOf(stateDir),
    PYSPARK_PYTHON: workerFile(),
    // Also where the web page listens: it takes no setting for that.
    SPARK_LOCAL_IP: LOOPBACK,
    // As the setting spark.local.dir, which warns at each start that it may be overridden.
    SPARK_LOCAL_DIRS: join(stateDir, STATE_LAYOUT.spark, 'tmp', 'local'),
    SLUICE_WORKER_LOG: workerLogOf(stateDir),
  };
}

function sparkArguments(plan: StackPlan, folders: ServiceFolders, confFile: string, jars: string): readonly string[] {
  return [
    `@${sparkConfFile('java-options')}`,
    `-Xmx${plan.settings.spark.driverMemoryBytes}`,
    `-Djava.io.tmpdir=${folders.temporary}`,
    `-Dlog4j2.configurationFile=${sparkConfFile('log4j2.properties')}`,
    ...['-cp', join(jars, '*')],
    'org.apache.spark.deploy.SparkSubmit',
    ...['--master', plan.cluster === undefined ? plan.settings.spark.masterUrl : masterUrlOf(plan.cluster)],
    ...['--properties-file', confFile],
    ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer'],
    // Says that the class is on the class path already.
    'spark-internal',
  ];
}

/** Starts what of Spark does not run: the cluster, if there is to be one, and the server; waits until it serves calls and all workers are there. */
export async function startSpark(context: StartContext): Promise<ProcessIdentity> {
  const { plan, running } = context;
  const { cluster } = plan;
  if (cluster !== undefined) await startCluster(context, cluster);
  const server = running.spark !== undefined && isAlive(running.spark) ? running.spark : await startServer(context);
  if (cluster !== undefined) await awaitWorkers(context, cluster, server);
  return server;
}

async function startServer({ plan, record, signal, sparkJars }: StartContext): Promise<ProcessIdentity> {
  const folders = prepareFolders(plan.settings.stateDir, 'spark');
  mkdirSync(join(folders.temporary, 'local'), { recursive: true });
  const confFile = join(folders.home, 'spark.conf');
  const conf = { ...serverConf(plan, folders.home), ...(plan.cluster && driverConf(plan, plan.cluster)) };
  writePrivateFile(confFile, renderSparkConf(conf));
  const identity = await spawnDetached(
    {
      label: 'Spark',
      command: javaExecutable(),
      args: sparkArguments(plan, folders, confFile, sparkJars ?? jarFolder('spark')),
      env: sparkEnvironment(plan),
      // Spark Connect keeps uploaded artifacts under its working directory.
      cwd: folders.home,
      logFile: folders.logFile,
    },
    record,
  );
  await waitUntilReady({
    label: 'Spark',
    identity,
    logFile: folders.logFile,
    check: () => checkSpark(plan),
    timeoutMs: READY_MS_MAX,
    signal,
  });
  return identity;
}
