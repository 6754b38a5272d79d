/**
 * The whole system in a folder of its own: Kafka, Postgres and Spark, the supervisor and the simulated users as programs that are kept running,
 * and proxies between the workers (and the users) and the services. It knows how to find and signal each part; what to do to it is `strike.ts`.
 */
import { join } from 'node:path';
import { childEnvironment } from '../config/child-environment.js';
import { type Endpoints, endpointsOf } from '../config/endpoints.js';
import { packageRoot } from '../config/package-root.js';
import { readSettings, type Settings } from '../config/settings.js';
import {
  applySchema,
  ensureTopics,
  inspectStack,
  readExecutors,
  restartKafka,
  restartPostgres,
  type Stack,
  startStack,
  stopStack,
} from '../stack/index.js';
import { LOOPBACK, PortChooser } from '../stack/ports.js';
import { type ProcessIdentity, startTimeOf } from '../stack/process.js';
import type { Victim } from './fault.js';
import { KeptProcess } from './kept-process.js';
import { readWorkers } from './processes.js';
import type { ProgressSource } from './progress.js';
import { FaultProxy } from './proxy/fault-proxy.js';
import { KafkaConversation } from './proxy/kafka-conversation.js';
import { PostgresConversation } from './proxy/postgres-conversation.js';
import { SmallDisk } from './small-disk.js';

export interface SystemOptions {
  /** Of this run alone; it must exist. */
  readonly folder: string;
  readonly seed: number;
  /** Events per second. */
  readonly rate: number;
  /** Workers of a standalone Spark cluster; 0: Spark works in its own process. */
  readonly workers: number;
  /** How long the simulated users may have to go on at most; a longer life of theirs begins further back in event time. */
  readonly lifeMsMax: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Told why there is no small disk. */
  readonly onNoDisk: (why: string) => void;
}

/** Seconds of event time per second of sending: windows and sessions close while one looks on. */
const SPEED = 6;
/** Fewer than would bring approx_count_distinct to its second estimator (about 3,100 of a window): only the first is sure not to fall. */
const USERS = 1_000;
const RESTART_MS = { supervisor: 1_000, producer: 500 } as const;

export class SystemUnderTest implements AsyncDisposable {
  readonly settings: Settings;
  readonly folder: string;
  readonly endpoints: Endpoints;
  readonly supervisor: KeptProcess;
  readonly producer: KeptProcess;
  readonly proxies: { readonly kafka: FaultProxy; readonly postgres: FaultProxy };
  readonly disk: SmallDisk | undefined;
  readonly #say: (line: string) => void;

  private constructor(
    options: SystemOptions,
    settings: Settings,
    stack: Stack,
    environment: Readonly<Record<string, string>>,
    proxies: SystemUnderTest['proxies'],
    disk: SmallDisk | undefined,
  ) {
    this.folder = options.folder;
    this.settings = settings;
    this.endpoints = endpointsOf(settings, stack);
    this.proxies = proxies;
    this.disk = disk;
    this.#say = options.say;
    const launcher = join(packageRoot(), 'cli', 'sluice.js');
    const program = { cwd: options.folder, env: environment };
    this.supervisor = new KeptProcess({
      ...program,
      name: 'supervisor',
      args: () => [launcher, 'run'],
      logFile: join(stack.logDir, 'run.log'),
      restartMs: RESTART_MS.supervisor,
    });
    this.producer = new KeptProcess({
      ...program,
      name: 'producer',
      args: producerArguments(options, launcher, `${LOOPBACK}:${proxies.kafka.port}`),
      logFile: join(stack.logDir, 'produce.log'),
      restartMs: RESTART_MS.producer,
    });
  }

