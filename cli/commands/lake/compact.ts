import { Args, Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { wholeFlag } from '../../flags.js';
import type { CompactedDay, DayPlan } from '../../lake/compaction/index.js';
import type { SwapKind } from '../../lake/compaction/swap.js';

const MIB = 1024 * 1024;
/** What Spark and DuckDB read well in one go. */
const FILE_MIB = 128;

interface LakePlace {
  readonly query: string;
  readonly path: string;
  readonly local: string;
}

export default class LakeCompact extends SluiceCommand<typeof LakeCompact> {
  static override summary = 'Merge the small files of the lake, day by day; a pipeline may run meanwhile.';

  static override isForServicesHere = true;

  static override description =
    `Every batch leaves a file of its own for each day that it touches. This merges the files of batches that are final (in the ledger, and committed by Spark) into files of up to --file-size; the columns stay as they are, and what was written is read back before it counts. Postgres must be running, Spark and Kafka need not.

A day is written anew beside the old one and changes places with it in one step, so that nobody who lists the lake finds a row twice or not at all. Who has listed the old files and opens them afterwards is told that they are gone, and lists again. Rows of merged batches stand in the folder of the last of them: batch_id is then that one's. The folders of the others stay, without data: they refuse the batch to a writer that wakes up late. Without \`mv --exchange\` or perl, and on other systems than Linux, the change takes two steps, and for some microseconds the day is not there; that is said.

Whatever ends it, the lake is whole; what was begun is cleared by the next call. \`sluice verify\` checks merged rows like all others.

With --json: {"format": "lake-compact/1", "isDryRun", "lakes": [{"query", "path", "swap", "recovered", "days": [{"day", "batches", "filesBefore", "filesAfter", "bytesBefore", "bytesAfter", "rows"}]}]}; swap is exchange, two-renames or null, bytesAfter and rows are null in a dry run. Exits with 2 when the lake is not on this machine.`;

  static override examples = [
    { description: 'What would be merged?', command: '<%= config.bin %> lake compact --dry-run' },
    { description: 'Merge what there is', command: '<%= config.bin %> lake compact' },
    { description: 'One day only', command: '<%= config.bin %> lake compact --day 2026-03-01' },
  ];

  static override args = {
    pipeline: Args.string({ description: 'The file of a pipeline of your own; by default the one that runs.' }),
  };

  static override flags = {
    day: Flags.string({
      summary: 'Only this day, as YYYY-MM-DD; may be given more than once.',
      multiple: true,
    }),
    'file-size': wholeFlag(1, 4096)({ summary: `Up to so many MiB per file. [default: ${FILE_MIB}]` }),
    'dry-run': Flags.boolean({ summary: 'Only say what would be merged.' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { day: days = [] } = this.flags;
    const isDryRun = this.flags['dry-run'] === true;
    const wrong = days.find((day) => !/^\d{4}-\d\d-\d\d$/.test(day));
    if (wrong !== undefined) throw new CommandError(EXIT.input, `--day ${wrong} is no day: write YYYY-MM-DD.`);
    const settings = this.readSettings();
    const [{ findQueries }, { findEndpoints }, { writerUrlOf }, { CompactionTurn }, compaction, { checkpointFolder }] =
      await Promise.all([
        import('../../query-control.js'),
        import('../../services.js'),
        import('../../../config/endpoints.js'),
        import('../../lake/compaction/turn.js'),
        import('../../lake/compaction/index.js'),
        import('../../../config/names.js'),
      ]);
    const { readCheckpoint } = await import('../../../spark/supervisor/start-checks/checkpoint.js');
    using interrupt = this.takeInterrupts('stopping; the day under way is left as it is');
    const { pipeline } = await findQueries(settings, this.args.pipeline);
    const places = await this.#places(pipeline, settings.lakePath);
    const endpoints = await findEndpoints(settings);
    await using turn = await CompactionTurn.take(writerUrlOf(endpoints), pipeline.name);
    const lakes = [];
    for (const { query, path, local } of places) {
      const recovered = isDryRun ? [] : await compaction.recoverCompactions(local);
      for (const day of recovered) this.talk.line(`cleared what a compaction of ${day} had left`);
      const checkpoint = await readCheckpoint(checkpointFolder(endpoints.checkpointPath, pipeline.name, query), query);
      const final = await turn.finalBatches(query, checkpoint?.queryId ?? undefined, checkpoint?.lastCommit);
      const bytesWanted = (this.flags['file-size'] ?? FILE_MIB) * MIB;
      const plans = final === undefined ? [] : await compaction.planCompaction(local, final, { days, bytesWanted });
      let swap: SwapKind | null = null;
      const done: (DayPlan | CompactedDay)[] = [];
      if (isDryRun || final === undefined) done.push(...plans);
      else {
        const files = plans.reduce(
          (sum, { groups }) => sum + groups.flatMap((group) => group.flatMap((one) => one.files)).length,
          0,
        );
        let merged = 0;
        const compacted = compaction.compact(local, plans, {
          turn,
          epoch: final.epoch,
          onSwap: (kind) => {
            if (kind === 'two-renames' && swap === null)
              this.talk.line('days change places in two steps here: for some microseconds a day is not there');
            swap = kind;
          },
          onProgress: (day, count) => {
            merged += count;
            this.talk.bar(merged, files, `merging ${day}`);
          },
          signal: interrupt.signal,
        });
        for await (const day of compacted) {
          done.push(day);
          this.detail(`${day.day}: ${day.filesBefore} files are ${day.filesAfter}`);
        }
        this.talk.endProgress();
      }
      lakes.push({ query, path, swap, recovered, days: done });
    }
    await this.#report(lakes);
  }

  async #places(
    pipeline: Awaited<ReturnType<typeof import('../../open-pipeline.js')['openPipeline']>>,
    root: string,
  ): Promise<LakePlace[]> {
    const [{ lakePathOf }, { localPath }] = await Promise.all([
      import('../../../spark/sinks/lake.js'),
      import('../../../spark/sinks/local-path.js'),
    ]);
    return pipeline.queries.flatMap(({ name: query, sink }) => {
      const path = sink.kind === 'events' ? lakePathOf(sink, root) : undefined;
      if (path === undefined) return [];
      const local = localPath(path);
      if (local === undefined)
        throw new CommandError(EXIT.input, `The lake is at ${path}; this command reads local folders only.`);
      return [{ query, path, local }];
    });
  }

  async #report(
    lakes: readonly {
      readonly query: string;
      readonly path: string;
      readonly swap: SwapKind | null;
      readonly recovered: readonly string[];
      readonly days: readonly (DayPlan | CompactedDay)[];
    }[],
  ): Promise<void> {
    const isDryRun = this.flags['dry-run'] === true;
    if (this.flags.json) {
      const days = (all: readonly (DayPlan | CompactedDay)[]): unknown =>
        all.map(({ groups: _, ...day }) => ({ bytesAfter: null, rows: null, ...day }));
      this.printJson({
        format: 'lake-compact/1',
        isDryRun,
        lakes: lakes.map((lake) => ({ ...lake, days: days(lake.days) })),
      });
      return;
    }
    const { formatCompaction } = await import('../../ui/lake-report.js');
    for (const { path, days } of lakes) {
      if (days.length === 0) this.talk.line(`nothing is to be merged in ${path}`);
      else this.log([path, ...formatCompaction(days, { style: this.style, widthMax: this.columns })].join('\n'));
    }
    if (isDryRun && lakes.some(({ days }) => days.length > 0)) this.talk.line('nothing was changed');
  }
}
