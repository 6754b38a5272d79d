/** What runs where: `<state>/stack.json`, readable by its owner only (it holds the passwords), replaced as a whole so that no reader sees half of it. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseRole } from '../config/names.js';
import { STATE_LAYOUT } from '../config/names.js';
import type { ClusterSettings, StackSettings } from '../config/settings.js';
import { isAlive, type ProcessIdentity } from './process.js';

export const SERVICES = ['kafka', 'postgres', 'spark'] as const;

export type Service = (typeof SERVICES)[number];

/** How services are called in messages. */
export const SERVICE_LABELS = { kafka: 'Kafka', postgres: 'Postgres', spark: 'Spark' } as const satisfies Record<
  Service,
  string
>;

/** Master and workers of a standalone cluster; they belong to the service Spark. */
export type ClusterProcess = 'spark-master' | `spark-worker-${number}`;

/** A cluster with everything chosen that was left open. */
export interface ClusterPlan {
  readonly settings: ClusterSettings;
  readonly masterPort: number;
  readonly masterUiPort: number;
  /** Between master, workers, driver and executors (`spark.authenticate`). */
  readonly secret: string;
}

export function clusterProcesses({ settings }: ClusterPlan): readonly ClusterProcess[] {
  const workers = Array.from({ length: settings.workers }, (_, index) => `spark-worker-${index + 1}` as const);
  return ['spark-master', ...workers];
}

/** The ports in force, which a restart keeps. */
export interface StackPorts {
  readonly kafka: number;
  readonly kafkaController: number;
  readonly postgres: number;
  readonly sparkConnect: number;
  readonly sparkUi: number;
}

/** The settings of the start with everything chosen that was left open: enough to start any one service again as it was. */
export interface StackPlan {
  readonly settings: StackSettings;
  /** Undefined: Spark works in the server itself. */
  readonly cluster?: ClusterPlan | undefined;
  readonly ports: StackPorts;
  /** The owner's. */
  readonly postgresPassword: string;
  /** Those of the roles that write rows and that only read. */
  readonly rolePasswords: Readonly<Record<DatabaseRole, string>>;
  readonly sparkToken: string;
}

export interface StackRecord {
  /** Of this file. */
  readonly version: 1;
  readonly plan: StackPlan;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `starting`: a command is at it, or died at it. */
  readonly phase: 'starting' | 'running';
  /** Whose end also ends the stack, and the process that sees to it. Undefined: the stack stays until it is stopped. */
  readonly owner?: ProcessIdentity;
  readonly guardian?: ProcessIdentity;
  /** Only those that have been spawned. */
  readonly processes: { readonly [S in Service | 'spark-master']?: ProcessIdentity } & {
    readonly [W in `spark-worker-${number}`]: ProcessIdentity;
  };
}

export function stackFile(stateDir: string): string {
  return join(stateDir, STATE_LAYOUT.stackFile);
}

export function logDirOf(stateDir: string): string {
  return join(stateDir, STATE_LAYOUT.logs);
}

export function logFileOf(stateDir: string, name: Service | ClusterProcess | 'guardian'): string {
  return join(logDirOf(stateDir), `${name}.log`);
}

/** What handlers write to the console, a JSON object per line; the server appends to it over its own restarts. */
export function workerLogOf(stateDir: string): string {
  return join(logDirOf(stateDir), STATE_LAYOUT.handlerLog);
}

/** Undefined when there is none, or none of this version (written by another release: its processes are unknown, so nothing is claimed about them). */
export function readRecord(stateDir: string): StackRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(stackFile(stateDir), 'utf8')) as StackRecord;
    return record.version === 1 ? record : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function writeRecord(stateDir: string, record: StackRecord): void {
  writePrivateFile(stackFile(stateDir), `${JSON.stringify(record, undefined, 2)}\n`);
}

export function removeRecord(stateDir: string): void {
  rmSync(stackFile(stateDir), { force: true });
}

/** Writes a file that only its owner reads, as a whole or not at all. */
export function writePrivateFile(file: string, content: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Creates the state directory and its folder of logs. */
export function makeStateDir(stateDir: string): void {
  mkdirSync(logDirOf(stateDir), { recursive: true });
}

export function livingServices(record: StackRecord): readonly Service[] {
  return SERVICES.filter((service) => {
    const identity = record.processes[service];
    return identity !== undefined && isAlive(identity);
  });
}

/** Services to be started again for the stack to be whole. A Spark whose cluster has lost a process counts: its server is left as it is, see `startSpark`. */
export function missingServices(record: StackRecord): readonly Service[] {
  const living = livingServices(record);
  const members = record.plan.cluster === undefined ? [] : clusterProcesses(record.plan.cluster);
  const isClusterWhole = members.every((name) => {
    const identity = record.processes[name];
    return identity !== undefined && isAlive(identity);
  });
  return SERVICES.filter((service) => !living.includes(service) || (service === 'spark' && !isClusterWhole));
}
