import { Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { shellQuote } from '../ui/shell.js';

/** What a shell is given, and what it gives back. */
const EXPORTED = [
  'KAFKA_BOOTSTRAP_SERVERS',
  'DATABASE_URL',
  'DATABASE_WRITER_URL',
  'DATABASE_READER_URL',
  'SPARK_REMOTE',
  'SPARK_CONNECT_AUTHENTICATE_TOKEN',
  'LAKE_PATH',
  'CHECKPOINT_PATH',
  'SPARK_UI_URL',
  'SLUICE_STATE',
] as const;

export default class Env extends SluiceCommand<typeof Env> {
  static override summary = 'Print where everything is, as exports for a shell.';

  static override description =
    `Passwords and tokens are part of it. A shell that has taken them uses these services, whatever runs, until --unset takes them back.`;

  static override examples = [
    { description: 'Use the running services from this shell', command: '$ eval "$(<%= config.bin %> env)"' },
    { description: 'Take that back', command: '$ eval "$(<%= config.bin %> env --unset)"' },
    { description: 'Look into the tables', command: '$ psql "$(<%= config.bin %> env --json | jq -r .DATABASE_URL)"' },
  ];

  static override flags = {
    unset: Flags.boolean({ char: 'u', summary: 'Print what takes the exports back.', exclusive: ['json'] }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    if (this.flags.unset) {
      this.log(`unset ${EXPORTED.join(' ')}`);
      return;
    }
    const settings = this.readSettings();
    const { findEndpoints } = await import('../services.js');
    const endpoints = await findEndpoints(settings);
    const variables: Record<(typeof EXPORTED)[number], string | undefined> = {
      KAFKA_BOOTSTRAP_SERVERS: endpoints.bootstrapServers,
      DATABASE_URL: endpoints.databaseUrl,
      DATABASE_WRITER_URL: endpoints.databaseWriterUrl,
      DATABASE_READER_URL: endpoints.databaseReaderUrl,
      SPARK_REMOTE: endpoints.sparkRemote,
      SPARK_CONNECT_AUTHENTICATE_TOKEN: endpoints.sparkToken,
      LAKE_PATH: endpoints.lakePath,
      CHECKPOINT_PATH: endpoints.checkpointPath,
      SPARK_UI_URL: endpoints.sparkUiUrl,
      SLUICE_STATE: settings.stateDir,
    };
    const known = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
    if (this.flags.json) this.printJson(Object.fromEntries(known));
    else this.log(known.map(([name, value]) => `export ${name}=${shellQuote(value)}`).join('\n'));
  }
}
