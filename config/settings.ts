/** From environment and `.env` to typed settings: read once by a command, then handed down. The only reader of the environment besides the handlers beside Spark. */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from './config-error.js';
import { readEnvFile } from './env-file.js';
import { STATE_LAYOUT } from './names.js';
import { type Env, parseVariable, VARIABLES, type Values, type VariableName } from './variables.js';

export interface TopicSettings {
  readonly activity: string;
  readonly enriched: string;
  readonly deadLetter: string;
  readonly commits: string;
  /** Of every topic that is created but `commits`, which has one. */
  readonly partitions: number;
}

/** What the embedded stack needs to know. Ports are wishes: a taken one is replaced by a free one. */
export interface StackSettings {
  /** Absolute. */
  readonly stateDir: string;
  readonly kafka: { readonly port: number; readonly heapBytes: number };
  readonly postgres: {
    readonly port: number;
    readonly user: string;
    readonly database: string;
    /** Undefined: a random one, made at the first start and kept in the state directory. */
    readonly password: string | undefined;
  };
  readonly spark: {
    readonly connectPort: number;
    readonly uiPort: number;
    readonly masterUrl: string;
    readonly driverMemoryBytes: number;
    readonly shufflePartitions: number;
    /** Undefined: no cluster is started, the server itself works (`masterUrl`). */
    readonly cluster: ClusterSettings | undefined;
    /** Undefined: a new random one at every start of the stack. */
    readonly token: string | undefined;
    /** Ports on loopback by which handlers reach Kafka and Postgres when something stands in between, such as a proxy that loses replies. */
    readonly handlerPorts?: { readonly kafka: number; readonly postgres: number };
  };
}

/** A standalone cluster on this machine: a master and workers, each a process; one executor on each worker. */
export interface ClusterSettings {
  readonly workers: number;
  readonly coresPerWorker: number;
  readonly executorMemoryBytes: number;
}

/** Services that exist already and are only used. */
export interface ExternalServices {
  readonly kind: 'external';
  readonly sparkRemote: string;
  readonly sparkToken: string | undefined;
  readonly sparkUiUrl: string | undefined;
  readonly bootstrapServers: string;
  readonly databaseUrl: string;
  readonly databaseWriterUrl?: string;
  readonly databaseReaderUrl?: string;
}

export type Services = { readonly kind: 'embedded' } | ExternalServices;

export interface PipelineSettings {
  readonly watermarkDelayMs: number;
  readonly sessionTimeoutMs: number;
  readonly futureToleranceMs: number;
  readonly triggerIntervalMs: number;
  readonly maxOffsetsPerTrigger: number;
  /** Undefined: as the external cluster has it. */
  readonly shufflePartitions: number | undefined;
  readonly enrichedDelivery: 'exactly-once' | 'at-least-once';
  readonly copyRowsMax: number;
  readonly poisonRowsMax: number;
}

export interface ProducerSettings {
  /** Events per second; 0: no limit. */
  readonly rate: number;
  readonly users: number;
  readonly lateShare: number;
  readonly malformedShare: number;
  readonly seed: number;
}

export interface DashboardSettings {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
}

export interface Settings {
  readonly services: Services;
  /** Absolute; also where logs and checkpoints are by default. */
  readonly stateDir: string;
  readonly topics: TopicSettings;
  /** Absolute path, or a URI. */
  readonly lakePath: string;
  /** Absolute path, or a URI. */
  readonly checkpointPath: string;
  readonly pipeline: PipelineSettings;
  readonly producer: ProducerSettings;
  readonly dashboard: DashboardSettings;
  readonly stack: StackSettings;
}

/** The environment of this process with `overrides` in place of what it says, for options of a command that stand for a variable. */
export function environmentWith(overrides: Env): Env {
  return { ...process.env, ...overrides };
}

/**
 * Reads all variables. A variable that the environment has, even an empty one, wins over `.env` in `directory`; relative paths are taken from
 * `directory`, the working directory unless said otherwise.
 * @throws ConfigError (exit code 2): a value that is not allowed, a line of `.env` that is none, or two values that contradict each other.
 */
