import { jsonFlag, SluiceCommand } from '../base.js';

export default class Down extends SluiceCommand<typeof Down> {
  static override summary = 'Stop the pipeline, then Kafka, Postgres and Spark.';

  static override isForServicesHere = true;

  static override description =
    `The pipeline finishes the batches under way. Data, checkpoints and logs stay; \`sluice up\` goes on with them. Services that were not started here are left alone.`;

  static override examples = [
    { description: 'Stop everything that was started here', command: '<%= config.bin %> down' },
  ];

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ stopRun }, { stopStack }] = await Promise.all([
      import('../run-record.js'),
      import('../../stack/index.js'),
    ]);
    const report = (line: string): void => this.talk.line(line);
    const wasRunning = await stopRun(settings.stateDir);
    if (wasRunning) report('Pipeline  stopped');
    const wasUp = await stopStack(settings.stateDir, report);
    if (!wasRunning && !wasUp) report('nothing was running');
    if (this.flags.json) this.printJson({ pipelineStopped: wasRunning, servicesStopped: wasUp });
  }
}
