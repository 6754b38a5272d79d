// What every command has: the common options, the talk on stderr, data on stdout, settings read once.
import { Command, Flags, type Interfaces } from '@oclif/core';
import { dockerEnvironment } from '../config/docker.js';
import { environmentWith, readSettings, type Settings } from '../config/settings.js';
import type { Env } from '../config/variables.js';
import { CommandError, EXIT } from './exit-codes.js';
import { type Interrupt, takeInterrupts } from './interrupt.js';
import { type Style, styleFor } from './ui/style.js';
import { Talk } from './ui/talk.js';

export type CommandFlags<T extends typeof Command> = Interfaces.InferredFlags<
  (typeof SluiceCommand)['baseFlags'] & T['flags']
>;

export type CommandArgs<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;

/** For commands whose result is data: prints it as JSON and nothing else. */
export const jsonFlag = {
  json: Flags.boolean({ summary: 'Print the result as JSON.' }),
} as const;

/** Width of what goes into a pipe or a file. */
const PLAIN_COLUMNS = 80;
/** Wider than this, lines are hard to follow. */
const COLUMNS_MAX = 120;

/**
 * Commands are thin: they read their options, call what does the work, and print. They throw; `main.ts` says what went wrong and sets the
 * exit code. Whatever is heavy (kafkajs, Spark's client, pg) they import when they run, so that `--help` does not wait for it.
 */
export abstract class SluiceCommand<T extends typeof Command> extends Command {
  static override baseFlags = {
    quiet: Flags.boolean({
      char: 'q',
      summary: 'Say only what went wrong.',
      helpGroup: 'GLOBAL',
      exclusive: ['verbose'],
    }),
    verbose: Flags.boolean({ char: 'v', summary: 'Say more.', helpGroup: 'GLOBAL' }),
    debug: Flags.boolean({ summary: 'Show where an error comes from.', helpGroup: 'GLOBAL' }),
    env: Flags.option({ options: ['docker'] as const })({
      summary: 'Use the services that ./start.sh has started in Docker, by the .env of this folder.',
      helpGroup: 'GLOBAL',
    }),
  };

  /** Starts, stops or empties services, which with --env docker are not this process's. */
  static isForServicesHere = false;

  protected flags!: CommandFlags<T>;
  protected args!: CommandArgs<T>;
  /** All arguments, for commands that take any number of them. */
  protected words!: readonly string[];
  protected talk!: Talk;
  /** For what goes to stdout. */
  protected style!: Style;
  #isInterrupted = false;

  override async init(): Promise<void> {
    await super.init();
    const { args, argv, flags } = await this.parse({
      flags: this.ctor.flags,
      baseFlags: (this.ctor as typeof SluiceCommand).baseFlags,
      strict: this.ctor.strict,
      args: this.ctor.args,
    });
    this.flags = flags as CommandFlags<T>;
    this.args = args as CommandArgs<T>;
    this.words = argv as string[];
    this.talk = new Talk(process.stderr, { isQuiet: flags.quiet === true });
    this.style = styleFor(process.stdout);
  }

  /** @param overrides variables that an option of the command sets. @throws ConfigError */
  protected readSettings(overrides: Env = {}): Settings {
    if (this.flags.env !== 'docker') return readSettings(environmentWith(overrides));
    if ((this.ctor as typeof SluiceCommand).isForServicesHere) {
      throw new CommandError(
        EXIT.input,
        `What runs in Docker is managed there: ./start.sh and ./start.sh --down, or \`docker-compose exec pipeline sluice ${this.id?.replaceAll(':', ' ')}\`. With --env docker there are status, top, verify, produce and env.`,
      );
    }
    return readSettings(dockerEnvironment(environmentWith(overrides)));
  }

  /** Only with --verbose. */
  protected detail(text: string): void {
    if (this.flags.verbose === true) this.talk.line(this.talk.style.dim(text));
  }

  /** Columns there are for a table on stdout; some terminals do not know, and say 0. */
  protected get columns(): number {
    return process.stdout.isTTY === true
      ? Math.min(process.stdout.columns || PLAIN_COLUMNS, COLUMNS_MAX)
      : PLAIN_COLUMNS;
  }

  protected printJson(value: unknown): void {
    this.log(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner), 2));
  }

  /** From here on Ctrl-C asks for an orderly end. */
  protected takeInterrupts(saying?: string): Interrupt {
    return takeInterrupts(() => {
      this.#isInterrupted = true;
      this.talk.endProgress();
      if (saying !== undefined) this.talk.line(saying);
    });
  }

  /** Whatever breaks off because of a Ctrl-C, such as a program that was being waited for, is no failure of its own. */
  protected override async catch(error: Error): Promise<void> {
    if (!this.#isInterrupted || error instanceof CommandError || error.name === 'AbortError') throw error;
    throw new CommandError(EXIT.interrupted, 'Stopped.', { cause: error });
  }
}
