import { Args, Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';

export default class QueriesExplain extends SluiceCommand<typeof QueriesExplain> {
  static override summary = "Print a query's plan as a tree.";

  static override isForServicesHere = true;

  static override description =
    `The plan as it is sent to Spark, from the rows that are written at the top down to the topics that are read; the lines below a step are the columns that it works out. Needs neither Spark nor a run. Long lines are cut; --full shows them whole.

With --physical, what Spark has made of it for the last batch, in Spark's own words; the query must be running.

With --json: {"format": "plan/1", "query", "plan": {"step", "details": […], "inputs": […]}}, or with --physical {"format": "plan/1", "query", "physical"}.`;

  static override examples = [
    { description: 'How is it worked out?', command: '<%= config.bin %> queries explain active_users' },
    {
      description: 'How does Spark run it?',
      command: '<%= config.bin %> queries explain active_users --physical',
    },
  ];

  static override args = { query: Args.string({ required: true, description: 'Name of the query.' }) };

  static override flags = {
    physical: Flags.boolean({ summary: "Spark's plan of the last batch.", exclusive: ['full', 'pipeline'] }),
    full: Flags.boolean({ summary: 'Do not cut long lines.' }),
    pipeline: Flags.string({
      helpValue: '<file>',
      summary: 'File of a pipeline of your own. [default: the one that runs]',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ askRun, chooseQuery, findQueries }, { describeSink, formatPlan }, { explainQuery }] = await Promise.all([
      import('../../query-control.js'),
      import('../../ui/query-report.js'),
      import('../../../spark/pipeline/index.js'),
    ]);
    const { query } = this.args;
    if (this.flags.physical) {
      using interrupt = this.takeInterrupts();
      const progress = (line: string): void => this.talk.progress(line);
      const { text } = await askRun(settings, 'explain', query, 'plan', { signal: interrupt.signal, progress });
      this.talk.endProgress();
      if (this.flags.json) this.printJson({ format: 'plan/1', query, physical: text });
      else this.log(text.trimEnd());
      return;
    }
    const { pipeline } = await findQueries(settings, this.flags.pipeline);
    const definition = chooseQuery(pipeline, query);
    const plan = explainQuery(pipeline, definition);
    if (this.flags.json) {
      this.printJson({ format: 'plan/1', query, plan });
      return;
    }
    const head = `${definition.name} (${definition.outputMode}) into ${describeSink(definition)}`;
    const tree = formatPlan(plan, this.style, this.flags.full ? undefined : this.columns);
    this.log([this.style.bold(head), ...tree].join('\n'));
  }
}
