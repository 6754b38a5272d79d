/**
 * A tiny process of its own that ends a stack when the command that owns it has died, by whatever: after `kill -9` no handler of the
 * command itself runs. It watches the owner's pid and start time. Not used by `sluice up`, whose stack is meant to stay.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAlive, ownIdentity, type ProcessIdentity, spawnDetached } from './process.js';
import { logFileOf, readRecord } from './state.js';

/** How long a stack may outlive its owner before it is noticed. */
const POLL_MS = 500;

/** Starts the guardian of the stack in `stateDir`. */
export function spawnGuardian(
  stateDir: string,
  owner: ProcessIdentity,
  record: (identity: ProcessIdentity) => void,
): Promise<ProcessIdentity> {
  // The flags of this process name the loader under which TypeScript sources run directly; those of a debugger or a test run are its own.
  const flags = process.execArgv.filter((flag) => !/^--(?:test|inspect|watch|prof|cpu-prof|heap-prof)/.test(flag));
  return spawnDetached(
    {
      label: 'the guardian',
      command: process.execPath,
      args: [
        '--max-old-space-size=32',
        ...flags,
        fileURLToPath(import.meta.url),
        stateDir,
        `${owner.pid}`,
        owner.startTime,
      ],
      env: process.env,
      cwd: stateDir,
      logFile: logFileOf(stateDir, 'guardian'),
    },
    record,
  );
}

/** Waits for the owner's end, or for the end of its own task: when the record names another guardian or is gone, the stack is stopped or somebody else's. */
async function watch(stateDir: string, owner: ProcessIdentity): Promise<void> {
  const own = ownIdentity();
  while (isAlive(owner)) {
    await sleep(POLL_MS);
    if (readRecord(stateDir)?.guardian?.pid !== own.pid) return;
  }
  console.log(`${new Date().toISOString()} the owner, process ${owner.pid}, has ended: stopping the stack`);
  // Loaded only now: Kafka's and Postgres's clients come with it.
  const { stopStack } = await import('./stop.js');
  await stopStack(stateDir, (line) => console.log(line));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , stateDir = '', pid = '', startTime = ''] = process.argv;
  await watch(stateDir, { pid: Number(pid), startTime });
}
