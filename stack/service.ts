/** What starting any of the three services is given. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from './process.js';
import { type ClusterProcess, logFileOf, type Service, type StackPlan, type StackRecord } from './state.js';

export interface StartContext {
  readonly plan: StackPlan;
  /** Called in the turn in which a process is spawned: the service's own one, or `member` of its cluster. */
  readonly record: (identity: ProcessIdentity, member?: ClusterProcess) => void;
  /** What the record knew before this start; some of it may still run. */
  readonly running: StackRecord['processes'];
  /** Jars of Spark other than those of the set-up. */
  readonly sparkJars?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ServiceFolders {
  /** The service's own folder in the state directory. */
  readonly home: string;
  /** Emptied at each start. */
  readonly temporary: string;
  readonly logFile: string;
}

/** Makes the service's folders. Only to be called while the service does not run: what an earlier run left in `temporary` goes. */
export function prepareFolders(stateDir: string, service: Service): ServiceFolders {
  const home = join(stateDir, service);
  const temporary = join(home, 'tmp');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  return { home, temporary, logFile: logFileOf(stateDir, service) };
}
