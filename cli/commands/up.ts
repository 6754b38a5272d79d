import { jsonFlag, SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { clusterOverrides, workersFlag } from '../flags.js';
import { serviceLines } from '../ui/service-lines.js';

export default class Up extends SluiceCommand<typeof Up> {
  static override summary = 'Start Kafka, Postgres and Spark here, in the background.';

  static override isForServicesHere = true;

  static override description =
    `They listen on 127.0.0.1 only, on free ports if the usual ones are taken, and keep their data and logs in the state directory (SLUICE_STATE, .sluice by default). Topics and tables are made. What runs already is left alone; what has died is started again.`;

  static override examples = [
    {
      description: 'Start everything, and the pipeline after it',
      command: '<%= config.bin %> up && <%= config.bin %> run --detach',
    },
    {
      description: 'Let Spark work on a cluster: a master and two workers, as processes',
      command: '<%= config.bin %> up --workers 2',
    },
    {
      description: 'Start everything and use it from this shell',
      command: '<%= config.bin %> up && eval "$(<%= config.bin %> env)"',
    },
  ];

  static override flags = { ...workersFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings(clusterOverrides(this.flags));
    if (settings.services.kind === 'external') {
      throw new CommandError(
        EXIT.input,
        'KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL and SPARK_REMOTE name services that exist already: there is nothing to start. To have all three started here, take them out of .env, or out of this shell: `eval "$(sluice env --unset)"`.',
      );
    }
    const { openServices, prepareSinks, withoutPassword } = await import('../services.js');
    using interrupt = this.takeInterrupts('stopping what was started');
    const { endpoints, isStarted } = await openServices(settings, {
      signal: interrupt.signal,
      isOwned: false,
      report: (line) => this.talk.line(line),
    });
    await prepareSinks(endpoints, settings);
    if (this.flags.json) {
      this.printJson({
        isStarted,
        kafka: endpoints.bootstrapServers,
        postgres: withoutPassword(endpoints.databaseUrl),
        spark: withoutPassword(endpoints.sparkRemote),
        sparkUiUrl: endpoints.sparkUiUrl,
        stateDir: settings.stateDir,
      });
      return;
    }
    if (this.flags.quiet) return;
    this.talk.line(isStarted ? 'everything runs' : 'everything runs already');
    this.log(serviceLines(endpoints, settings.stateDir, this.style).join('\n'));
    this.talk.line('next: `sluice run`, `sluice produce`, `sluice verify`; `sluice down` stops it all');
  }
}
