import { Args, Flags } from '@oclif/core';
import { SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { durationFlag, wholeFlag } from '../flags.js';
import { LEVELS, type Level, type LogEntry } from '../logs/log-entry.js';
import { follow, LogTail, logFiles, readAll } from '../logs/log-files.js';

/** Those that there may be later if they are not there yet. */
const USUAL = ['kafka', 'postgres', 'spark', 'run', 'handlers'];

/** Without other wishes. */
const LINES = 50;

export default class Logs extends SluiceCommand<typeof Logs> {
  static override summary = 'Show what the services, the pipeline and its handlers have logged.';

  static override description =
    `Puts the logs of what was started here together, in order of time: kafka, postgres, spark, run (the pipeline, when it runs detached), handlers (what handlers print, with query and batch), and the master and workers of a cluster. Times are UTC.

--follow goes on until Ctrl-C, also when a service starts again and its log with it. --json prints one entry per line.`;

  static override examples = [
    { description: `The last ${LINES} entries of all`, command: '<%= config.bin %> logs' },
    {
      description: 'What Spark and the handlers say, as it comes',
      command: '<%= config.bin %> logs spark handlers -f',
    },
    { description: 'What went wrong in the last hour', command: '<%= config.bin %> logs --since 60m --level warn' },
  ];

  static override strict = false;

  static override args = {
    source: Args.string({ description: 'Whose logs: one or several of those named above. Default: all.' }),
  };

  static override flags = {
    follow: Flags.boolean({ char: 'f', summary: 'Go on with what comes.' }),
    lines: wholeFlag(
      0,
      1_000_000,
    )({ char: 'n', summary: `How many of the latest entries. [default: ${LINES}, or all with --since]` }),
    since: durationFlag({ summary: 'Only entries of the last so long.' }),
    level: Flags.option({ options: LEVELS })({ summary: 'Only entries of this level and above.', default: 'debug' }),
    previous: Flags.boolean({ summary: 'Also the logs of the start before this one.' }),
    json: Flags.boolean({ summary: 'Print entries as JSON, one per line.' }),
  };

  override async run(): Promise<void> {
    const { stateDir } = this.readSettings();
    const { follow: isFollowing, since, level, previous } = this.flags;
    const sources = await this.sources(stateDir, this.words);
    const find = async () =>
      (await logFiles(stateDir, { previous })).filter(
        ({ source }) => sources === undefined || sources.includes(source),
      );
    const tails = new Map((await find()).map((file) => [file.path, new LogTail(file)]));
    const from = since === undefined ? '' : new Date(Date.now() - since).toISOString();
    const isWanted = (entry: LogEntry): boolean =>
      entry.time >= from && LEVELS.indexOf(entry.level) >= LEVELS.indexOf(level as Level);
    const print = (entry: LogEntry): void => this.log(this.flags.json ? JSON.stringify(entry) : this.line(entry));

    const entries = (await readAll([...tails.values()])).filter(isWanted);
    const lines = this.flags.lines ?? (since === undefined ? LINES : entries.length);
    for (const entry of entries.slice(entries.length - Math.min(lines, entries.length))) print(entry);
    if (!isFollowing) {
      if (entries.length === 0) this.talk.line(`nothing of that kind in ${stateDir}/logs`);
      return;
    }
    using interrupt = this.takeInterrupts();
    await follow(tails, find, interrupt.signal, (entry) => {
      if (isWanted(entry)) print(entry);
    });
  }

  /** @throws CommandError for a source that has no log. */
  private async sources(stateDir: string, wanted: readonly string[]): Promise<readonly string[] | undefined> {
    if (wanted.length === 0) return undefined;
    const there = (await logFiles(stateDir, { previous: true })).map(({ source }) => source);
    const known = new Set([...USUAL, ...there]);
    const unknown = wanted.find((source) => !known.has(source));
    if (unknown === undefined) return wanted;
    throw new CommandError(EXIT.input, `There is no log of ${unknown}: there are ${[...known].sort().join(', ')}.`);
  }

  private line({ source, time, level, text, query, batch }: LogEntry): string {
    const who = query === undefined ? source : `${source} ${query}${batch === undefined ? '' : ` · batch ${batch}`}`;
    const mark = level === 'error' ? this.style.red('ERROR ') : level === 'warn' ? this.style.yellow('WARN ') : '';
    return `${this.style.dim(time.slice(11, 23))} ${this.style.bold(who)} ${mark}${text.replaceAll('\n', '\n  ')}`;
  }
}
