import { Args, Flags } from '@oclif/core';
import { SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';
import { clusterOverrides, workersFlag } from '../flags.js';

export default class Run extends SluiceCommand<typeof Run> {
  static override summary = 'Run a pipeline: the one that comes with sluice, or one of your own.';

  static override isForServicesHere = true;

  static override description =
    `Starts the streaming queries of a pipeline and watches over them: a query that fails is started again, a Spark that dies too (if it was started here). Ctrl-C lets the batches under way finish and stops.

Without a file it is the user-activity pipeline. A file exports its own with \`export default definePipeline({…})\`; its topics and tables are created if they are missing. \`sluice init\` makes one to begin with.

Uses the services that run (see \`sluice up\`) and starts them if there are none; those stay when the pipeline stops.`;

  static override examples = [
    { description: 'Run until Ctrl-C', command: '<%= config.bin %> run' },
    { description: 'Run a pipeline of your own', command: '<%= config.bin %> run pipeline.ts' },
    { description: 'Run in the background; `sluice down` stops it', command: '<%= config.bin %> run --detach' },
  ];

  static override args = {
    pipeline: Args.string({ description: 'A TypeScript or JavaScript file that exports a pipeline.' }),
  };

  static override flags = {
    detach: Flags.boolean({ char: 'd', summary: 'Run in the background, and return when all queries are active.' }),
    ...workersFlag,
    json: Flags.boolean({ summary: 'Print the result of --detach as JSON.', dependsOn: ['detach'] }),
  };

  override async run(): Promise<void> {
    const settings = this.readSettings(clusterOverrides(this.flags));
    const file = this.args.pipeline;
    const [{ openPipeline }, { openServices, prepareSinks }] = await Promise.all([
      import('../open-pipeline.js'),
      import('../services.js'),
    ]);
    // Before anything is started: most often it is the pipeline that is wrong.
    const pipeline = await openPipeline(settings, file);
    using interrupt = this.takeInterrupts();
    const { signal } = interrupt;
    // A log is read later: there each line says when it was.
    const say = (line: string): void => this.talk.line(this.talk.isLive ? line : `${new Date().toISOString()} ${line}`);

    const { assertNoRun } = await import('../run-record.js');
    assertNoRun(settings.stateDir);
    const { endpoints, isStarted } = await openServices(settings, { signal, isOwned: false, report: say });
    if (isStarted) say('the services were started for this; they stay until `sluice down`');
    if (this.flags.detach) {
      const { runDetached } = await import('../run-detached.js');
      const { pid, logFile } = await runDetached(settings.stateDir, file, signal, (line) => this.talk.progress(line));
      this.talk.endProgress();
      if (this.flags.json) this.printJson({ pid, logFile });
      say(`the pipeline runs as process ${pid}; log: ${logFile}`);
      return;
    }
    await prepareSinks(endpoints, settings, pipeline.needs);
    const { runPipeline, statusLine } = await import('../pipeline-run.js');
    const run = await runPipeline({
      settings,
      endpoints,
      pipeline,
      file,
      signal,
      say,
      onQueries: (queries) =>
        this.talk.progress(
          this.talk.isLive ? statusLine(queries) : `${new Date().toISOString()} ${statusLine(queries)}`,
        ),
    });
    await run.started.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (!signal.aborted && endpoints.sparkUiUrl !== undefined)
      say(`all queries are active; Spark's page: ${endpoints.sparkUiUrl}`);
    await run.ended;
    this.talk.endProgress();
    process.exitCode = EXIT.done;
  }
  /** What the start checks advise is a command to be copied: of a pipeline of one's own it names the file. */
  protected override async catch(error: Error): Promise<void> {
    const file = this.args?.pipeline;
    if (file !== undefined)
      error.message = error.message.replaceAll(/`sluice reset (?=--)/g, `\`sluice reset ${file} `);
    return super.catch(error);
  }
}
