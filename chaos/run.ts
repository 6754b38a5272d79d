/**
 * The order of a run: start the system, let readers follow it, strike and wait for recovery again and again, let everything come through, verify,
 * look for leftovers, stop. A system that does not come back ends the run: shooting at what lies on the ground proves nothing.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userActivity } from '../spark/pipeline/index.js';
import { awaitCaughtUp } from '../spark/supervisor/index.js';
import { StackError } from '../stack/index.js';
import { type VerifyReport, verify } from '../verify/index.js';
import { describeFault, type FaultName, type Needs, needsOf } from './fault.js';
import { findLeftovers, findOrphans } from './leftovers.js';
import { awaitBeyond, type Heads, readBegun } from './progress.js';
import { TableReader } from './readers/table-reader.js';
import { TopicReader } from './readers/topic-reader.js';
import { type ChaosReport, type Findings, judge, type StruckFault } from './report.js';
import { drawSchedule, type ScheduledFault } from './schedule.js';
import { strike } from './strike.js';
import { SystemUnderTest } from './system.js';

export interface ChaosOptions {
  readonly faults: number;
  readonly seed: number;
  /** Kinds to choose from. */
  readonly names: readonly FaultName[];
  /** Events per second. */
  readonly rate: number;
  /** Workers of a standalone Spark cluster; 0: Spark works in its own process. */
  readonly workers: number;
  /** How long the system may take to begin, to come back from one fault, and to get through with all at the end, each. */
  readonly patienceMs: number;
  /** So long after the start no further fault begins; Infinity: only their number ends a run. */
  readonly durationMs: number;
  /** Keep data and logs also when all is well. */
  readonly isKept: boolean;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: ChaosEvent) => void;
}

export type ChaosEvent =
  | { readonly kind: 'said'; readonly line: string }
  | {
      readonly kind: 'step';
      readonly name: 'services' | 'pipeline' | 'faults' | 'coming through' | 'verification' | 'stopping';
    }
  | { readonly kind: 'striking'; readonly scheduled: ScheduledFault; readonly of: number }
  | { readonly kind: 'recovered'; readonly struck: StruckFault; readonly of: number };

/** What may never be there: a fault whose moment does not come, a system that does not come back. */
class RunFailure extends Error {
  override readonly name = 'RunFailure';
}

