import { Flags } from '@oclif/core';
import { SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { ResetStep } from '../reset-plan.js';

export default class Reset extends SluiceCommand<typeof Reset> {
  static override summary = 'Delete results and progress, to begin anew.';

  static override description =
    `With --sinks the three tables, the lake, the enriched and the dead-letter topic, the checkpoints and the ledger go, and the next run computes everything again from the topic user_activity. With --all that topic's records go as well.

Checkpoints alone cannot be deleted: results and progress belong together, and a pipeline that finds one without the other refuses to start. The services must be running, except for --all with embedded services, whose data can also be deleted while they are down.

Asks first. A script says --yes; then a pipeline that runs is stopped, too.`;

  static override examples = [
    { description: 'See what would be deleted', command: '<%= config.bin %> reset --all --dry-run' },
    {
      description: 'Compute everything again from the Kafka log',
      command: '<%= config.bin %> reset --sinks --yes && <%= config.bin %> run',
    },
  ];

  static override flags = {
    sinks: Flags.boolean({ summary: 'Results and progress; the activity topic stays.', exclusive: ['all'] }),
    all: Flags.boolean({ summary: "Results, progress, and the activity topic's records." }),
    yes: Flags.boolean({ char: 'y', summary: 'Do not ask; stop the pipeline if it runs.' }),
    'dry-run': Flags.boolean({ summary: 'Only say what would be deleted.' }),
  };

  override async run(): Promise<void> {
    const { flags } = this;
    if (!flags.sinks && !flags.all)
      throw new CommandError(EXIT.input, 'Say what to delete: --sinks or --all. See `sluice reset --help`.');
    const settings = this.readSettings();
    using interrupt = this.takeInterrupts();
    const { readRun, stopRun } = await import('../run-record.js');
    const steps = await this.#plan();
    this.talk.line(`${flags['dry-run'] ? 'would delete' : 'will delete'}:`);
    for (const { what } of steps) this.talk.line(`  ${what}`);
    if (flags['dry-run']) return;

    const run = readRun(settings.stateDir);
    if (run !== undefined && !flags.yes) {
      throw new CommandError(
        EXIT.failed,
        `The pipeline runs (process ${run.process.pid}). Stop it first, or say --yes to have it stopped.`,
      );
    }
    if (!flags.yes && !(await this.#confirm(interrupt.signal))) {
      this.talk.line('nothing was deleted');
      return;
    }
    if (await stopRun(settings.stateDir)) this.talk.line('the pipeline was stopped');
    for (const { what, run: remove } of steps) {
      this.talk.progress(`deleting ${what}`);
      await remove();
    }
    this.talk.endProgress();
    this.talk.line('done; the next run begins anew');
  }

  async #plan(): Promise<ResetStep[]> {
    const settings = this.readSettings();
    const [{ planOfflineReset, planReset }, { findEndpoints }, { inspectStack }] = await Promise.all([
      import('../reset-plan.js'),
      import('../services.js'),
      import('../../stack/index.js'),
    ]);
    const isDown = settings.services.kind === 'embedded' && inspectStack(settings.stateDir).kind === 'none';
    if (this.flags.all && isDown) return planOfflineReset(settings);
    return planReset(settings, await findEndpoints(settings), this.flags.all ? 'all' : 'sinks');
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
