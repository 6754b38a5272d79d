import { jsonFlag, SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';
import { formatStatus } from '../ui/status-report.js';

export default class Status extends SluiceCommand<typeof Status> {
  static override summary = 'Show what runs, how far each query is, and what waits.';

  static override description =
    `Asks Kafka, Postgres and Spark whether they answer, reads from the ledger how far each query is, and from the running pipeline how fast.

Exits with 0 if all services answer and with 3 if one does not, or if none have been started: with --json isRunning is false then.`;

  static override examples = [
    { description: 'Show it', command: '<%= config.bin %> status' },
    { description: 'Keep showing it', command: '$ watch <%= config.bin %> status' },
    { description: 'How many records wait', command: `<%= config.bin %> status --json | jq '[.queries[].lag] | max'` },
  ];

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findEndpoints, placeOf }, { readStatus }] = await Promise.all([
      import('../services.js'),
      import('../health.js'),
    ]);
    const endpoints = await findEndpoints(settings).catch((error: unknown) => {
      // For who reads the JSON that nothing runs is an answer; the exit code says it once more.
      if (this.flags.json)
        this.printJson({ isRunning: false, services: [], queries: [], place: 'nowhere', stateDir: settings.stateDir });
      throw error;
    });
    const place = await placeOf(settings, this.flags.env);
    const status = await readStatus(settings, endpoints);
    const elsewhere = this.flags.env === 'docker' ? 'in its container' : undefined;
    if (this.flags.json)
      this.printJson({
        isRunning: true,
        ...status,
        place,
        sparkUiUrl: endpoints.sparkUiUrl,
        stateDir: settings.stateDir,
      });
    else
      this.log(
        formatStatus(status, endpoints, { style: this.style, widthMax: this.columns, place, elsewhere }).join('\n'),
      );
    if (status.services.some(({ isUp }) => !isUp)) process.exitCode = EXIT.unreachable;
  }
}