export function readSettings(env: Env = process.env, directory: string = process.cwd()): Settings {
  const values = readValues(env, directory);
  const stateDir = resolve(directory, required(values, 'SLUICE_STATE'));
  const services = readServices(values);
  const kafkaProtocol = required(values, 'KAFKA_SECURITY_PROTOCOL');
  if (services.kind === 'embedded' && kafkaProtocol !== 'PLAINTEXT') {
    throw new ConfigError(
      `KAFKA_SECURITY_PROTOCOL=${kafkaProtocol} is for a Kafka that exists (KAFKA_BOOTSTRAP_SERVERS); the one started here is on loopback only and has no login`,
    );
  }
  const masterUrl = required(values, 'SPARK_MASTER');
  const cluster = readCluster(values, services, masterUrl);
  const cores = cluster === undefined ? coresOf(masterUrl) : cluster.workers * cluster.coresPerWorker;
  const checkpointPath = values.CHECKPOINT_PATH ?? join(stateDir, STATE_LAYOUT.checkpoints);
  return {
    services,
    stateDir,
    topics: readTopics(values),
    lakePath: absolute(directory, required(values, 'LAKE_PATH')),
    checkpointPath: absolute(directory, checkpointPath),
    pipeline: readPipeline(values, services, cores),
    producer: {
      rate: required(values, 'PRODUCER_RATE'),
      users: required(values, 'PRODUCER_USERS'),
      lateShare: required(values, 'PRODUCER_LATE_SHARE'),
      malformedShare: required(values, 'PRODUCER_MALFORMED_SHARE'),
      seed: required(values, 'PRODUCER_SEED'),
    },
    dashboard: {
      host: required(values, 'DASHBOARD_HOST'),
      port: required(values, 'DASHBOARD_PORT'),
      token: values.DASHBOARD_TOKEN,
    },
    stack: {
      stateDir,
      kafka: { port: required(values, 'KAFKA_PORT'), heapBytes: required(values, 'KAFKA_HEAP') },
      postgres: {
        port: required(values, 'POSTGRES_PORT'),
        user: required(values, 'POSTGRES_USER'),
        database: required(values, 'POSTGRES_DB'),
        password: values.POSTGRES_PASSWORD,
      },
      spark: {
        connectPort: required(values, 'SPARK_CONNECT_PORT'),
        uiPort: required(values, 'SPARK_UI_PORT'),
        masterUrl,
        driverMemoryBytes: required(values, 'SPARK_DRIVER_MEMORY'),
        shufflePartitions: values.SHUFFLE_PARTITIONS ?? cores,
        cluster,
        token: values.SPARK_CONNECT_AUTHENTICATE_TOKEN,
      },
    },
  };
}

/** Only where Spark is, for what needs nothing else; undefined when SPARK_REMOTE is not set. @throws ConfigError */
export function readSparkPlace(
  env: Env = process.env,
  directory: string = process.cwd(),
): Pick<ExternalServices, 'sparkRemote' | 'sparkToken'> | undefined {
  const { SPARK_REMOTE: sparkRemote, SPARK_CONNECT_AUTHENTICATE_TOKEN: sparkToken } = readValues(env, directory);
  return sparkRemote === undefined ? undefined : { sparkRemote, sparkToken };
}

/** Every variable, parsed; errors name `.env` and the line where the text comes from there. */
function readValues(env: Env, directory: string): Values {
  const file = readEnvFile(join(directory, '.env'), '.env');
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const own = env[name];
    const entry = own === undefined ? file.get(name) : undefined;
    values[name] = parseVariable(name, own ?? entry?.value, entry && `.env, line ${entry.line}`);
  }
  return values as Values;
}

/** A variable that has a default and therefore always a value; only for those. */
function required<N extends VariableName>(values: Values, name: N): NonNullable<Values[N]> {
  const value = values[name];
  if (value === undefined || value === null) throw new Error(`${name} has no default, expected one in variables.ts`);
  return value;
}

