/** Ends a stack: Spark first, which uses the other two. Light on imports: the guardian runs it. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { endProcess, type StopOptions } from './process.js';
import { clusterProcesses, readRecord, removeRecord, SERVICE_LABELS, type Service, type StackRecord } from './state.js';

export type Report = (line: string) => void;

/** How each service is asked to end and how long it may take. For Postgres SIGINT means: end sessions now, in order; SIGTERM would wait for them. */
const STOPPING = {
  spark: { signal: 'SIGTERM', graceMs: 10_000 },
  kafka: { signal: 'SIGTERM', graceMs: 15_000 },
  postgres: { signal: 'SIGINT', graceMs: 15_000 },
} as const satisfies Record<Service, StopOptions>;

export function lockFileOf(stateDir: string): string {
  return join(stateDir, 'stack.lock');
}

/**
 * Stops whatever of the stack still runs, whoever started it. Answers false when there was nothing to stop. Idempotent.
 * @throws StackError `busy` when another command is at it for minutes.
 */
export async function stopStack(stateDir: string, report: Report = () => {}): Promise<boolean> {
  if (!existsSync(stateDir)) return false;
  return withLock(lockFileOf(stateDir), async () => {
    const record = readRecord(stateDir);
    if (record === undefined) return false;
    await stopRecorded(stateDir, record, report);
    return true;
  });
}

/** The same for a caller that holds the lock. */
export async function stopRecorded(stateDir: string, record: StackRecord, report: Report): Promise<void> {
  // The guardian must not take the end of its stack for a reason to act; when it is itself the caller it stays.
  if (record.guardian !== undefined && record.guardian.pid !== process.pid) await endProcess(record.guardian);
  await stopService(record, 'spark', report);
  await stopCluster(record);
  await Promise.all([stopService(record, 'kafka', report), stopService(record, 'postgres', report)]);
  removeRecord(stateDir);
}

/** The driver has gone already; executors end with their workers, or are killed with their process group. */
async function stopCluster({ plan, processes }: StackRecord): Promise<void> {
  if (plan.cluster === undefined) return;
  const identities = clusterProcesses(plan.cluster).flatMap((name) => processes[name] ?? []);
  await Promise.all(identities.map((identity) => endProcess(identity)));
}

export async function stopService(
  record: StackRecord,
  service: Service,
  report: Report,
  how: StopOptions = STOPPING[service],
): Promise<void> {
  const identity = record.processes[service];
  if (identity === undefined) return;
  const begin = performance.now();
  const outcome = await endProcess(identity, how);
  if (outcome === 'was_gone') return;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const killed = outcome === 'killed' ? ' (it did not end by itself and was killed)' : '';
  report(`${SERVICE_LABELS[service].padEnd(9)} stopped  ${seconds} s${killed}`);
}
