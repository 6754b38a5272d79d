// One set-up at a time in one clone: `npm start` in one terminal and `npm test` in another must not both rebuild node_modules.
import { accessSync, constants, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CACHE } from './paths.mjs';
import { SetupError } from './run.mjs';

const POLL_MS = 200;

/** Runs `action` alone. The lock is a file with the holder's pid; that of a holder who has ended is void. */
export async function withSetupLock(action) {
  try {
    mkdirSync(CACHE, { recursive: true });
    accessSync(CACHE, constants.W_OK);
  } catch (error) {
    throw new SetupError(`${CACHE} cannot be written (${error.code}): run this once as the one to whom it belongs.`);
  }
  const file = join(CACHE, 'setup.lock');
  await acquire(file);
  // Not only in `finally`: Ctrl-C ends the process from within a step.
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);

  try {
    return await action();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

async function acquire(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));

  try {
    for (let isTold = false; !tryLink(own, file); ) {
      const holder = holderOf(file);
      if (holder === undefined) continue;
      if (!isRunning(holder)) rmSync(file, { force: true });
      else {
        if (!isTold) console.log(`Waiting for another set-up in this clone (process ${holder})`);
        isTold = true;
        await sleep(POLL_MS);
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** `link` is atomic and brings the content along: nobody ever sees an empty lock. */
function tryLink(own, file) {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A pid that has been given to another program meanwhile would count as the holder, so on Linux the program is looked at too. */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('setup.mjs');
  } catch {
    // No /proc: the pid has to do.
    return process.platform !== 'linux';
  }
}