/** Half an external cluster would mean half of the data in a place nobody looks at. */
function readServices(values: Values): Services {
  const names = ['SPARK_REMOTE', 'KAFKA_BOOTSTRAP_SERVERS', 'DATABASE_URL'] as const;
  const { SPARK_REMOTE: sparkRemote, KAFKA_BOOTSTRAP_SERVERS: bootstrapServers, DATABASE_URL: databaseUrl } = values;
  if (sparkRemote !== undefined && bootstrapServers !== undefined && databaseUrl !== undefined) {
    const { SPARK_CONNECT_AUTHENTICATE_TOKEN: sparkToken, SPARK_UI_URL: sparkUiUrl } = values;
    const { DATABASE_WRITER_URL: databaseWriterUrl, DATABASE_READER_URL: databaseReaderUrl } = values;
    return {
      kind: 'external',
      sparkRemote,
      sparkToken,
      sparkUiUrl,
      bootstrapServers,
      databaseUrl,
      ...(databaseWriterUrl === undefined ? {} : { databaseWriterUrl }),
      ...(databaseReaderUrl === undefined ? {} : { databaseReaderUrl }),
    };
  }
  const set = names.filter((name) => values[name] !== undefined);
  if (set.length === 0) return { kind: 'embedded' };
  const missing = names.filter((name) => values[name] === undefined);
  throw new ConfigError(
    `${set.join(' and ')} ${set.length > 1 ? 'are' : 'is'} set, but not ${missing.join(' and ')}: ` +
      'set all three to use services that exist, or none to have them started here',
  );
}

function readTopics(values: Values): TopicSettings {
  const names = ['TOPIC_ACTIVITY', 'TOPIC_ENRICHED', 'TOPIC_DEAD_LETTER', 'TOPIC_COMMITS'] as const;
  const seen = new Map<string, string>();
  for (const name of names) {
    // Kafka itself takes '.' and '_' for the same character in the names of its metrics.
    const topic = required(values, name).replaceAll('.', '_');
    const other = seen.get(topic);
    if (other !== undefined)
      throw new ConfigError(`${name} and ${other} must differ, both are "${required(values, name)}"`);
    seen.set(topic, name);
  }
  return {
    activity: required(values, 'TOPIC_ACTIVITY'),
    enriched: required(values, 'TOPIC_ENRICHED'),
    deadLetter: required(values, 'TOPIC_DEAD_LETTER'),
    commits: required(values, 'TOPIC_COMMITS'),
    partitions: required(values, 'TOPIC_PARTITIONS'),
  };
}

function readPipeline(values: Values, services: Services, cores: number): PipelineSettings {
  const enrichedDelivery = required(values, 'ENRICHED_DELIVERY');
  if (enrichedDelivery === 'real-time') {
    throw new ConfigError('ENRICHED_DELIVERY=real-time is not there yet; use exactly-once or at-least-once');
  }
  return {
    watermarkDelayMs: required(values, 'WATERMARK_DELAY'),
    sessionTimeoutMs: required(values, 'SESSION_TIMEOUT'),
    futureToleranceMs: required(values, 'FUTURE_TOLERANCE'),
    triggerIntervalMs: required(values, 'TRIGGER_INTERVAL'),
    maxOffsetsPerTrigger: required(values, 'MAX_OFFSETS_PER_TRIGGER'),
    shufflePartitions: values.SHUFFLE_PARTITIONS ?? (services.kind === 'embedded' ? cores : undefined),
    enrichedDelivery,
    copyRowsMax: required(values, 'COPY_ROWS_MAX'),
    poisonRowsMax: required(values, 'POISON_ROWS_MAX'),
  };
}

/** @throws ConfigError when SPARK_WORKERS and SPARK_MASTER each name a cluster. */
function readCluster(values: Values, services: Services, masterUrl: string): ClusterSettings | undefined {
  const workers = required(values, 'SPARK_WORKERS');
  if (workers === 0 || services.kind === 'external') return undefined;
  if (masterUrl !== VARIABLES.SPARK_MASTER.default) {
    throw new ConfigError(
      `SPARK_WORKERS=${workers} asks for a cluster here and SPARK_MASTER=${masterUrl} names where Spark runs: set one of the two`,
    );
  }
  return {
    workers,
    coresPerWorker: values.SPARK_WORKER_CORES ?? Math.max(1, Math.floor(availableParallelism() / workers)),
    executorMemoryBytes: required(values, 'SPARK_EXECUTOR_MEMORY'),
  };
}

/** `local[3]` runs three tasks at once, `local` one, `local[*]` as many as the machine has cores; of a cluster the cores here say nothing, so a middling number. */
function coresOf(masterUrl: string): number {
  const local = /^local(?:\[(.+)\])?$/.exec(masterUrl);
  if (local === null) return 8;
  if (local[1] === undefined) return 1;
  return local[1] === '*' ? availableParallelism() : Number(local[1]);
}

/** A URI (`s3a://…`) stays as it is. */
function absolute(directory: string, path: string): string {
  return /^[a-z][a-z0-9+.-]+:\//i.test(path) ? path : resolve(directory, path);
}
