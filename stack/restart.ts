/** Starts one service again as it was: same port, same settings, same passwords, so that whoever is connected to the stack need not be told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from './lock.js';
import { rotateLog } from './logs.js';
import { isPortFree } from './ports.js';
import { portsOf, readyLine, STARTERS } from './services.js';
import { type Stack, stackOf } from './stack.js';
import { StackError } from './stack-error.js';
import {
  livingServices,
  logFileOf,
  readRecord,
  SERVICE_LABELS,
  type Service,
  type StackPorts,
  type StackRecord,
  writeRecord,
} from './state.js';
import { lockFileOf, type Report, stopService } from './stop.js';

/** Ends Kafka if it still runs, and starts it. Resolves when it answers. @throws StackError, `not_running` if there is no stack. */
export function restartKafka(stateDir: string, report: Report = () => {}): Promise<Stack> {
  return restart(stateDir, 'kafka', report);
}

/** Ends Postgres if it still runs, and starts it. Resolves when it answers. @throws StackError, `not_running` if there is no stack. */
export function restartPostgres(stateDir: string, report: Report = () => {}): Promise<Stack> {
  return restart(stateDir, 'postgres', report);
}

/** Ends Spark if it still runs, and starts it. All sessions and running queries are lost. Resolves when it answers. @throws StackError, `not_running` if there is no stack. */
export function restartSpark(stateDir: string, report: Report = () => {}): Promise<Stack> {
  return restart(stateDir, 'spark', report);
}

function restart(stateDir: string, service: Service, report: Report): Promise<Stack> {
  return withLock(lockFileOf(stateDir), async () => {
    const record = readRecord(stateDir);
    if (record === undefined || record.phase !== 'running') {
      throw new StackError(
        'not_running',
        `there is no stack in ${stateDir} to restart ${SERVICE_LABELS[service]} of; start it with \`sluice up\``,
      );
    }
    await stopService(record, service, report);
    return bringBack(record, [service], report);
  });
}

/** A killed server's port may be busy for a moment while the kernel closes its connections. */
const PORT_FREE_MS_MAX = 10_000;

/**
 * Starts what of `services` does not run, all at once, for a caller that holds the lock. The rest of the stack is left alone, also when one
 * fails; so is a Spark server of which only a worker is missing.
 */
export async function bringBack(record: StackRecord, services: readonly Service[], report: Report): Promise<Stack> {
  const { plan } = record;
  const living = livingServices(record);
  let current = record;
  const begin = performance.now();
  const outcomes = await Promise.allSettled(
    services.map(async (service) => {
      if (!living.includes(service)) {
        await waitForPorts(plan.ports, service);
        rotateLog(logFileOf(plan.settings.stateDir, service));
      }
      await STARTERS[service]({
        plan,
        running: record.processes,
        record: (identity, member) => {
          current = { ...current, processes: { ...current.processes, [member ?? service]: identity } };
          writeRecord(plan.settings.stateDir, current);
        },
      });
      report(readyLine(plan.ports, service, begin));
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const stack = stackOf(current, true);
  if (stack === undefined) throw new Error('a stack on record as running lacks a process');
  return stack;
}

/** Until the ports of a service that has just ended can be listened on again. @throws StackError if another program has them. */
export async function waitForPorts(ports: StackPorts, service: Service): Promise<void> {
  for (const port of portsOf(ports, service)) await waitForPort(port, service);
}

async function waitForPort(port: number, service: Service): Promise<void> {
  const deadline = Date.now() + PORT_FREE_MS_MAX;
  while (!(await isPortFree(port))) {
    if (Date.now() >= deadline) {
      throw new StackError(
        'not_started',
        `port ${port} of ${SERVICE_LABELS[service]} has been taken by another program; stop that, or \`sluice down\` and \`sluice up\``,
      );
    }
    await sleep(50);
  }
}
