import { Args } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';

export default class QueriesList extends SluiceCommand<typeof QueriesList> {
  static override summary = 'List the queries of the pipeline: state, batch, rates, lag.';

  static override isForServicesHere = true;

  static override description =
    `Shows what the running pipeline last saw of its queries: the state, the last finished batch, records that came in and were processed per second, how long the batch took, records that wait, and the watermark. Without a run the queries are listed as not running.

With --json: {"format": "queries/1", "pipeline", "process"?, "queries": [{"query", "state"?}]}; "process" and "state" are there while it runs.`;

  static override examples = [
    { description: 'What runs?', command: '<%= config.bin %> queries list' },
    {
      description: 'Which query is furthest behind?',
      command: `<%= config.bin %> queries list --json | jq -r '.queries | max_by(.state.lag).query'`,
    },
  ];

  static override args = {
    pipeline: Args.string({ description: 'The file of a pipeline of your own; by default the one that runs.' }),
  };

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findQueries }, { formatQueries }] = await Promise.all([
      import('../../query-control.js'),
      import('../../ui/query-report.js'),
    ]);
    const { run, pipeline } = await findQueries(settings, this.args.pipeline);
    const queries = pipeline.queries.map(({ name }) => ({
      query: name,
      state: run?.queries.find(({ query }) => query === name),
    }));
    if (this.flags.json) {
      this.printJson({ format: 'queries/1', pipeline: pipeline.name, process: run?.process.pid, queries });
      return;
    }
    if (run === undefined) this.talk.line(`pipeline ${pipeline.name} is not running; \`sluice run\` starts it`);
    this.log(formatQueries(queries, { style: this.style, widthMax: this.columns }).join('\n'));
  }
}
