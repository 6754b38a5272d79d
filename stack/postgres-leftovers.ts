/**
 * After `kill -9` of the postmaster its children end by themselves, but not before they next look up from their work, and the file with its
 * pid stays. The next server would refuse to start because of either: of the children rightly, of the file if the pid has been given to
 * something else meanwhile. Both are settled here by asking who really works in the data directory. Called only when the recorded server is dead.
 */
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const END_MS_MAX = 2000;
const POLL_MS = 20;

/** Waits for leftover processes, then kills them: for the data it is the same as the crash that has happened already. */
export async function releaseDataDir(dataDir: string): Promise<void> {
  const deadline = Date.now() + END_MS_MAX;
  for (let users = usersOf(dataDir); users !== undefined && users.length > 0; users = usersOf(dataDir)) {
    if (Date.now() >= deadline) for (const pid of users) killIfThere(pid);
    await sleep(POLL_MS);
  }
  // Where nobody can be asked (no /proc), Postgres itself judges by the file.
  if (usersOf(dataDir) !== undefined) rmSync(join(dataDir, 'postmaster.pid'), { force: true });
}

/** The processes whose working directory is the data directory, as that of every process of a Postgres server is; undefined without /proc. */
function usersOf(dataDir: string): readonly number[] | undefined {
  let entries: readonly string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return undefined;
  }
  return entries.filter((entry) => /^\d+$/.test(entry) && workingDirectoryOf(entry) === dataDir).map(Number);
}

function workingDirectoryOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Ended meanwhile, or of another user: then it is none of ours.
    return undefined;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