  /** Starts the services, and says so; supervisor and producer are started by `begin`. @throws StackError; then nothing is left running. */
  static async open(options: SystemOptions): Promise<SystemUnderTest> {
    const opened: AsyncDisposable[] = [];
    try {
      return await SystemUnderTest.#open(options, opened);
    } catch (error) {
      for (const resource of opened.reverse()) await resource[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** `opened` gets what is to be closed should a later step fail. */
  static async #open(options: SystemOptions, opened: AsyncDisposable[]): Promise<SystemUnderTest> {
    const { folder, signal, say } = options;
    const disk = await SmallDisk.mount(join(folder, 'disk'), options.onNoDisk);
    if (disk !== undefined) opened.push(disk);
    const environment = childEnvironment({
      SLUICE_STATE: join(folder, 'state'),
      LAKE_PATH: disk === undefined ? join(folder, 'lake') : join(disk.folder, 'lake'),
      // Whatever else runs here: the usual ports are not for a system that is going to be shot at.
      KAFKA_PORT: '0',
      POSTGRES_PORT: '0',
      SPARK_CONNECT_PORT: '0',
      SPARK_UI_PORT: '0',
      // Fewer tasks per batch: what a fault costs is mostly the wait for the next batch of every query.
      TOPIC_PARTITIONS: '2',
      SHUFFLE_PARTITIONS: '1',
      SPARK_WORKERS: String(options.workers),
    });
    const settings = readSettings(environment, folder);
    const ports = new PortChooser();
    const kafka = await FaultProxy.listen(
      await ports.choose(0),
      (proxy, broker) => new KafkaConversation({ proxy, broker, host: LOOPBACK }),
    );
    opened.push(kafka);
    const postgres = await FaultProxy.listen(await ports.choose(0), () => new PostgresConversation());
    opened.push(postgres);
    const { stack: wished } = settings;
    const handlerPorts = { kafka: kafka.port, postgres: postgres.port };
    const stack = await startStack({ ...wished, spark: { ...wished.spark, handlerPorts } }, say, {
      signal,
      isOwned: true,
    });
    opened.push({ [Symbol.asyncDispose]: async () => void (await stopStack(settings.stateDir)) });
    kafka.forwardTo(stack.kafka.port);
    postgres.forwardTo(stack.postgres.port);
    const system = new SystemUnderTest(options, settings, stack, environment, { kafka, postgres }, disk);
    await ensureTopics(system.endpoints.bootstrapServers, settings.topics);
    await applySchema(system.endpoints.databaseUrl);
    return system;
  }

  /** Supervisor and simulated users begin. */
  begin(): void {
    this.supervisor.start();
    this.producer.start();
  }

  get progress(): ProgressSource {
    return { checkpointPath: this.endpoints.checkpointPath, databaseUrl: this.endpoints.databaseUrl };
  }

  /** The workers beside the Spark driver that runs now. */
  workers(): readonly number[] {
    const { spark } = this.#stack();
    return readWorkers(spark.pid);
  }

  /** The process to be struck; undefined while there is none. `choice` from 0 to 1 says which of several. */
  find(victim: Victim, choice: number): ProcessIdentity | undefined {
    const pids = this.#pidsOf(victim);
    const pid = pids[Math.floor(choice * pids.length)];
    return pid === undefined ? undefined : this.identify(pid);
  }

  identify(pid: number): ProcessIdentity | undefined {
    const startTime = startTimeOf(pid);
    return startTime === undefined ? undefined : { pid, startTime };
  }

  /** Brings a killed service back, as its manager would. */
  async restart(service: 'kafka' | 'postgres'): Promise<void> {
    const restart = service === 'kafka' ? restartKafka : restartPostgres;
    await restart(this.settings.stateDir, (line) => this.#say(line));
  }

  /** Ends the services and takes proxies and disk away. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.producer.stop(5_000), this.supervisor.stop(40_000)]);
    await stopStack(this.settings.stateDir);
    await this.proxies.kafka[Symbol.asyncDispose]();
    await this.proxies.postgres[Symbol.asyncDispose]();
    await this.disk?.[Symbol.asyncDispose]();
  }

  #pidsOf(victim: Victim): readonly number[] {
    switch (victim) {
      case 'worker':
        return this.workers();
      case 'executor':
        return readExecutors(this.settings.stateDir).map(({ pid }) => pid);
      case 'supervisor':
      case 'producer':
        return [this[victim].pid].filter((pid) => pid !== undefined);
      case 'spark':
      case 'kafka':
      case 'postgres':
        return [this.#stack()[victim].pid];
    }
  }

  #stack(): Stack {
    const found = inspectStack(this.settings.stateDir);
    if (found.kind === 'none' || found.kind === 'starting') throw new Error(`the stack in ${this.folder} is gone`);
    return found.stack;
  }
}

/** Each life of the producer goes on in event time where the last one would be now, with events of its own. */
function producerArguments(options: SystemOptions, launcher: string, bootstrapServers: string) {
  const startedMs = Date.now();
  const eventTimeMs = startedMs - SPEED * options.lifeMsMax;
  let life = 0;
  return (): readonly string[] => {
    const elapsedMs = Date.now() - startedMs;
    return [
      launcher,
      'produce',
      '--transactional',
      ...['--bootstrap-servers', bootstrapServers],
      ...['--rate', String(options.rate)],
      ...['--speed', String(SPEED)],
      ...['--duration', `${Math.max(1_000, options.lifeMsMax - elapsedMs)}ms`],
      ...['--event-time-from', new Date(eventTimeMs + SPEED * elapsedMs).toISOString()],
      ...['--users', String(USERS)],
      ...['--seed', String((options.seed * 1_000 + life++) % 2 ** 32)],
      ...['--late-share', '0.03', '--malformed-share', '0.01'],
    ];
  };
}
