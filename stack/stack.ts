/** A running stack as its users see it, made from the record of its start. */
import { masterUiUrlOf, masterUrlOf } from './cluster.js';
import { bootstrapServersOf } from './kafka.js';
import { databaseUrlOf, roleUrlOf } from './postgres.js';
import { sparkRemoteOf, sparkUiUrlOf } from './spark.js';
import {
  type ClusterPlan,
  clusterProcesses,
  livingServices,
  logDirOf,
  readRecord,
  SERVICES,
  type Service,
  type StackRecord,
} from './state.js';

export interface Stack {
  readonly kafka: { readonly bootstrapServers: string; readonly port: number; readonly pid: number };
  readonly postgres: {
    /** With the password, as the other two: the owner's, the writer's and the reader's. */
    readonly url: string;
    readonly writerUrl: string;
    readonly readerUrl: string;
    readonly port: number;
    readonly pid: number;
  };
  readonly spark: {
    readonly remote: string;
    readonly token: string;
    readonly uiUrl: string;
    readonly masterUrl: string;
    readonly connectPort: number;
    readonly pid: number;
    /** Undefined: the server works by itself. */
    readonly cluster: StackCluster | undefined;
  };
  readonly stateDir: string;
  readonly logDir: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** True when the call that returned this found the stack running: whoever started it also stops it. */
  readonly isReused: boolean;
}

/** A standalone cluster as it was started; workers may have died since (`readExecutors` looks). */
export interface StackCluster {
  readonly masterUrl: string;
  /** Its web page. */
  readonly masterUiUrl: string;
  readonly masterPid: number;
  readonly workerPids: readonly number[];
}

/** What is there: nothing, a stack of which some services have died, or a whole one. */
export type StackInspection =
  | { readonly kind: 'none' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'broken'; readonly stack: Stack; readonly dead: readonly Service[] }
  | { readonly kind: 'running'; readonly stack: Stack };

/** Looks by pid and start time; asks no service. A stack of which nothing is alive is none. */
export function inspectStack(stateDir: string): StackInspection {
  const record = readRecord(stateDir);
  if (record === undefined) return { kind: 'none' };
  const living = livingServices(record);
  if (living.length === 0) return { kind: 'none' };
  const stack = stackOf(record, true);
  if (record.phase === 'starting' || stack === undefined) return { kind: 'starting' };
  const dead = SERVICES.filter((service) => !living.includes(service));
  return dead.length === 0 ? { kind: 'running', stack } : { kind: 'broken', stack, dead };
}

/** The stack if all of it runs. */
export async function readStack(stateDir: string): Promise<Stack | undefined> {
  const found = inspectStack(stateDir);
  return found.kind === 'running' ? found.stack : undefined;
}

/** Undefined as long as a process is missing from the record. */
export function stackOf(record: StackRecord, isReused: boolean): Stack | undefined {
  const { plan, processes, startedAt } = record;
  const { ports, settings } = plan;
  if (!processes.kafka || !processes.postgres || !processes.spark) return undefined;
  const cluster = plan.cluster && clusterOf(record, plan.cluster);
  return {
    kafka: { bootstrapServers: bootstrapServersOf(ports), port: ports.kafka, pid: processes.kafka.pid },
    postgres: {
      url: databaseUrlOf(plan),
      writerUrl: roleUrlOf(plan, 'writer'),
      readerUrl: roleUrlOf(plan, 'reader'),
      port: ports.postgres,
      pid: processes.postgres.pid,
    },
    spark: {
      remote: sparkRemoteOf(ports),
      token: plan.sparkToken,
      uiUrl: sparkUiUrlOf(ports),
      masterUrl: cluster?.masterUrl ?? settings.spark.masterUrl,
      connectPort: ports.sparkConnect,
      pid: processes.spark.pid,
      cluster,
    },
    stateDir: settings.stateDir,
    logDir: logDirOf(settings.stateDir),
    startedAt,
    isReused,
  };
}

function clusterOf({ processes }: StackRecord, cluster: ClusterPlan): StackCluster {
  const pids = clusterProcesses(cluster).map((name) => processes[name]?.pid ?? 0);
  const [masterPid = 0, ...workerPids] = pids;
  return { masterUrl: masterUrlOf(cluster), masterUiUrl: masterUiUrlOf(cluster), masterPid, workerPids };
}
