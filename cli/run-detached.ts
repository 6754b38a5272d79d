// `sluice run --detach`: the same command again, in a session of its own, with its talk in a log.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../config/package-root.js';
import { endProcess, isAlive, type ProcessIdentity, startTimeOf } from '../stack/process.js';
import { CommandError, EXIT, type ExitCode } from './exit-codes.js';
import { readRun, runLogOf } from './run-record.js';

const POLL_MS = 200;
/** From nothing to four active queries takes Spark some seconds; on a loaded machine more. */
const START_MS_MAX = 180_000;
/** As much of its log is shown when it says no reason. */
const LOG_LINES = 15;
const EXIT_HEARD_MS_MAX = 2_000;

/**
 * Resolves when all queries are active.
 * @throws CommandError with the reason and the exit code of a run that ends before that; one that takes too long is stopped.
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
  const { child, identity, logBytes } = await spawnRun(launcher, pipelineFile, logFile);
  const said = (): string => readFileSync(logFile).subarray(logBytes).toString();
  const begin = Date.now();
  while (Date.now() - begin < START_MS_MAX && !signal.aborted) {
    const run = readRun(stateDir);
    if (run?.process.pid === identity.pid && run.phase === 'running') return { pid: identity.pid, logFile };
    if (!isAlive(identity)) {
      const exitCode = (await exitCodeOf(child)) as ExitCode | undefined;
      throw new CommandError(exitCode ?? EXIT.failed, `The pipeline did not start: ${reasonIn(said())}`);
    }
    progress('waiting for all queries to be active');
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  await endProcess(identity);
  if (signal.aborted) throw new CommandError(EXIT.interrupted, 'Stopped before all queries were active.');
  throw new CommandError(
    EXIT.failed,
    `Not all queries were active after ${START_MS_MAX / 1_000} s; the pipeline was stopped again. Its log is ${logFile}:\n${lastLines(said())}`,
  );
}

interface SpawnedRun {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
  /** How long the log was before; what stands there is of earlier runs. */
  readonly logBytes: number;
}

/** Of a process that is gone, which Node may not have heard of yet. */
async function exitCodeOf(child: ChildProcess): Promise<number | undefined> {
  if (child.exitCode === null && child.signalCode === null)
    await Promise.race([once(child, 'exit'), delay(EXIT_HEARD_MS_MAX)]);
  return child.exitCode ?? undefined;
}

/** The sentence with which the run ended, or the end of what it said. */
function reasonIn(said: string): string {
  const at = said.lastIndexOf('\nsluice: ') + 1;
  return at > 0 || said.startsWith('sluice: ') ? said.slice(at + 'sluice: '.length).trim() : `\n${lastLines(said)}`;
}

function lastLines(said: string): string {
  return said.trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

/** It inherits environment and working directory: settings, relative paths and `.env` mean the same for it. */
async function spawnRun(launcher: string, pipelineFile: string | undefined, logFile: string): Promise<SpawnedRun> {
  const log = openSync(logFile, 'a', 0o600);
  const logBytes = fstatSync(log).size;
  try {
    const child = spawn(process.execPath, [launcher, 'run', ...(pipelineFile === undefined ? [] : [pipelineFile])], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid ?? 0;
    // Gone already: the caller finds that no such process is alive and shows its log.
    return { child, identity: { pid, startTime: startTimeOf(pid) ?? 'gone' }, logBytes };
  } finally {
    closeSync(log);
  }
}
