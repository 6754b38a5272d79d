import { Flags } from '@oclif/core';
import { SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';
import { clusterOverrides, workersFlag } from '../flags.js';

export default class Run extends SluiceCommand<typeof Run> {
  static override summary = 'Run the pipeline: from the topic to tables, lake and enriched topic.';

  static override isForServicesHere = true;

  static override description =
    `Starts the four streaming queries and watches over them: a query that fails is started again, a Spark that dies too (if it was started here). Ctrl-C lets the batches under way finish and stops.

Uses the services that run (see \`sluice up\`) and starts them if there are none; those stay when the pipeline stops.`;

  static override examples = [
    { description: 'Run until Ctrl-C', command: '<%= config.bin %> run' },
    { description: 'Run in the background; `sluice down` stops it', command: '<%= config.bin %> run --detach' },
  ];

  static override flags = {
    detach: Flags.boolean({ char: 'd', summary: 'Run in the background, and return when all queries are active.' }),
    ...workersFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings(clusterOverrides(this.flags));
    const { openServices, prepareSinks } = await import('../services.js');
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
      const { pid, logFile } = await runDetached(settings.stateDir, signal, (line) => this.talk.progress(line));
      this.talk.endProgress();
      say(`the pipeline runs as process ${pid}; log: ${logFile}`);
      return;
    }
    await prepareSinks(endpoints, settings);
    const { runPipeline, statusLine } = await import('../pipeline-run.js');
    const run = await runPipeline({
      settings,
      endpoints,
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
}
