import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import type { SparkSession } from '../../spark/connect/index.js';
import { SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { wholeFlag } from '../flags.js';
import { putOut } from '../put-out.js';
import type { ViewMaker } from '../sql/pipeline-views.js';
import type { ResultFormat } from '../sql/result-writer.js';

/** Of a table on a terminal; the other formats are written as they come and have no limit. */
const TABLE_ROWS = 1_000;
const RELEASE_MS_MAX = 5_000;

/** Without a terminal a statement is given so long before its progress is said. */
const QUIET_MS = 10_000;

export default class Sql extends SluiceCommand<typeof Sql> {
  static override summary = 'Ask in SQL, of Spark: a shell, or statements from an option, a file or a pipe.';

  static override isForServicesHere = true;

  static override description =
    `Runs in a session of its own beside the pipeline's. It can name lake_events (the lake), the result tables (page_view_counts, active_users, user_sessions), ledger and batches; of a pipeline of your own lake_<source> and its tables. They are views to be read. The lake may be a moment ahead of the ledger.

In the shell a statement ends with ; and Tab completes tables, columns and keywords. Ctrl-C interrupts the statement that runs. \\? lists the rest. The history is kept in $XDG_STATE_HOME/sluice (~/.local/state/sluice).

Formats: table; json, an object per line (numbers with all their digits, times in ISO 8601 UTC, binary as Base64); csv as in RFC 4180, null as nothing; arrow, an IPC stream for a single statement. A table wider than the terminal is shown value by value.

Exits with 0 if all statements ran, with 1 if one failed (those after it are not run), with 2 for what cannot be read, with 130 after Ctrl-C.`;

  static override examples = [
    { description: 'The shell', command: '<%= config.bin %> sql' },
    {
      description: 'The busiest pages',
      command:
        '<%= config.bin %> sql -c "select page_url, sum(view_count) from page_view_counts group by 1 order by 2 desc limit 5"',
    },
    {
      description: 'The lake into DuckDB, or any reader of Arrow',
      command: '<%= config.bin %> sql -c "select * from lake_events" --format arrow > events.arrows',
    },
    { description: 'Statements from a pipe', command: 'echo "show tables" | <%= config.bin %> sql --format csv' },
  ];

  static override flags = {
    command: Flags.string({
      helpValue: '<sql>',
      char: 'c',
      summary: 'Run these statements and end.',
      exclusive: ['file'],
    }),
    file: Flags.string({ helpValue: '<file>', char: 'f', summary: 'Run the statements of this file and end.' }),
    format: Flags.option({ options: ['table', 'json', 'csv', 'arrow'] as const })({
      summary: 'How rows are printed. [default: table]',
      exclusive: ['json'],
    }),
    json: Flags.boolean({ summary: 'The same as --format json.' }),
    rows: wholeFlag(
      1,
      1_000_000,
    )({ char: 'n', summary: `A table shows at most so many rows. [default: ${TABLE_ROWS}]` }),
    pipeline: Flags.string({
      helpValue: '<file>',
      summary: 'File of a pipeline of your own. [default: the one that runs]',
    }),
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const isShell = this.flags.command === undefined && this.flags.file === undefined && process.stdin.isTTY === true;
    const format = this.flags.json ? 'json' : (this.flags.format ?? 'table');
    // Before Spark is asked for anything.
    const statements = isShell ? [] : await this.#statements(format);
    const [{ findEndpoints }, { findQueries }, { SparkSession }, { viewMaker, viewsOf }] = await Promise.all([
      import('../services.js'),
      import('../query-control.js'),
      import('../../spark/connect/index.js'),
      import('../sql/pipeline-views.js'),
    ]);
    const endpoints = await findEndpoints(settings);
    const { pipeline } = await findQueries(settings, this.flags.pipeline);
    const { sparkRemote, sparkToken } = endpoints;
    const spark = await SparkSession.connect(sparkRemote, {
      userAgent: 'sluice-sql',
      ...(sparkToken === undefined ? {} : { token: sparkToken }),
    });
    try {
      await spark.conf.set('spark.sql.session.timeZone', 'UTC');
      const views = viewMaker(spark, endpoints, viewsOf(pipeline, endpoints.lakePath));
      if (isShell) await this.#shell(spark, views, format);
      else await this.#script(spark, views, format, statements);
    } finally {
      // A server that is gone has no session left to end; one that is busy ends it when it has time.
      await Promise.race([spark.release().catch(() => undefined), delay(RELEASE_MS_MAX, undefined, { ref: false })]);
      spark.close();
    }
  }

  async #statements(format: ResultFormat): Promise<readonly string[]> {
    const { splitStatements } = await import('../sql/split-statements.js');
    const { statements, rest } = splitStatements(await this.#text());
    const all = rest === '' ? statements : [...statements, rest];
    if (all.length === 0) throw new CommandError(EXIT.input, 'There is no statement to run.');
    if (format === 'arrow' && all.length > 1)
      throw new CommandError(EXIT.input, `--format arrow writes the result of one statement; there are ${all.length}.`);
    return all;
  }

  async #text(): Promise<string> {
    const { command, file } = this.flags;
    if (command !== undefined) return command;
    try {
      return readFileSync(file === undefined || file === '-' ? 0 : file, 'utf8');
    } catch (error) {
      throw new CommandError(EXIT.input, `The statements cannot be read: ${(error as Error).message}.`);
    }
  }

  async #script(
    spark: SparkSession,
    views: ViewMaker,
    format: ResultFormat,
    statements: readonly string[],
  ): Promise<void> {
    using interrupt = this.takeInterrupts();
    for (const statement of statements) {
      const end = await this.#runOne(spark, views, format, statement, interrupt.signal);
      if (end === 'interrupted') throw new CommandError(EXIT.interrupted, 'Interrupted.');
      if (end === 'failed') {
        process.exitCode = EXIT.failed;
        return;
      }
    }
  }

  async #shell(spark: SparkSession, views: ViewMaker, format: ResultFormat): Promise<void> {
    const [{ runShell }, { userStateFolder }] = await Promise.all([
      import('../sql/shell.js'),
      import('../../config/user-state.js'),
    ]);
    const say = (line: string): void => this.talk.line(line);
    say(`Spark ${spark.version}; ${views.views.map(({ name }) => name).join(', ')}. \\? for help, \\q to leave.`);
    await runShell({
      input: process.stdin,
      output: process.stderr,
      historyFile: join(userStateFolder(), 'sql_history'),
      tables: () => views.views,
      say,
      run: async (statement, signal) => {
        const begin = performance.now();
        const end = await this.#runOne(spark, views, format, statement, signal);
        const took = `${((performance.now() - begin) / 1_000).toFixed(2)} s`;
        say(this.talk.style.dim(end === 'interrupted' ? `interrupted after ${took}` : took));
      },
    });
  }

  async #runOne(
    spark: SparkSession,
    views: ViewMaker,
    format: ResultFormat,
    statement: string,
    signal: AbortSignal,
  ): Promise<'done' | 'interrupted' | 'failed'> {
    const { describeError, runStatement } = await import('../sql/run-statement.js');
    const notes: string[] = [];
    const begin = performance.now();
    await views.prepare(statement, (line) => notes.push(line));
    const end = await runStatement(spark, statement, {
      format,
      signal,
      style: this.style,
      widthMax: process.stdout.columns || this.columns,
      rowsMax: this.flags.rows ?? TABLE_ROWS,
      put: (data) => {
        if (this.talk.isLive) this.talk.endProgress();
        return putOut(data);
      },
      onProgress: (line) => {
        // In a log only what takes long is worth a word.
        if (this.talk.isLive || performance.now() - begin > QUIET_MS) this.talk.progress(line);
      },
    });
    this.talk.endProgress();
    switch (end.kind) {
      case 'rows':
        if (end.isCut) this.talk.line(`only the first ${end.rows} rows; --rows or a LIMIT says how many`);
        return 'done';
      case 'done':
        return 'done';
      case 'interrupted':
        return 'interrupted';
      case 'failed':
        // Errors are said also to whoever wants quiet.
        for (const line of [...describeError(end.error, statement, this.talk.style), ...notes])
          process.stderr.write(`${line}\n`);
        return 'failed';
    }
  }
}
