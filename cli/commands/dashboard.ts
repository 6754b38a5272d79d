import { Args, Flags } from '@oclif/core';
import { readerUrlOf } from '../../config/endpoints.js';
import { SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { wholeFlag } from '../flags.js';

export default class Dashboard extends SluiceCommand<typeof Dashboard> {
  static override summary = 'Show the pipeline in a browser, live.';

  static override description =
    `Serves a page with the flow of the data, rates and lags, results as charts, micro-batches, ledger, dead letters and alerts; also /metrics for Prometheus, /healthz and /readyz. It only reads, with the database's reader role where there is one.

Listens on 127.0.0.1 unless DASHBOARD_HOST says otherwise; then DASHBOARD_TOKEN must be set, and is the password. Runs until Ctrl-C.`;

  static override examples = [
    { description: 'Show it', command: '<%= config.bin %> dashboard' },
    {
      description: 'A pipeline of your own, on another port',
      command: '<%= config.bin %> dashboard pipeline.ts --port 8080',
    },
  ];

  static override args = {
    pipeline: Args.string({
      description: 'A TypeScript or JavaScript file that exports a pipeline. Default: the one that runs.',
    }),
  };

  static override flags = {
    port: wholeFlag(0, 65_535)({ char: 'p', summary: 'Port; 0 takes a free one. [default: DASHBOARD_PORT]' }),
    host: Flags.string({ helpValue: '<address>', summary: 'Where to listen. [default: DASHBOARD_HOST]' }),
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findEndpoints }, { findQueries }, { StatusReader }, { outlineOf, readLive }, web] = await Promise.all([
      import('../services.js'),
      import('../query-control.js'),
      import('../health.js'),
      import('../dashboard-facts.js'),
      import('../../web/index.js'),
    ]);
    const { pipeline } = await findQueries(settings, this.args.pipeline);
    const outline = outlineOf(pipeline, settings);
    const endpoints = await findEndpoints(settings);
    using interrupt = this.takeInterrupts();
    await using reader = new StatusReader(settings, endpoints);
    await using feed = new web.SnapshotFeed({
      pipeline: outline,
      databaseUrl: readerUrlOf(endpoints),
      bootstrapServers: endpoints.bootstrapServers,
      live: () => readLive(reader, outline),
    });
    const { host, port, token } = settings.dashboard;
    const options = { feed, host: this.flags.host ?? host, port: this.flags.port ?? port, token };
    await using dashboard = await web.startDashboard(options).catch((error: unknown) => {
      const isTaken = (error as { code?: string }).code === 'EADDRINUSE';
      const why = isTaken
        ? `port ${options.port} is taken by another program; --port 0 takes a free one`
        : (error as Error).message;
      throw new CommandError(isTaken ? EXIT.failed : EXIT.input, `The dashboard cannot start: ${why}.`);
    });
    this.talk.line(`${pipeline.name} is shown at ${dashboard.url} (Ctrl-C ends it)`);
    await new Promise<void>((resolve) => interrupt.signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}
