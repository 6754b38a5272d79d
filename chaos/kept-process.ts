/** A program that is kept running, as a service manager would: when it ends, by a fault or by itself, it is started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface KeptProcessOptions {
  readonly name: 'supervisor' | 'producer';
  /** The arguments of Node; asked for at each start. */
  readonly args: () => readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets standard output and error, appended. */
  readonly logFile: string;
  /** How long it stays down before it is started again. */
  readonly restartMs: number;
}

/** An end that no fault has brought about: the program gave up by itself. */
export interface OwnEnd {
  readonly at: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export class KeptProcess {
  readonly name: KeptProcessOptions['name'];
  /** Ends of its own accord. */
  readonly ownEnds: OwnEnd[] = [];
  starts = 0;
  readonly #options: KeptProcessOptions;
  #child: ChildProcess | undefined;
  #isWanted = false;
  #isStruck = false;
  #keeping: Promise<void> | undefined;

  constructor(options: KeptProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** The process that runs now; undefined between an end and the next start. */
  get pid(): number | undefined {
    const child = this.#child;
    return child === undefined || child.exitCode !== null || child.signalCode !== null ? undefined : child.pid;
  }

  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#keeping = this.#keep();
  }

  /** kill -9; it comes back by itself. False when it is not running right now. */
  kill(): boolean {
    if (this.pid === undefined) return false;
    this.#isStruck = true;
    return this.#child?.kill('SIGKILL') ?? false;
  }

  /** Asks it to end and waits; kills it when that takes longer than `graceMs`. Answers its exit code, null when it had to be killed or was not running. */
  async stop(graceMs: number): Promise<number | null> {
    this.#isWanted = false;
    const child = this.#child;
    if (child === undefined || this.pid === undefined) {
      await this.#keeping;
      return null;
    }
    child.kill('SIGTERM');
    const patience = new AbortController();
    const killing = delay(graceMs, undefined, { signal: patience.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
    await this.#keeping;
    patience.abort();
    await killing;
    return child.exitCode;
  }

  async #keep(): Promise<void> {
    while (this.#isWanted) {
      const log = openSync(this.#options.logFile, 'a', 0o600);
      // A session of its own: Ctrl-C of the terminal is for the run, which then ends its programs in order.
      const child = spawn(process.execPath, [...this.#options.args()], {
        cwd: this.#options.cwd,
        env: this.#options.env,
        detached: true,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      this.#child = child;
      this.#isStruck = false;
      this.starts++;
      const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (!this.#isWanted) return;
      if (!this.#isStruck) this.ownEnds.push({ at: new Date().toISOString(), exitCode, signal });
      await delay(this.#options.restartMs);
    }
  }
}
