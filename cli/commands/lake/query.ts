import { readFileSync } from 'node:fs';
import { Args, Flags } from '@oclif/core';
import { SluiceCommand } from '../../base.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { wholeFlag } from '../../flags.js';
import { putOut } from '../../put-out.js';

/** Of a table on a terminal; the other formats are written as they come and have no limit. */
const TABLE_ROWS = 1_000;

export default class LakeQuery extends SluiceCommand<typeof LakeQuery> {
  static override summary = 'Ask the lake in SQL, by DuckDB; nothing needs to run.';

  static override isForServicesHere = true;

  static override description =
    `The lake is the view lake_events; a pipeline of your own has one for each of its sources, lake_<source>. What DuckDB sees are the files that are published when the command begins; it reaches no others, no network, and writes none.

Statements come as the argument, from a file or from a pipe. Formats: table; json, an object per line (numbers with all their digits, times in ISO 8601 UTC); csv as in RFC 4180. \`sluice sql\` asks Spark instead, of the result tables too.

Exits with 0 if all statements ran, with 1 if one failed, with 2 for what cannot be read or when the lake is not on this machine, with 130 after Ctrl-C.`;

  static override examples = [
    {
      description: 'Events per day and type',
      command:
        '<%= config.bin %> lake query "select event_date, event_type, count(*) from lake_events group by all order by all"',
    },
    {
      description: 'Who comes back most?',
      command:
        '<%= config.bin %> lake query "select user_id, count(distinct event_date) as days from lake_events group by 1 order by 2 desc limit 10" --format csv',
    },
    { description: 'What is there?', command: '<%= config.bin %> lake query "describe lake_events"' },
  ];

  static override args = { statement: Args.string({ description: 'SQL, one statement or several with ; between.' }) };

  static override flags = {
    file: Flags.string({ helpValue: '<file>', char: 'f', summary: 'Run the statements of this file.' }),
    format: Flags.option({ options: ['table', 'json', 'csv'] as const })({
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
    const text = await this.#text();
    const [{ findQueries }, { viewsOf }, { lakeFiles }, { localPath }, { LakeDatabase, LakeQueryError }, writer] =
      await Promise.all([
        import('../../query-control.js'),
        import('../../sql/pipeline-views.js'),
        import('../../lake-listing.js'),
        import('../../../spark/sinks/local-path.js'),
        import('../../lake/database.js'),
        import('../../sql/result-writer.js'),
      ]);
    using interrupt = this.takeInterrupts();
    const { pipeline } = await findQueries(settings, this.flags.pipeline);
    const views = [];
    for (const { name, source } of viewsOf(pipeline, settings.lakePath)) {
      if (source.kind !== 'lake') continue;
      const local = localPath(source.path);
      if (local === undefined)
        throw new CommandError(EXIT.input, `The lake is at ${source.path}; this command reads local folders only.`);
      const files = await lakeFiles(local);
      if (files.length === 0) this.talk.line(`nothing is in ${local} yet; there is no ${name}`);
      else views.push({ name, files, dateColumn: 'event_date' });
    }
    using database = await LakeDatabase.open(views);
    interrupt.signal.addEventListener('abort', () => database.interrupt(), { once: true });
    const options = {
      format: this.flags.json ? 'json' : (this.flags.format ?? 'table'),
      put: putOut,
      style: this.style,
      widthMax: process.stdout.columns || this.columns,
      rowsMax: this.flags.rows ?? TABLE_ROWS,
    } as const;
    try {
      for await (const { schema, rows } of database.run(text)) {
        if (schema.fields.length === 0) continue;
        const out = writer.rowWriter(schema, options);
        for await (const part of rows) if (!(await out.write(part))) break;
        const { isCut, rows: shown } = await out.end();
        if (isCut) this.talk.line(`only the first ${shown} rows; --rows or a LIMIT says how many`);
      }
    } catch (error) {
      if (!(error instanceof LakeQueryError)) throw error;
      if (interrupt.signal.aborted) throw new CommandError(EXIT.interrupted, 'Interrupted.');
      throw new CommandError(EXIT.failed, error.message);
    }
  }

  async #text(): Promise<string> {
    const { file } = this.flags;
    const { statement } = this.args;
    if (statement !== undefined && file !== undefined)
      throw new CommandError(EXIT.input, 'There is a statement and a --file; give one of them.');
    const isMissing = statement === undefined && file === undefined && process.stdin.isTTY === true;
    const text = isMissing ? '' : statement !== undefined && statement !== '-' ? statement : this.#read(file);
    const { splitStatements } = await import('../../sql/split-statements.js');
    const { statements, rest } = splitStatements(text);
    // DuckDB finds no words of its own for a text without a statement.
    if (statements.length === 0 && rest === '')
      throw new CommandError(
        EXIT.input,
        'There is no statement to run: sluice lake query "select count(*) from lake_events"',
      );
    return text;
  }

  #read(file: string | undefined): string {
    try {
      return readFileSync(file === undefined || file === '-' ? 0 : file, 'utf8');
    } catch (error) {
      throw new CommandError(EXIT.input, `The statements cannot be read: ${(error as Error).message}.`);
    }
  }
}
