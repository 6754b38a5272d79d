import { Args } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';
import { CommandError, EXIT } from '../../exit-codes.js';

export default class LakeLs extends SluiceCommand<typeof LakeLs> {
  static override summary = 'List the days of the lake: batches, files, rows, bytes.';

  static override isForServicesHere = true;

  static override description =
    `Reads the folders and the footers of the Parquet files; nothing needs to run. A batch that is being written is not counted. A pipeline of your own has a lake for each of its sources.

With --json: {"format": "lake/1", "lakes": [{"query", "path", "days": [{"day", "batches", "files", "rows", "bytes"}]}]}. Exits with 2 when the lake is not on this machine.`;

  static override examples = [
    { description: 'What is in the lake?', command: '<%= config.bin %> lake ls' },
    {
      description: 'How many rows are there?',
      command: `<%= config.bin %> lake ls --json | jq '[.lakes[].days[].rows] | add'`,
    },
  ];

  static override args = {
    pipeline: Args.string({ description: 'The file of a pipeline of your own; by default the one that runs.' }),
  };

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findQueries }, { listLake }, { formatLake }, { lakePathOf }, { localPath }] = await Promise.all([
      import('../../query-control.js'),
      import('../../lake-listing.js'),
      import('../../ui/lake-report.js'),
      import('../../../spark/sinks/lake.js'),
      import('../../../spark/sinks/local-path.js'),
    ]);
    using interrupt = this.takeInterrupts();
    const { pipeline } = await findQueries(settings, this.args.pipeline);
    const lakes = [];
    for (const { name: query, sink } of pipeline.queries) {
      const path = sink.kind === 'events' ? lakePathOf(sink, settings.lakePath) : undefined;
      if (path === undefined) continue;
      const local = localPath(path);
      if (local === undefined)
        throw new CommandError(EXIT.input, `The lake is at ${path}; this command reads local folders only.`);
      lakes.push({ query, path, days: await listLake(local, interrupt.signal) });
    }
    if (this.flags.json) {
      this.printJson({ format: 'lake/1', lakes });
      return;
    }
    for (const { path, days } of lakes) {
      if (days.length === 0) this.talk.line(`nothing is in ${path} yet`);
      else this.log([path, ...formatLake(days, { style: this.style, widthMax: this.columns })].join('\n'));
    }
  }
}
