/** The Spark Connect server: `local[*]` in one process, on loopback, everything it writes in the state directory. The one place for its settings. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_LAYOUT } from '../config/names.js';
import { packageRoot } from '../config/package-root.js';
import { checkSpark, waitUntilReady } from './health.js';
import { classPath, commonFlags, javaExecutable, log4jConfig, serviceEnvironment } from './java.js';
import { bootstrapServersOf } from './kafka.js';
import { LOOPBACK } from './ports.js';
import { databaseUrlOf, pgpassFileOf } from './postgres.js';
import { type ProcessIdentity, spawnDetached } from './process.js';
import { prepareFolders, type ServiceFolders, type StartContext } from './service.js';
import { type StackPlan, type StackPorts, workerLogOf } from './state.js';

/** A cold start takes about 6 s on two cores. */
const READY_MS_MAX = 120_000;

/** What Spark 4.2 asks of JDK 17 and later (`JavaModuleOptions`); a distribution's scripts would set it. */
const MODULE_FLAGS = [
  '-XX:+IgnoreUnrecognizedVMOptions',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
  '--add-opens=java.base/java.lang.invoke=ALL-UNNAMED',
  '--add-opens=java.base/java.lang.reflect=ALL-UNNAMED',
  '--add-opens=java.base/java.io=ALL-UNNAMED',
  '--add-opens=java.base/java.net=ALL-UNNAMED',
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  '--add-opens=java.base/java.util=ALL-UNNAMED',
  '--add-opens=java.base/java.util.concurrent=ALL-UNNAMED',
  '--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED',
  '--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.cs=ALL-UNNAMED',
  '--add-opens=java.base/sun.security.action=ALL-UNNAMED',
  '--add-opens=java.base/sun.util.calendar=ALL-UNNAMED',
  '-Djdk.reflect.useDirectMethodHandle=false',
  '-Dio.netty.tryReflectionSetAccessible=true',
] as const;

const LOG_LEVELS = {
  'org.apache.spark.sql.connect.service.SparkConnectServer': 'info',
  // Says at each start that there are no native Hadoop libraries, which is as it should be.
  'org.apache.hadoop.util.NativeCodeLoader': 'error',
  'org.apache.spark.util.Utils': 'error',
  // Warn in every batch that settings which Spark itself sets cannot be set, and about consumers closed by their owner.
  'org.apache.kafka.clients.consumer': 'error',
  'org.apache.kafka.clients.admin': 'error',
  'org.apache.kafka.common.utils.AppInfoParser': 'error',
} as const;

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

export function sparkConf(plan: StackPlan, home: string): Readonly<Record<string, string>> {
  const { settings, ports } = plan;
  return {
    'spark.app.name': 'sluice',
    'spark.driver.host': LOOPBACK,
    'spark.driver.bindAddress': LOOPBACK,
    'spark.connect.grpc.binding.address': LOOPBACK,
    'spark.connect.grpc.binding.port': `${ports.sparkConnect}`,
    'spark.ui.port': `${ports.sparkUi}`,
    // Another port than the recorded one would be worse than an error.
    'spark.port.maxRetries': '0',
    'spark.ui.killEnabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
    // The default, an hour, would stop the streaming queries of a session whose client is silent (SPARK-44432).
    'spark.connect.session.manager.defaultSessionTimeout': '-1',
    // Two attempts of one task must not both write.
    'spark.speculation': 'false',
    // Four queries share the cores evenly instead of in the order in which they came.
    'spark.scheduler.mode': 'FAIR',
    'spark.sql.shuffle.partitions': `${settings.spark.shufflePartitions}`,
    'spark.sql.session.timeZone': 'UTC',
    // The default, INT96, is a type that Parquet has given up; microseconds are what every reader knows.
    'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
    'spark.sql.streaming.stateStore.providerClass':
      'org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider',
    'spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled': 'true',
    'spark.sql.warehouse.dir': join(home, 'warehouse'),
    // History of the web page; each entry costs heap.
    'spark.ui.retainedJobs': '400',
    'spark.ui.retainedStages': '400',
    'spark.ui.retainedTasks': '10000',
    'spark.sql.ui.retainedExecutions': '200',
  };
}

/** What handlers find in their environment: the services, and how to log. Secrets are nowhere else: not in arguments, not in payloads. */
function sparkEnvironment(plan: StackPlan): NodeJS.ProcessEnv {
  const { stateDir } = plan.settings;
  return {
    ...serviceEnvironment(),
    SPARK_CONNECT_AUTHENTICATE_TOKEN: plan.sparkToken,
    DATABASE_URL: databaseUrlOf(plan),
    KAFKA_BOOTSTRAP_SERVERS: bootstrapServersOf(plan.ports),
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

function sparkArguments(plan: StackPlan, folders: ServiceFolders, log4jFile: string): readonly string[] {
  const conf = Object.entries(sparkConf(plan, folders.home)).flatMap(([name, value]) => ['--conf', `${name}=${value}`]);
  return [
    ...MODULE_FLAGS,
    ...commonFlags(folders.temporary, plan.settings.spark.driverMemoryBytes, log4jFile),
    '-cp',
    classPath('spark'),
    'org.apache.spark.deploy.SparkSubmit',
    '--master',
    plan.settings.spark.masterUrl,
    ...conf,
    '--class',
    'org.apache.spark.sql.connect.service.SparkConnectServer',
    // Says that the class is on the class path already.
    'spark-internal',
  ];
}

/** Starts the server and waits until it serves calls. */
export async function startSpark({ plan, record, signal }: StartContext): Promise<ProcessIdentity> {
  const folders = prepareFolders(plan.settings.stateDir, 'spark');
  mkdirSync(join(folders.temporary, 'local'), { recursive: true });
  const log4jFile = join(folders.home, 'log4j2.properties');
  writeFileSync(log4jFile, log4jConfig(LOG_LEVELS));
  const identity = await spawnDetached(
    {
      label: 'Spark',
      command: javaExecutable(),
      args: sparkArguments(plan, folders, log4jFile),
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
