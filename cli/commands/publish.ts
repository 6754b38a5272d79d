import { Args, Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';

export default class Publish extends SluiceCommand<typeof Publish> {
  static override summary = 'Publish the lines of a file to a topic, one record each.';

  static override description =
    `Sends each line as it is, in order; blank lines are left out. Reads from stdin when the file is "-". The topic must exist: \`sluice run\` makes those of its pipeline.

With --json: {"topic": name, "records": number}.`;

  static override examples = [
    {
      description: 'Orders, those of one customer in one partition',
      command: '<%= config.bin %> publish orders orders.jsonl --key customer_id',
    },
    { description: 'One record', command: `echo '{"id": 1}' | <%= config.bin %> publish things -` },
  ];

  static override args = {
    topic: Args.string({ required: true, description: 'Where to.' }),
    file: Args.string({ required: true, description: 'A file with one record per line, or "-".' }),
  };

  static override flags = {
    key: Flags.string({
      helpValue: '<field>',
      char: 'k',
      summary: 'The JSON’s field whose text becomes the record’s key.',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { topic, file } = this.args;
    const settings = this.readSettings();
    const [{ findEndpoints }, { publishLines }] = await Promise.all([
      import('../services.js'),
      import('../publish-lines.js'),
    ]);
    const endpoints = await findEndpoints(settings);
    using interrupt = this.takeInterrupts();
    const records = await publishLines({
      bootstrapServers: endpoints.bootstrapServers,
      topic,
      file,
      keyField: this.flags.key,
      signal: interrupt.signal,
      onProgress: (sent) => this.talk.progress(`${sent} records sent to ${topic}`),
    });
    this.talk.endProgress();
    if (records === 0) throw new CommandError(EXIT.input, `${file} holds no record.`);
    if (this.flags.json) this.printJson({ topic, records });
    else this.talk.line(`${records} records sent to ${topic}`);
  }
}
