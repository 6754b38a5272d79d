import { spawn } from 'node:child_process';
import { Args } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';

const PAGES = ['spark', 'dashboard'] as const;

const ANSWER_MS_MAX = 3_000;

export default class Open extends SluiceCommand<typeof Open> {
  static override summary = 'Open the web page of Spark or the dashboard.';

  static override description =
    `Prints the address and, on a terminal with a browser at hand, opens it. Exits with 3 when nothing answers there.`;

  static override examples = [
    { description: 'What Spark does', command: '<%= config.bin %> open spark' },
    { description: 'Only the address', command: '$ curl "$(<%= config.bin %> open dashboard | cat)metrics"' },
  ];

  static override args = {
    page: Args.string({ description: 'Which page.', options: [...PAGES], required: true }),
  };

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const address = await this.address(this.args.page as (typeof PAGES)[number]);
    if (this.flags.json) this.printJson({ url: address });
    else this.log(address);
    const answers = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS_MAX) }).then(
      () => true,
      () => false,
    );
    if (!answers) {
      const remedy = this.args.page === 'dashboard' ? 'Start it with `sluice dashboard`.' : 'See `sluice status`.';
      throw new CommandError(EXIT.unreachable, `Nothing answers at ${address}. ${remedy}`);
    }
    if (process.stdout.isTTY && !this.flags.json) this.openBrowser(address);
  }

  private async address(page: (typeof PAGES)[number]): Promise<string> {
    const settings = this.readSettings();
    if (page === 'dashboard') {
      const { host, port } = settings.dashboard;
      const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
      return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}/`;
    }
    const { findEndpoints } = await import('../services.js');
    const { sparkUiUrl } = await findEndpoints(settings);
    if (sparkUiUrl !== undefined) return `${sparkUiUrl.replace(/\/$/, '')}/`;
    throw new CommandError(EXIT.failed, "Nobody said where Spark's page is: set SPARK_UI_URL.");
  }

  /** Without a browser the address is there to be copied. */
  private openBrowser(address: string): void {
    const [command, ...args] =
      process.platform === 'darwin'
        ? ['open', address]
        : process.platform === 'win32'
          ? ['cmd', '/c', 'start', '', address]
          : ['xdg-open', address];
    const child = spawn(command as string, args, { stdio: 'ignore', detached: true });
    child.on('error', () => this.detail(`${command} is not there`));
    child.unref();
  }
}
