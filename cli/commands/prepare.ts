import { Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';

export default class Prepare extends SluiceCommand<typeof Prepare> {
  static override summary = 'Make the topics and tables that are missing.';

  static override isForServicesHere = true;

  static override description =
    `For services that exist: creates what the pipeline needs in Kafka and Postgres, leaves what is there as it is, and exits. \`sluice up\` and \`sluice run\` do the same by themselves; this is for a step of its own, before several things start at once.`;

  static override examples = [
    { description: 'Make ready what SPARK_REMOTE and the others name', command: '<%= config.bin %> prepare' },
  ];

  static override flags = {
    roles: Flags.boolean({
      summary:
        "Also give the database's writer and reader the passwords of DATABASE_WRITER_URL and DATABASE_READER_URL.",
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const { findEndpoints, prepareSinks } = await import('../services.js');
    const endpoints = await findEndpoints(settings);
    await prepareSinks(endpoints, settings);
    if (this.flags.roles) {
      const { giveLogins } = await import('../../stack/index.js');
      const { databaseUrl, databaseWriterUrl: writer, databaseReaderUrl: reader } = endpoints;
      await giveLogins(databaseUrl, { writer, reader });
      this.talk.line("the database's writer and reader may log in");
    }
    if (this.flags.json) this.printJson({ topics: Object.values(settings.topics).slice(0, 4) });
    this.talk.line(`topics and tables are there: ${Object.values(settings.topics).slice(0, 4).join(', ')}`);
  }
}
