/** One command at a time starts, restarts or stops a stack. The lock is a file that names its holder; a dead holder's lock is void. */

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ownIdentity, type ProcessIdentity } from './process.js';
import { StackError } from './stack-error.js';

const POLL_MS = 100;

/** Longer than the slowest start. */
const WAIT_MS_MAX = 180_000;

/**
 * Runs `action` while holding `file`. Waits for a living holder, which may also be another call in this process.
 * @throws StackError `busy` when the holder is still at it after three minutes.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  await acquire(file);

  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}

async function acquire(file: string): Promise<void> {
  const own = `${file}.${process.pid}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify(ownIdentity()), { mode: 0o600 });

  try {
    const deadline = Date.now() + WAIT_MS_MAX;
    while (!tryLink(own, file)) {
      const holder = readHolder(file);
      if (holder === 'gone') continue;
      if (holder === 'unreadable' || !isAlive(holder)) discard(file, holder);
      else if (Date.now() >= deadline) {
        throw new StackError(
          'busy',
          `another command (process ${holder.pid}) is starting or stopping this stack; lock: ${file}`,
        );
      } else await sleep(POLL_MS);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** `link` is atomic and brings the content along: nobody ever sees an empty lock. */
function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): ProcessIdentity | 'gone' | 'unreadable' {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

/** Takes a void lock away. Between reading and moving it another command may have put its own there: that one is put back. */
function discard(file: string, holder: ProcessIdentity | 'unreadable'): void {
  const aside = `${file}.void.${process.pid}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }

  try {
    const moved = readHolder(aside);
    const isSame =
      typeof moved === 'object' && typeof holder === 'object'
        ? moved.startTime === holder.startTime && moved.pid === holder.pid
        : moved === holder;
    if (!isSame) tryLink(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}
