/** The executors of the cluster started here: no command starts them, the workers do, so they stand in no record. */
import { execFileSync } from 'node:child_process';
import { isAlive } from './process.js';
import { type ClusterProcess, clusterProcesses, readRecord } from './state.js';

export interface ExecutorProcess {
  readonly worker: ClusterProcess;
  readonly pid: number;
}

/** Those that run now, with the worker that started each: its children. None where there is no cluster. Linux and macOS. */
export function readExecutors(stateDir: string): readonly ExecutorProcess[] {
  const record = readRecord(stateDir);
  if (record?.plan.cluster === undefined) return [];
  const workers = new Map<number, ClusterProcess>();
  for (const name of clusterProcesses(record.plan.cluster)) {
    const identity = record.processes[name];
    if (name !== 'spark-master' && identity !== undefined && isAlive(identity)) workers.set(identity.pid, name);
  }
  if (workers.size === 0) return [];
  const listing = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  });
  return listing.split('\n').flatMap((line) => {
    const [pid = '', parent = ''] = line.trim().split(/\s+/, 2);
    const worker = workers.get(Number(parent));
    return worker !== undefined && line.includes('CoarseGrainedExecutorBackend') ? [{ worker, pid: Number(pid) }] : [];
  });
}
