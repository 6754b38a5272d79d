/**
 * The table of every environment variable: the one place for names, defaults and limits. `.env.example` is rendered from it, `settings.ts`
 * reads by it. An empty value means the default.
 */
import { ConfigError } from './config-error.js';
import * as kinds from './kinds.js';
import { TOPICS } from './names.js';

export interface Variable<T> {
  readonly group: string;
  /** As text, as it stands in `.env.example`. Empty: no value, unless the reader makes one. */
  readonly default: string;
  /** One line. */
  readonly explanation: string;
  readonly kind: kinds.Kind<T>;
  /** Its value is never printed. */
  readonly isSecret: boolean;
}

function variable<T>(
  group: string,
  kind: kinds.Kind<T>,
  defaultText: string,
  explanation: string,
  options: { readonly isSecret?: boolean } = {},
): Variable<T> {
  return { group, kind, default: defaultText, explanation, isSecret: options.isSecret ?? false };
}

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const external =
  'Services that exist already: all three addresses, or none to have Kafka, Postgres and Spark started here';
const kafka = 'Kafka, when it is started here';
const postgres = 'Postgres, when it is started here';
const spark = 'Spark, when it is started here';
const docker = 'Docker (docker-compose.yml); Spark has as many workers as `--scale spark-worker=N` says';
const topics = 'Topics';
const storage = 'Where data is kept';
const pipeline = 'The pipeline';
const dashboard = 'The dashboard (`sluice dashboard`)';
const producer = 'The producer; every one is also an option of `sluice produce`';