/** @throws StackError where the system cannot be started; the signal's reason when it is aborted. Everything is stopped in either case. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  if (process.platform !== 'linux') {
    throw new StackError(
      'unsupported',
      'faults are done by means of Linux (/proc, tmpfs): use a Linux machine or container',
    );
  }
  const startedAt = new Date();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-chaos-'));
  let isKept = true;
  try {
    const findings = await new Run(options, folder).run();
    const report = judge({
      ...findings,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      folder: undefined,
    });
    isKept = options.isKept || !report.ok;
    return isKept ? { ...report, folder } : report;
  } finally {
    // Of an interrupted run there is nothing to look at.
    if (!isKept || options.signal.aborted) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Run {
  readonly #options: ChaosOptions;
  readonly #folder: string;
  readonly #struck: StruckFault[] = [];
  readonly #failures: string[] = [];
  readonly #startedMs = performance.now();
  /** Faults that were meant to strike. */
  #begun = 0;

  constructor(options: ChaosOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  async run(): Promise<Omit<Findings, 'startedAt' | 'durationMs' | 'folder'>> {
    const { seed, faults, signal, rate, patienceMs } = this.#options;
    this.#step('services');
    let noDisk = '';
    await using system = await SystemUnderTest.open({
      folder: this.#folder,
      seed,
      rate,
      workers: this.#options.workers,
      lifeMsMax: 30 * 60_000 + faults * 60_000 + patienceMs,
      signal,
      say: (line) => this.#say(line),
      onNoDisk: (why) => {
        noDisk = why;
      },
    });
    const missing = new Map<Needs, string>();
    if (this.#options.workers === 0)
      missing.set('executors', 'Spark works in its own process here; --workers 1 gives it executors');
    if (system.disk === undefined) missing.set('small-disk', noDisk);
    const leftOut = this.#options.names.flatMap((name) => {
      const why = missing.get(needsOf(name) as Needs);
      return why === undefined ? [] : [{ name, why }];
    });
    if (leftOut.length === this.#options.names.length) {
      const all = leftOut.map(({ name, why }) => `${name} (${why})`).join(', ');
      throw new StackError('unsupported', `none of these faults can be done here: ${all}`);
    }
    const schedule = drawSchedule(seed, faults, this.#options.names, new Set(missing.keys()));

    const tables = new TableReader(system.endpoints.databaseUrl);
    const { enriched, deadLetter } = system.settings.topics;
    const topics = new TopicReader(system.endpoints.bootstrapServers, [enriched, deadLetter]);
    const reading = new AbortController();
    const readers = Promise.all([tables.run(reading.signal), topics.run(reading.signal)]);
    let verification: VerifyReport | undefined;
    let leftovers: readonly string[] = [];
    let exitCode: number | null = null;
    try {
      await this.#faults(system, schedule);
      verification = await this.#verify(system);
      reading.abort();
      await readers;
      await tables.read();
      await topics.finish();
      if (topics.seen !== verification.topic.records) {
        this.#failures.push(`the live reader saw ${topics.seen} records of ${verification.topic.records}`);
      }
      this.#step('stopping');
      exitCode = await system.supervisor.stop(60_000);
      leftovers = await this.#leftovers(system);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RunFailure)) throw error;
      this.#failures.push(error.message);
    } finally {
      reading.abort();
      await readers;
    }
    const { supervisor, producer } = system;
    await system[Symbol.asyncDispose]();
    leftovers = [...leftovers, ...(await findOrphans(this.#folder))];
    return {
      seed,
      faultsBegun: this.#begun,
      faults: this.#struck,
      leftOut,
      failures: this.#failures,
      verification,
      readers: [tables.summary(), topics.summary()],
      leftovers,
      supervisor: { starts: supervisor.starts, ownEnds: supervisor.ownEnds, exitCode },
      producer: { starts: producer.starts, ownEnds: producer.ownEnds },
    };
  }

  async #faults(system: SystemUnderTest, schedule: readonly ScheduledFault[]): Promise<void> {
    this.#step('pipeline');
    const nothing = await readBegun(system.progress);
    system.begin();
    await this.#within('the pipeline has not begun', (signal) => awaitBeyond(system.progress, nothing, signal));
    this.#step('faults');
    const beginMs = performance.now();
    for (const scheduled of schedule) {
      // The first one always: a run without a fault would say nothing.
      if (this.#begun > 0 && performance.now() - this.#startedMs > this.#options.durationMs) break;
      this.#begun++;
      this.#options.onEvent?.({ kind: 'striking', scheduled, of: schedule.length });
      const { number, name, fault } = scheduled;
      const what = describeFault(fault);
      const struck = await this.#within(`fault ${number} (${what}) has not struck: its moment did not come`, (signal) =>
        strike(system, fault, signal),
      );
      const recoveredMs = await this.#within(`no progress after fault ${number} (${what})`, (signal) =>
        this.#recovery(system, struck, signal),
      );
      const done: StruckFault = {
        number,
        name,
        what,
        atSeconds: Math.round((struck.atMs - beginMs) / 100) / 10,
        isInBatch: struck.isInBatch,
        recoveredMs: Math.round(recoveredMs),
      };
      this.#struck.push(done);
      this.#options.onEvent?.({ kind: 'recovered', struck: done, of: schedule.length });
    }
  }

  /** Milliseconds from the strike until a batch of every query that began after it is in; waits for the end of the harm, too. */
  async #recovery(
    system: SystemUnderTest,
    { begun, atMs, over }: { readonly begun: Heads; readonly atMs: number; readonly over: Promise<void> },
    signal: AbortSignal,
  ): Promise<number> {
    const [recoveredMs] = await Promise.all([
      awaitBeyond(system.progress, begun, signal).then(() => performance.now() - atMs),
      over,
    ]);
    return recoveredMs;
  }

  async #verify(system: SystemUnderTest): Promise<VerifyReport> {
    const { settings, endpoints } = system;
    const { watermarkDelayMs, sessionTimeoutMs, futureToleranceMs } = settings.pipeline;
    const { activity, enriched, deadLetter } = settings.topics;
    this.#step('coming through');
    await system.producer.stop(15_000);
    const pipeline = userActivity({ topic: activity, watermarkDelayMs, sessionTimeoutMs, futureToleranceMs });
    await this.#within('not everything came through', (signal) =>
      awaitCaughtUp({ pipeline, endpoints, settings: settings.pipeline, signal }),
    );
    this.#step('verification');
    return verify(endpoints, {
      signal: this.#options.signal,
      settings: { topics: { activity, enriched, deadLetter }, watermarkDelayMs, sessionTimeoutMs, futureToleranceMs },
    });
  }

  #leftovers(system: SystemUnderTest): Promise<readonly string[]> {
    const { activity, enriched, deadLetter, commits } = system.settings.topics;
    return findLeftovers({
      databaseUrl: system.endpoints.databaseUrl,
      bootstrapServers: system.endpoints.bootstrapServers,
      topics: [activity, enriched, deadLetter, commits],
      lakePath: system.endpoints.lakePath,
    });
  }

  /** Runs `work` with a signal that ends it after the patience, or at the user's wish. @throws RunFailure, or the user's reason */
  async #within<T>(failure: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, patienceMs } = this.#options;
    const patience = AbortSignal.timeout(patienceMs);
    try {
      return await work(AbortSignal.any([signal, patience]));
    } catch (error) {
      signal.throwIfAborted();
      if (!patience.aborted) throw error;
      throw new RunFailure(`${failure} within ${patienceMs / 1_000} s`);
    }
  }

  #step(name: Extract<ChaosEvent, { kind: 'step' }>['name']): void {
    this.#options.onEvent?.({ kind: 'step', name });
  }

  #say(line: string): void {
    this.#options.onEvent?.({ kind: 'said', line });
  }
}
