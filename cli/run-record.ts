// Who runs the pipeline here, and what its queries were last seen doing: `<state>/run.json`, written by `sluice run` (and the demo) and read by
// status, down, reset and by the next run, which must not start a second one.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { QueryState } from '../spark/supervisor/index.js';
import { endProcess, isAlive, ownIdentity, type ProcessIdentity } from '../stack/process.js';
import { CommandError, EXIT } from './exit-codes.js';

export interface RunRecord {
  /** Of this file. */
  readonly version: 1;
  readonly process: ProcessIdentity;
  /** Name of the machine or container that the process is of; absent in the records of older versions. */
  readonly host?: string;
  /** ISO 8601, UTC, as the next one. */
  readonly startedAt: string;
  readonly updatedAt: string;
  /** `running`: all queries have been started. */
  readonly phase: 'starting' | 'running' | 'stopping';
  readonly queries: readonly QueryState[];
  /** What runs; absent in the records of older versions, which knew one pipeline only. */
  readonly pipeline?: RunningPipeline;
}

export interface RunningPipeline {
  readonly name: string;
  /** Those that it reads. */
  readonly topics: readonly string[];
  /** The file that exports it, absolute; absent for the one that comes with sluice. */
  readonly file?: string;
}

/** A pipeline writes its state about once a second; one that has not for so long hangs or has lost Spark. */
export const RUN_AGE_MS_MAX = 30_000;

/** A supervisor that is told to end lets the batches under way finish (30 s at most) and stops the queries. */
const STOP_WAIT_MS_MAX = 60_000;

function fileOf(stateDir: string): string {
  return join(stateDir, 'run.json');
}

/** Where a detached run writes what it says. */
export function runLogOf(stateDir: string): string {
  return join(stateDir, 'logs', 'run.log');
}

/** The run that is alive on this machine, if there is one. */
export function readRun(stateDir: string): RunRecord | undefined {
  const record = readRecord(stateDir);
  return record !== undefined && isOfThisHost(record) && isAlive(record.process) ? record : undefined;
}

/** For those that only look, also the run of another container that shares the folder: alive as long as it writes. */
export function readRunSeen(stateDir: string): RunRecord | undefined {
  const record = readRecord(stateDir);
  if (record === undefined || isOfThisHost(record)) return readRun(stateDir);
  return Date.now() - Date.parse(record.updatedAt) <= RUN_AGE_MS_MAX ? record : undefined;
}

function readRecord(stateDir: string): RunRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(fileOf(stateDir), 'utf8')) as RunRecord;
    return record.version === 1 ? record : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Process ids mean nothing elsewhere. */
function isOfThisHost({ host }: RunRecord): boolean {
  return host === undefined || host === hostname();
}

/** @throws CommandError when another run is alive. */
export function assertNoRun(stateDir: string): void {
  const other = readRun(stateDir);
  if (other === undefined || other.process.pid === process.pid) return;
  throw new CommandError(
    EXIT.failed,
    `The pipeline runs already, as process ${other.process.pid} since ${other.startedAt.slice(0, 19)}Z. \`sluice status\` shows it, \`sluice down\` stops it.`,
  );
}

/** @throws CommandError when no run is alive: whoever waits for it would wait for ever. */
export function assertRuns(stateDir: string): void {
  if (readRun(stateDir) !== undefined) return;
  throw new CommandError(EXIT.failed, 'No pipeline runs here. `sluice run --detach` starts one.');
}

/** This process's claim to be the run; everything it writes replaces the file as a whole. */
export class RunClaim implements Disposable {
  readonly #stateDir: string;
  readonly #pipeline: RunningPipeline | undefined;
  readonly #own = ownIdentity();
  readonly #startedAt = new Date().toISOString();

  /** @throws CommandError when another run is alive. Two that start in the same instant are told apart by the pipeline's fence. */
  constructor(stateDir: string, pipeline?: RunningPipeline) {
    assertNoRun(stateDir);
    this.#pipeline = pipeline;
    this.#stateDir = stateDir;
    mkdirSync(stateDir, { recursive: true });
    this.write('starting', []);
  }

  write(phase: RunRecord['phase'], queries: readonly QueryState[]): void {
    const record: RunRecord = {
      version: 1,
      process: this.#own,
      host: hostname(),
      startedAt: this.#startedAt,
      updatedAt: new Date().toISOString(),
      phase,
      queries,
      ...(this.#pipeline === undefined ? {} : { pipeline: this.#pipeline }),
    };
    const temporary = `${fileOf(this.#stateDir)}.${process.pid}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, fileOf(this.#stateDir));
  }

  /** Gives the claim up. Idempotent; somebody else's claim stays. */
  [Symbol.dispose](): void {
    const current = readRun(this.#stateDir);
    if (current?.process.pid === process.pid) rmSync(fileOf(this.#stateDir), { force: true });
  }
}

/** Ends the run in order, by force if it takes too long. Answers false when there was none. */
export async function stopRun(stateDir: string): Promise<boolean> {
  const run = readRun(stateDir);
  if (run === undefined || run.process.pid === process.pid) return false;
  await endProcess(run.process, { signal: 'SIGTERM', graceMs: STOP_WAIT_MS_MAX });
  rmSync(fileOf(stateDir), { force: true });
  return true;
}
