/** Starts the stack, or finds it running. The three services start at once: their addresses and passwords are settled before. */
import type { StackSettings } from '../config/settings.js';
import { startByPlan } from './choose-plan.js';
import { spawnGuardian } from './guardian.js';
import { ensureJars } from './jars.js';
import { withLock } from './lock.js';
import { rotateLog } from './logs.js';
import { ownIdentity, type ProcessIdentity } from './process.js';
import { bringBack } from './restart.js';
import { readyLine, STARTERS } from './services.js';
import { type Stack, stackOf } from './stack.js';
import { StackError } from './stack-error.js';
import {
  type ClusterProcess,
  livingServices,
  logFileOf,
  makeStateDir,
  missingServices,
  readRecord,
  SERVICES,
  type Service,
  type StackPlan,
  type StackRecord,
  workerLogOf,
  writeRecord,
} from './state.js';
import { lockFileOf, type Report, stopRecorded } from './stop.js';

export interface StartOptions {
  /** Ends the start: what was started is stopped again and the call fails with `aborted`. */
  readonly signal?: AbortSignal;
  /** The stack ends with this process, however that ends. Without effect on a stack that is found running. */
  readonly isOwned?: boolean;
}

/**
 * Starts Kafka, Postgres and Spark and resolves when all three answer. A running stack is taken as it is, one of which a service has died is
 * completed, what a crashed start left is cleaned away first. `report` gets one line per service.
 * @throws StackError; then nothing that this call started is left running.
 */
export async function startStack(
  settings: StackSettings,
  report: Report = () => {},
  options: StartOptions = {},
): Promise<Stack> {
  if (process.platform === 'win32') {
    throw new StackError(
      'unsupported',
      'on Windows use Docker (start.ps1) or WSL: Kafka, Postgres and Spark are started on Linux and macOS only',
    );
  }
  makeStateDir(settings.stateDir);
  return withLock(lockFileOf(settings.stateDir), async () => {
    const record = readRecord(settings.stateDir);
    const living = record === undefined ? [] : livingServices(record);
    if (record !== undefined && record.phase === 'running' && living.length > 0) {
      return bringBack(record, missingServices(record), report);
    }
    // Half a start, or the record of processes that are gone: nothing of it is worth keeping.
    if (record !== undefined) await stopRecorded(settings.stateDir, record, report);
    await ensureJars(report, options.signal);
    return startFresh(settings, report, options);
  });
}

function startFresh(settings: StackSettings, report: Report, options: StartOptions): Promise<Stack> {
  return startByPlan(
    settings,
    (plan) => startPlanned(plan, report, options),
    () => report('another program has taken a port meanwhile; once more with other ports'),
  );
}

async function startPlanned(plan: StackPlan, report: Report, options: StartOptions): Promise<Stack> {
  const { stateDir } = plan.settings;
  for (const name of [...SERVICES, 'guardian'] as const) rotateLog(logFileOf(stateDir, name));
  rotateLog(workerLogOf(stateDir));
  let record: StackRecord = { version: 1, plan, startedAt: new Date().toISOString(), phase: 'starting', processes: {} };
  const update = (change: Partial<StackRecord>): void => {
    record = { ...record, ...change };
    writeRecord(stateDir, record);
  };
  update({});

  try {
    if (options.isOwned) {
      const owner = ownIdentity();
      await spawnGuardian(stateDir, owner, (guardian) => update({ owner, guardian }));
    }
    await startServices(plan, options.signal, report, (name, identity) =>
      update({ processes: { ...record.processes, [name]: identity } }),
    );
    update({ phase: 'running' });
    const stack = stackOf(record, false);
    if (stack === undefined) throw new Error('all three services were started, yet one is not on record');
    return stack;
  } catch (error) {
    await stopRecorded(stateDir, record, () => {});
    throw error;
  }
}

/** Starts all three. The first failure ends the wait for the others, but not before they have settled: nothing may be spawned after the clean-up. */
async function startServices(
  plan: StackPlan,
  signal: AbortSignal | undefined,
  report: Report,
  record: (name: Service | ClusterProcess, identity: ProcessIdentity) => void,
): Promise<void> {
  const failure = new AbortController();
  const giveUp = (): void => failure.abort();
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp, { once: true });
  const begin = performance.now();
  const outcomes = await Promise.allSettled(
    SERVICES.map(async (service) => {
      try {
        await STARTERS[service]({
          plan,
          record: (identity, member) => record(member ?? service, identity),
          running: {},
          signal: failure.signal,
        });
      } catch (error) {
        giveUp();
        throw error;
      }
      report(readyLine(plan.ports, service, begin));
    }),
  );
  signal?.removeEventListener('abort', giveUp);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (reasons.length === 0) return;
  // The others were only told to give up; the cause is the one that was not.
  throw reasons.find((reason) => !(reason instanceof StackError && reason.kind === 'aborted')) ?? reasons[0];
}
