/** Finds processes by what Linux tells of them under /proc: who is whose child, who holds which connection, who belongs to this run. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** The Node processes that run handlers beside the Spark driver, in order of their pids. Zombies and stopped ones that wait for their end do not count. */
export function readWorkers(sparkPid: number): readonly number[] {
  return readPids().filter((pid) => parentOf(pid) === sparkPid && commandOf(pid).includes('sluice-worker'));
}

/** Which of `pids` holds the TCP connection whose own end is `localPort` and whose other end is `remotePort`, both on loopback. */
export function ownerOfConnection(pids: readonly number[], localPort: number, remotePort: number): number | undefined {
  const inode = inodeOf(localPort, remotePort);
  if (inode === undefined) return undefined;
  return pids.find((pid) => linksOf(pid).includes(`socket:[${inode}]`));
}

/** Living processes that name `folder` in their command line or environment, but for this one. */
export function processesOf(folder: string): readonly FoundProcess[] {
  return readPids()
    .filter((pid) => pid !== process.pid && isAliveState(pid))
    .filter((pid) => commandOf(pid).includes(folder) || textOf(`/proc/${pid}/environ`).includes(folder))
    .map((pid) => ({ pid, command: commandOf(pid).replaceAll('\0', ' ').trim().slice(0, 120) }));
}

/** Sends a signal; false when there is no such process any more. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function readPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

function parentOf(pid: number): number | undefined {
  const [state, parent] = statOf(pid);
  return state === 'Z' || parent === undefined ? undefined : Number(parent);
}

function isAliveState(pid: number): boolean {
  const [state] = statOf(pid);
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** State, parent and so on: what follows the command in parentheses, which may itself hold blanks and parentheses. */
function statOf(pid: number): readonly string[] {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function commandOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`);
}

/** Empty for a process that has ended meanwhile, or is another user's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function linksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`);
      } catch {
        // Closed meanwhile.
        return '';
      }
    });
  } catch {
    // Ended meanwhile.
    return [];
  }
}

/** From the kernel's table: `sl local_address rem_address st … inode`, addresses as hexadecimal `ip:port`. IPv4 over an IPv6 socket stands in tcp6. */
function inodeOf(localPort: number, remotePort: number): string | undefined {
  const portText = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of textOf(table).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(portText(localPort)) && fields[2]?.endsWith(portText(remotePort))) return fields[9];
    }
  }
  return undefined;
}
