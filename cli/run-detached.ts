// `sluice run --detach`: the same command again, in a session of its own, with its talk in a log.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../config/package-root.js';
import { tailOfLog } from '../stack/logs.js';
import { endProcess, isAlive, type ProcessIdentity, startTimeOf } from '../stack/process.js';
import { CommandError, EXIT } from './exit-codes.js';
import { readRun, runLogOf } from './run-record.js';

const POLL_MS = 200;
/** From nothing to four active queries takes Spark some seconds; on a loaded machine more. */
const START_MS_MAX = 180_000;

/**
 * Resolves when all queries are active.
 * @throws CommandError with the end of the log when the run ends before that or takes too long (then it is stopped).
 */
export async function runDetached(
  stateDir: string,
  pipelineFile: string | undefined,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<{ readonly pid: number; readonly logFile: string }> {
  const logFile = runLogOf(stateDir);
  mkdirSync(dirname(logFile), { recursive: true });
  const launcher = fileURLToPath(new URL('cli/sluice.js', `file://${packageRoot()}/`));
  const identity = await spawnRun(launcher, pipelineFile, logFile);
  const begin = Date.now();
  while (Date.now() - begin < START_MS_MAX && !signal.aborted) {
    const run = readRun(stateDir);
    if (run?.process.pid === identity.pid && run.phase === 'running') return { pid: identity.pid, logFile };
    if (!isAlive(identity)) throw new CommandError(EXIT.failed, `The pipeline did not start:\n${tailOfLog(logFile)}`);
    progress('waiting for all queries to be active');
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  await endProcess(identity);
  if (signal.aborted) throw new CommandError(EXIT.interrupted, 'Stopped before all queries were active.');
  throw new CommandError(
    EXIT.failed,
    `Not all queries were active after ${START_MS_MAX / 1_000} s; the pipeline was stopped again. Its log is ${logFile}:\n${tailOfLog(logFile)}`,
  );
}

/** It inherits environment and working directory: settings, relative paths and `.env` mean the same for it. */
async function spawnRun(launcher: string, pipelineFile: string | undefined, logFile: string): Promise<ProcessIdentity> {
  const log = openSync(logFile, 'a', 0o600);

  try {
    const child = spawn(process.execPath, [launcher, 'run', ...(pipelineFile === undefined ? [] : [pipelineFile])], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid ?? 0;
    // Gone already: the caller finds that no such process is alive and shows its log.
    return { pid, startTime: startTimeOf(pid) ?? 'gone' };
  } finally {
    closeSync(log);
  }
}
