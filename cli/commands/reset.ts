import { Args, Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { ResetPlan } from '../reset-plan.js';

export default class Reset extends SluiceCommand<typeof Reset> {
  static override summary = 'Delete results and progress, to begin anew.';

  static override isForServicesHere = true;

  static override description =
    `Results and progress belong together: a checkpoint without its results, or results without their checkpoint, would be counted twice or shut out. So --sinks and --checkpoint delete the same: checkpoints, ledger, the tables' rows, the lake, the enriched and the dead-letter topic; the next run computes everything again from the source topic. With --query only what belongs to that query goes. With --all the source topic's records go as well.

Of a pipeline of your own (give its file, unless it runs) go its checkpoints, ledger, its tables (the next run makes them anew, with the columns that it then has), its folders of the lake and its dead-letter topics; with --all also the records of its sources.

What the topic no longer holds cannot be computed again; if it has lost records, that is said before the question. The services must be running, except for --all with embedded services, whose data can also be deleted while they are down.

Asks first. A script says --yes; then a pipeline that runs is stopped, too.`;

  static override examples = [
    { description: 'See what would be deleted', command: '<%= config.bin %> reset --all --dry-run' },
    {
      description: 'Compute everything again from the Kafka log',
      command: '<%= config.bin %> reset --sinks --yes && <%= config.bin %> run',
    },
    {
      description: 'Compute a pipeline of your own again',
      command: '<%= config.bin %> reset pipeline.ts --sinks',
    },
    {
      description: 'Compute the sessions again; the other queries go on where they are',
      command: '<%= config.bin %> reset --checkpoint --query user_sessions',
    },
  ];

  static override args = {
    pipeline: Args.string({ description: 'A file that exports a pipeline of your own. Default: the one that runs.' }),
  };

  static override flags = {
    checkpoint: Flags.boolean({ summary: 'Progress, and the results that belong to it.', exclusive: ['all', 'sinks'] }),
    sinks: Flags.boolean({ summary: 'Results, and the progress that belongs to them.', exclusive: ['all'] }),
    all: Flags.boolean({ summary: "Results, progress, and the source topic's records." }),
    query: Flags.string({
      helpValue: '<name>',
      summary: 'Only this query; may be given more than once.',
      multiple: true,
      exclusive: ['all'],
    }),
    yes: Flags.boolean({ char: 'y', summary: 'Do not ask; stop the pipeline if it runs.' }),
    'dry-run': Flags.boolean({ summary: 'Only say what would be deleted.' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = this;
    if (!flags.sinks && !flags.checkpoint && !flags.all) {
      throw new CommandError(
        EXIT.input,
        'Say what to delete: --checkpoint, --sinks or --all. See `sluice reset --help`.',
      );
    }
    const settings = this.readSettings();
    using interrupt = this.takeInterrupts();
    const { readRun, stopRun } = await import('../run-record.js');
    const { steps, warnings } = await this.#plan();
    this.talk.line(`${flags['dry-run'] ? 'would delete' : 'will delete'}:`);
    for (const { what } of steps) this.talk.line(`  ${what}`);
    for (const warning of warnings) this.talk.line(this.talk.style.yellow(warning));
    const print = (isDone: boolean): void => {
      if (flags.json)
        this.printJson({ isDryRun: flags['dry-run'] === true, isDone, steps: steps.map(({ what }) => what), warnings });
    };
    if (flags['dry-run']) {
      print(false);
      return;
    }

    const run = readRun(settings.stateDir);
    if (run !== undefined && !flags.yes) {
      throw new CommandError(
        EXIT.failed,
        `The pipeline runs (process ${run.process.pid}). Stop it first, or say --yes to have it stopped.`,
      );
    }
    if (!flags.yes && !(await this.#confirm(interrupt.signal))) {
      this.talk.line('nothing was deleted');
      print(false);
      return;
    }
    if (await stopRun(settings.stateDir)) this.talk.line('the pipeline was stopped');
    for (const { what, run: remove } of steps) {
      this.talk.progress(`deleting ${what}`);
      await remove();
    }
    this.talk.endProgress();
    this.talk.line('done; the next run begins anew');
    print(true);
  }

  async #plan(): Promise<ResetPlan> {
    const settings = this.readSettings();
    const [{ chooseQueries, planOfflineReset, planReset }, { findEndpoints }, { inspectStack }, { findQueries }] =
      await Promise.all([
        import('../reset-plan.js'),
        import('../services.js'),
        import('../../stack/index.js'),
        import('../query-control.js'),
      ]);
    const { pipeline } = await findQueries(settings, this.args.pipeline);
    const { all, query } = this.flags;
    const queries = chooseQueries(pipeline, query ?? []);
    const isDown = settings.services.kind === 'embedded' && inspectStack(settings.stateDir).kind === 'none';
    if (all && isDown) return planOfflineReset(settings, pipeline);
    return planReset(settings, await findEndpoints(settings), pipeline, { queries, withSource: all });
  }

  async #confirm(signal: AbortSignal): Promise<boolean> {
    if (process.stdin.isTTY !== true) {
      throw new CommandError(
        EXIT.input,
        'There is nobody to ask here: say --yes to delete this, or --dry-run to only see it.',
      );
    }
    const { askYesNo } = await import('../ui/ask.js');
    return askYesNo('Delete this for good?', signal);
  }
}
