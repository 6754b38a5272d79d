import { Args, Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';

export default class QueriesShow extends SluiceCommand<typeof QueriesShow> {
  static override summary = 'Show all that is known of one query, with its last batches.';

  static override isForServicesHere = true;

  static override description =
    `What it reads and writes, how it goes while the pipeline runs, and its last batches as Spark reported them (from Postgres, if it answers).

With --json: {"format": "query/1", "query", "description", "reads", "mode", "into", "state"?, "batches"?}.`;

  static override examples = [
    { description: 'One query', command: '<%= config.bin %> queries show user_sessions' },
    {
      description: 'Of a pipeline of your own that does not run',
      command: '<%= config.bin %> queries show enriched --pipeline pipeline.ts',
    },
  ];

  static override args = { query: Args.string({ required: true, description: 'Name of the query.' }) };

  static override flags = {
    pipeline: Flags.string({
      helpValue: '<file>',
      summary: 'File of a pipeline of your own. [default: the one that runs]',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ chooseQuery, findQueries }, { readBatches }, { describeSink, formatQuery }, { topicsOf }] =
      await Promise.all([
        import('../../query-control.js'),
        import('../../finished-batches.js'),
        import('../../ui/query-report.js'),
        import('../../../spark/pipeline/index.js'),
      ]);
    const { run, pipeline } = await findQueries(settings, this.flags.pipeline);
    const definition = chooseQuery(pipeline, this.args.query);
    const state = run?.queries.find(({ query }) => query === definition.name);
    const topics = topicsOf(pipeline, definition);
    const batches = await readBatches(settings, pipeline.name, definition.name).catch((error: unknown) => {
      // The rest is worth showing without them.
      this.detail(`no batches: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    });
    if (!this.flags.json) {
      const shown = { definition, topics, state, batches };
      this.log(formatQuery(shown, { style: this.style, widthMax: this.columns }).join('\n'));
      return;
    }
    const { name, description, outputMode } = definition;
    this.printJson({
      format: 'query/1',
      query: name,
      description,
      reads: topics,
      mode: outputMode,
      into: describeSink(definition),
      state,
      batches,
    });
  }
}