export const VARIABLES = {
  SPARK_REMOTE: variable(
    external,
    kinds.url('sc://host:port/;key=value…', 'sc:'),
    '',
    'Spark Connect server, such as sc://spark:15002/;user_id=sluice',
    { isSecret: true },
  ),
  SPARK_CONNECT_AUTHENTICATE_TOKEN: variable(
    external,
    kinds.text('printable characters without spaces', /^[\x21-\x7e]+$/),
    '',
    'Token of that server; for a server started here: empty = a new random one',
    { isSecret: true },
  ),
  SPARK_UI_URL: variable(
    external,
    kinds.url('http://host:port or https://…', 'http:', 'https:'),
    '',
    'Web page of that Spark, for links and progress only',
  ),
  KAFKA_BOOTSTRAP_SERVERS: variable(
    external,
    kinds.bootstrapServers,
    '',
    'Kafka brokers, host:port with commas between',
  ),
  DATABASE_URL: variable(
    external,
    kinds.url('postgresql://user:password@host:port/database', 'postgres:', 'postgresql:'),
    '',
    'Postgres, such as postgresql://sluice:secret@db:5432/sluice',
    { isSecret: true },
  ),
  DATABASE_WRITER_URL: variable(
    external,
    kinds.url('postgresql://user:password@host:port/database', 'postgres:', 'postgresql:'),
    '',
    'The same as sluice_writer, which only writes rows; empty: DATABASE_URL',
    { isSecret: true },
  ),
  DATABASE_READER_URL: variable(
    external,
    kinds.url('postgresql://user:password@host:port/database', 'postgres:', 'postgresql:'),
    '',
    'The same as sluice_reader, which only reads; empty: DATABASE_URL',
    { isSecret: true },
  ),
  KAFKA_SECURITY_PROTOCOL: variable(
    external,
    kinds.choice('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'),
    'PLAINTEXT',
    'How those brokers are talked to',
  ),
  KAFKA_SASL_MECHANISM: variable(
    external,
    kinds.choice('SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'),
    'SCRAM-SHA-512',
    'How one logs in there',
  ),
  KAFKA_SASL_USERNAME: variable(
    external,
    kinds.text(),
    '',
    'User of that login; in Docker with --secure: empty = sluice',
  ),
  KAFKA_SASL_PASSWORD: variable(external, kinds.text(), '', 'Password of that login', { isSecret: true }),
  KAFKA_SSL_CA_FILE: variable(
    external,
    kinds.path,
    '',
    'Authority of their certificates (PEM); empty = those that Node knows',
  ),

  KAFKA_PORT: variable(kafka, kinds.port, '9092', 'Port on 127.0.0.1; taken by another program: a free one is chosen'),
  KAFKA_HEAP: variable(kafka, kinds.byteSize(128 * MIB, 64 * GIB), '512m', 'Memory of the broker'),

  POSTGRES_PORT: variable(
    postgres,
    kinds.port,
    '5432',
    'Port on 127.0.0.1; taken by another program: a free one is chosen',
  ),
  POSTGRES_USER: variable(postgres, kinds.sqlName, 'sluice', 'User, created at the first start'),
  POSTGRES_PASSWORD: variable(
    postgres,
    kinds.text(),
    '',
    'Password of that user, set at the first start; empty = a random one',
    { isSecret: true },
  ),
  POSTGRES_DB: variable(postgres, kinds.sqlName, 'sluice', 'Database, created at the first start'),

  SPARK_CONNECT_PORT: variable(
    spark,
    kinds.port,
    '15002',
    'Port on 127.0.0.1; taken by another program: a free one is chosen',
  ),
  SPARK_UI_PORT: variable(spark, kinds.port, '4040', 'Port of its web page on 127.0.0.1; taken: a free one is chosen'),
  SPARK_MASTER: variable(
    spark,
    kinds.sparkMaster,
    'local[*]',
    'Where it runs: local[*] = here, on all cores; local[2] = on two',
  ),
  SPARK_DRIVER_MEMORY: variable(spark, kinds.byteSize(512 * MIB, 1024 * GIB), '2g', 'Memory of the server'),
  SPARK_WORKERS: variable(
    spark,
    kinds.integer(0, 64),
    '0',
    'Workers of a standalone cluster, each a process; 0 = none, all in the server',
  ),
  SPARK_WORKER_CORES: variable(
    spark,
    kinds.integer(1, 1024),
    '',
    'Cores of each worker; empty = those of the machine shared out, at least 1',
  ),
  SPARK_EXECUTOR_MEMORY: variable(
    spark,
    kinds.byteSize(512 * MIB, 1024 * GIB),
    '1g',
    'Memory of the executor on each worker',
  ),

  COMPOSE_PROJECT_NAME: variable(
    docker,
    kinds.text('lower-case letters, digits, _ and -', /^[a-z0-9][a-z0-9_-]*$/),
    'sluice',
    'What names of containers and volumes begin with',
  ),
  SPARK_CLUSTER_SECRET: variable(
    docker,
    kinds.text('printable characters without spaces', /^[\x21-\x7e]+$/),
    '',
    'What master, workers and driver show each other; start.sh makes one',
    { isSecret: true },
  ),
  POSTGRES_WRITER_PASSWORD: variable(
    docker,
    kinds.text(),
    '',
    'Password of sluice_writer, as which the pipeline writes; start.sh makes one',
    { isSecret: true },
  ),
  POSTGRES_READER_PASSWORD: variable(
    docker,
    kinds.text(),
    '',
    'Password of sluice_reader, as which the dashboard looks; start.sh makes one',
    { isSecret: true },
  ),
  SPARK_MASTER_UI_PORT: variable(docker, kinds.port, '8080', "Port of the master's web page on 127.0.0.1"),
  SPARK_CONNECT_MEM_LIMIT: variable(
    docker,
    kinds.byteSize(1 * GIB, 1024 * GIB),
    '4g',
    'Limit of the driver: SPARK_DRIVER_MEMORY, 1g beside it, and the workers',
  ),
  SPARK_WORKER_MEM_LIMIT: variable(
    docker,
    kinds.byteSize(1 * GIB, 1024 * GIB),
    '2560m',
    'Limit of a worker: SPARK_EXECUTOR_MEMORY and as much for state, and 512m',
  ),
  CPU_LIMIT: variable(docker, kinds.integer(1, 1024), '2', 'Cores that each of the large services may use at most'),
  SLUICE_IMAGE_TAG: variable(
    docker,
    kinds.text('a tag of an image', /^[\w][\w.-]{0,127}$/),
    'local',
    'Tag of the image sluice',
  ),

  TOPIC_ACTIVITY: variable(topics, kinds.topicName, TOPICS.activity, 'Read from: the events as producers publish them'),
  TOPIC_ENRICHED: variable(
    topics,
    kinds.topicName,
    TOPICS.enriched,
    'Written to: every valid event, with its processing time',
  ),
  TOPIC_DEAD_LETTER: variable(
    topics,
    kinds.topicName,
    TOPICS.deadLetter,
    'Written to: every other record, with the reason',
  ),
  TOPIC_COMMITS: variable(
    topics,
    kinds.topicName,
    TOPICS.commits,
    'Markers of the batches that are in the two topics above',
  ),
  TOPIC_PARTITIONS: variable(topics, kinds.integer(1, 10_000), '4', 'Partitions of the topics that are created'),

  DASHBOARD_HOST: variable(
    dashboard,
    kinds.text('a host name or address', /^[\w.:-]+$/),
    '127.0.0.1',
    'Where it listens; anywhere but on loopback it needs a token',
  ),
  DASHBOARD_PORT: variable(dashboard, kinds.port, '4050', 'Its port; taken by another program: refused'),
  DASHBOARD_TOKEN: variable(
    dashboard,
    kinds.text('printable characters without spaces', /^[\x21-\x7e]+$/),
    '',
    'Asked for as the password when set',
    { isSecret: true },
  ),

  SLUICE_STATE: variable(
    storage,
    kinds.path,
    '.sluice',
    'State of what is started here: data, logs, checkpoints, passwords',
  ),
  LAKE_PATH: variable(
    storage,
    kinds.path,
    './data/lake',
    'Folder of the Parquet lake; a path or a URI that Spark knows',
  ),
  CHECKPOINT_PATH: variable(storage, kinds.path, '', 'Folder of the checkpoints; empty = checkpoints in SLUICE_STATE'),

  WATERMARK_DELAY: variable(
    pipeline,
    kinds.duration(0, 30 * DAY_MS),
    '2 minutes',
    'How far behind the latest event time an event may come and still count',
  ),
  SESSION_TIMEOUT: variable(
    pipeline,
    kinds.duration(1000, DAY_MS),
    '5 minutes',
    'A user silent for longer than this has ended the session',
  ),
  FUTURE_TOLERANCE: variable(
    pipeline,
    kinds.duration(0, DAY_MS),
    '5 minutes',
    "How far ahead of its record's timestamp an event time may lie",
  ),
  TRIGGER_INTERVAL: variable(
    pipeline,
    kinds.duration(0, 60 * MINUTE_MS),
    '1 second',
    'Time from the start of one micro-batch to the next; 0 s = at once',
  ),
  MAX_OFFSETS_PER_TRIGGER: variable(
    pipeline,
    kinds.integer(1, 2_000_000_000),
    '400000',
    'Most records in one micro-batch',
  ),
  SHUFFLE_PARTITIONS: variable(
    pipeline,
    kinds.integer(1, 10_000),
    '',
    "Partitions of the state, fixed by a query's first start; empty = cores",
  ),
  ENRICHED_DELIVERY: variable(
    pipeline,
    kinds.choice('exactly-once', 'at-least-once', 'real-time'),
    'exactly-once',
    'How the enriched topic and the dead letters are written (real-time: not yet)',
  ),
  COPY_ROWS_MAX: variable(
    pipeline,
    kinds.integer(0, 1_000_000),
    '10000',
    'Up to so many rows of a batch go to Postgres by COPY, more by JDBC',
  ),
  POISON_ROWS_MAX: variable(
    pipeline,
    kinds.integer(0, 1_000_000),
    '10',
    'Rows of a batch that a sink may refuse and have set aside; more fail it',
  ),

  PRODUCER_RATE: variable(producer, kinds.integer(0, 10_000_000), '1000', 'Events per second; 0 = as fast as possible'),
  PRODUCER_USERS: variable(producer, kinds.integer(1, 100_000_000), '1000', 'Number of simulated users'),
  PRODUCER_LATE_SHARE: variable(producer, kinds.share, '0.03', 'Share of events beyond the watermark'),
  PRODUCER_MALFORMED_SHARE: variable(producer, kinds.share, '0.01', 'Share of records that are no valid event'),
  PRODUCER_SEED: variable(producer, kinds.integer(0, 4_294_967_295), '1', 'The same seed gives the same events'),
} as const satisfies Readonly<Record<string, Variable<unknown>>>;

