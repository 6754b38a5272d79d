/**
 * Processes that outlive the command that started them. A pid alone is no name: it is given again. So a process is known by pid and start
 * time, and nothing is ever signalled before both have been compared.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackError } from './stack-error.js';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; differs between two processes that had the same pid one after the other, also across a reboot. */
  readonly startTime: string;
}

/** How long a signal may take to show before the next step. */
const POLL_MS = 20;

/** The start time of a running process; undefined when there is none with this pid. A zombie has ended: nobody may be there to reap it. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in parentheses, may itself hold blanks and parentheses; the third is the state, the 22nd the start in ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' || startTicks === undefined ? undefined : `${bootId()}:${startTicks}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || (code === 'ENOENT' && bootId() !== '')) return undefined;
  }
  return startTimeByPs(pid);
}

let knownBootId: string | undefined;

/** The first part of Linux's boot id; empty on a system without /proc. */
function bootId(): string {
  if (knownBootId === undefined) {
    try {
      knownBootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    } catch {
      knownBootId = '';
    }
  }
  return knownBootId;
}

function startTimeByPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C', PATH: process.env.PATH },
    });
    const [state = 'Z', ...started] = line.trim().split(/\s+/);
    return state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    // ps exits with 1 when there is no such process.
    return undefined;
  }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startTime;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const startTime = startTimeOf(process.pid);
  if (startTime === undefined)
    throw new StackError('unsupported', 'neither /proc nor `ps` tells when a process was started');
  return { pid: process.pid, startTime };
}

export interface SpawnRequest {
  /** What it is called in messages. */
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Gets standard output and error, appended. */
  readonly logFile: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Starts a process in a session of its own (no Ctrl-C of the terminal reaches it) that goes on when this one ends. `record` is called with its
 * identity in the same turn of the event loop in which it was spawned, so that hardly a kill can fall between the two.
 */
export async function spawnDetached(
  request: SpawnRequest,
  record: (identity: ProcessIdentity) => void,
): Promise<ProcessIdentity> {
  const log = openSync(request.logFile, 'a', 0o600);

  try {
    const child = spawn(request.command, request.args, {
      cwd: request.cwd,
      env: request.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(request.user ?? {}),
    });
    const startTime = child.pid === undefined ? undefined : startTimeOf(child.pid);
    if (child.pid !== undefined && startTime !== undefined) record({ pid: child.pid, startTime });
    await spawned(child, request);
    child.unref();
    if (child.pid === undefined || startTime === undefined) {
      throw new StackError('not_started', `${request.label} ended at once; see ${request.logFile}`);
    }
    return { pid: child.pid, startTime };
  } finally {
    closeSync(log);
  }
}

async function spawned(child: ChildProcess, request: SpawnRequest): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new StackError(
      'not_started',
      `${request.label}: ${request.command} cannot be started (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** Waits until the process has ended; false if it is still there after `timeoutMs`. It need not be a child of this one, so it is polled. */
export async function waitForEnd(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

export interface StopOptions {
  /** How it is asked to end. */
  readonly signal?: NodeJS.Signals;
  /** How long it may take before it is killed. */
  readonly graceMs?: number;
}

/**
 * Ends a process if it still is the one that is meant, and whatever it left behind in its process group. Answers whether it had to be killed.
 * @throws StackError when it outlives even SIGKILL (a process in an uninterruptible wait of the kernel).
 */
export async function endProcess(
  identity: ProcessIdentity,
  options: StopOptions = {},
): Promise<'was_gone' | 'ended' | 'killed'> {
  const { signal = 'SIGTERM', graceMs = 10_000 } = options;
  if (!isAlive(identity)) return 'was_gone';
  send(identity.pid, signal);
  let outcome: 'ended' | 'killed' = 'ended';
  if (!(await waitForEnd(identity, graceMs))) {
    outcome = 'killed';
    if (isAlive(identity)) send(identity.pid, 'SIGKILL');
    if (!(await waitForEnd(identity, 5000)))
      throw new StackError('busy', `process ${identity.pid} does not end, not even by SIGKILL`);
  }
  // The group bears the pid of its leader, which was there a moment ago: nobody else can have got that number yet.
  send(-identity.pid, 'SIGKILL');
  return outcome;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone already is what was wanted. EPERM comes for a group whose last member is a zombie on macOS.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && !(code === 'EPERM' && pid < 0)) throw error;
  }
}