export type VariableName = keyof typeof VARIABLES;

/** Variables by name, as text, from anywhere: the process, a file, a test. */
export type Env = Readonly<Record<string, string | undefined>>;

type ValueOf<V> = V extends Variable<infer T> ? T : never;

/** The values of all variables; undefined where neither a value nor a default is given. */
export type Values = { readonly [N in VariableName]: ValueOf<(typeof VARIABLES)[N]> | undefined };

/**
 * Reads one variable. `origin` says where the text comes from when that is not the environment (`.env, line 3`).
 * @throws ConfigError naming the variable, the text (unless it is secret) and what is allowed.
 */
export function parseVariable<N extends VariableName>(name: N, text: string | undefined, origin?: string): Values[N] {
  const entry: Variable<unknown> = VARIABLES[name];
  const trimmed = text?.trim() ?? '';
  const value = trimmed === '' ? entry.default : trimmed;
  if (value === '') return undefined as Values[N];
  try {
    return entry.kind.parse(value) as Values[N];
  } catch (error) {
    if (!(error instanceof kinds.NotAllowed)) throw error;
    const found = entry.isSecret ? '' : `, not ${quote(value)}`;
    throw new ConfigError(`${name} ${error.message}${found}${origin === undefined ? '' : ` (${origin})`}`);
  }
}

/** One line of at most about 80 characters, whatever the text holds. */
function quote(value: string): string {
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 76)}…"` : json;
}
