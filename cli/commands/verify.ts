import { Args, Flags } from '@oclif/core';
import type { Endpoints } from '../../config/endpoints.js';
import { PIPELINE_NAME } from '../../config/names.js';
import type { Settings } from '../../config/settings.js';
import type { PipelineReport, VerifyProgress, VerifyReport, WatchRound } from '../../verify/index.js';
import { jsonFlag, SluiceCommand } from '../base.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { durationFlag } from '../flags.js';
import { formatCount } from '../ui/numbers.js';
import { recordReport, recordVerification } from '../verification-record.js';

interface WatchedPipeline {
  readonly name: string;
  readonly rounds: AsyncIterable<WatchRound<VerifyReport | PipelineReport>>;
  readonly render: (report: VerifyReport | PipelineReport) => string;
}

export default class Verify extends SluiceCommand<typeof Verify> {
  static override summary = 'Recompute every result from the Kafka log and compare row by row.';

  static override description =
    `Reads the topic from the beginning and works out, by code of its own, what each table, the lake and the enriched topic must hold; which records are dead letters and why; and which events came too late, from the watermarks of the batches. Works on a running pipeline, too: what the ledger lists is compared, what is in flight is not.

With --watch it goes on, beside the running system: a line per round, until a check does not hold (exit code 1, and the whole report) or until Ctrl-C (exit code 0). A service that does not answer for a while is waited for. The comparison of distinct counts by a Spark batch is left out, as with --no-spark; their bound is checked in every round. Of a pipeline of your own each round computes everything again by Spark: --interval says how often.

Of a pipeline of your own (give its file, unless it runs) the ledger, the dead letters and the lake are checked, and each table is compared with its plan run once by Spark over the same records.

Exits with 0 if all checks hold and with 1 if one does not. Nothing is written but a note of the result, in the state folder, which the dashboard shows.`;

  static override examples = [
    { description: 'Is everything right?', command: '<%= config.bin %> verify' },
    { description: 'Wait for what was just published, then look', command: '<%= config.bin %> verify --wait' },
    { description: 'A pipeline of your own', command: '<%= config.bin %> verify pipeline.ts' },
    {
      description: 'Which checks failed',
      command: `<%= config.bin %> verify --json | jq '.checks[] | select(.holds | not)'`,
    },
    {
      description: 'Beside a running pipeline, a JSON object per round',
      command: '<%= config.bin %> verify --watch --json',
    },
  ];

  static override args = {
    pipeline: Args.string({ description: 'A file that exports a pipeline of your own. Default: the one that runs.' }),
  };

  static override flags = {
    watch: Flags.boolean({ char: 'w', summary: 'Go on, round after round, until a check does not hold.' }),
    wait: Flags.boolean({
      summary: 'First wait until the pipeline, which must be running, has taken in all that its topics hold.',
      exclusive: ['watch'],
    }),
    interval: durationFlag({ summary: 'With --watch: time between two rounds (5s).', dependsOn: ['watch'] }),
    spark: Flags.boolean({
      allowNo: true,
      default: true,
      summary: 'Also compare distinct counts with a Spark batch; --no-spark leaves that out.',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findEndpoints }, { readRun }, { verify, renderReport }, { sayVerifyProgress, verifyOptionsOf }] =
      await Promise.all([
        import('../services.js'),
        import('../run-record.js'),
        import('../../verify/index.js'),
        import('../verification.js'),
      ]);
    const endpoints = await findEndpoints(settings);
    const run = readRun(settings.stateDir);
    const file = this.args.pipeline ?? run?.pipeline?.file;
    const isLive = run !== undefined;
    using interrupt = this.takeInterrupts();
    if (this.flags.wait) await this.#awaitCaughtUp(file, endpoints, settings, interrupt.signal);
    if (this.flags.watch) {
      process.exitCode = await this.#watch(file, endpoints, settings, interrupt.signal);
      return;
    }
    if (file !== undefined) {
      process.exitCode = await this.#verifyPipeline(file, endpoints, settings, { signal: interrupt.signal, isLive });
      return;
    }
    const report = await verify(endpoints, {
      ...verifyOptionsOf(settings),
      signal: interrupt.signal,
      isLive,
      spark: this.flags.spark,
      onProgress: (progress) => sayVerifyProgress(this.talk, progress),
    });
    this.talk.endProgress();
    this.#record(() => recordReport(settings.stateDir, PIPELINE_NAME, report));
    if (this.flags.json) this.printJson(report);
    else if (!this.flags.quiet || !report.ok)
      this.log(renderReport(report, { color: this.style.isColoured }).trimEnd());
    process.exitCode = report.ok ? EXIT.done : EXIT.failed;
  }

  async #awaitCaughtUp(
    file: string | undefined,
    endpoints: Endpoints,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<void> {
    const [{ openPipeline }, { assertRuns }, { awaitCaughtUp }] = await Promise.all([
      import('../open-pipeline.js'),
      import('../run-record.js'),
      import('../../spark/supervisor/index.js'),
    ]);
    assertRuns(settings.stateDir);
    const pipeline = await openPipeline(settings, file);
    await awaitCaughtUp({ pipeline, endpoints, settings: settings.pipeline, signal }, (left) =>
      this.talk.progress(
        left === 0
          ? 'waiting: every record is through; a last batch may still close windows'
          : `waiting: ${formatCount(left)} records to go over all queries`,
      ),
    );
    this.talk.endProgress();
  }

  async #verifyPipeline(
    file: string,
    endpoints: Endpoints,
    settings: Settings,
    options: { readonly signal: AbortSignal; readonly isLive: boolean },
  ): Promise<ExitCode> {
    const [{ openPipeline }, { renderChecks, verifyPipeline }] = await Promise.all([
      import('../open-pipeline.js'),
      import('../../verify/index.js'),
    ]);
    const pipeline = await openPipeline(settings, file);
    const report = await verifyPipeline(endpoints, pipeline, {
      ...options,
      onQuery: (query) => this.talk.progress(`verifying: ${query}`),
    });
    this.talk.endProgress();
    this.#record(() => recordReport(settings.stateDir, pipeline.name, report));
    if (this.flags.json) this.printJson(report);
    else if (!this.flags.quiet || !report.ok)
      this.log([...renderChecks(report.checks, { color: this.style.isColoured }), '', report.verdict].join('\n'));
    return report.ok ? EXIT.done : EXIT.failed;
  }

  async #watch(
    file: string | undefined,
    endpoints: Endpoints,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<ExitCode> {
    const { formatRound } = await import('../ui/watch-report.js');
    const { json, quiet } = this.flags;
    const { name, rounds, render } = await this.#rounds(file, endpoints, settings, signal);
    for await (const round of rounds) {
      this.talk.endProgress();
      if (round.outcome === 'holds' || round.outcome === 'violated') {
        const judgement = { ...round, ok: round.outcome === 'holds' };
        this.#record(() => recordVerification(settings.stateDir, name, judgement));
      }
      if (json) this.log(JSON.stringify(round));
      else if (!quiet || round.outcome === 'violated') this.log(formatRound(round, this.style));
      if (round.report === undefined) continue;
      if (!json) this.log(render(round.report));
      return EXIT.failed;
    }
    this.talk.endProgress();
    return EXIT.done;
  }

  /** Of the pipeline in `file`, or else of the one that comes with sluice. */
  async #rounds(
    file: string | undefined,
    endpoints: Endpoints,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<WatchedPipeline> {
    const { watch, watchPipeline, renderChecks, renderReport } = await import('../../verify/index.js');
    const { interval } = this.flags;
    const options = { signal, ...(interval === undefined ? {} : { intervalMs: interval }) };
    const colours = { color: this.style.isColoured };
    if (file !== undefined) {
      const { openPipeline } = await import('../open-pipeline.js');
      const pipeline = await openPipeline(settings, file);
      const onQuery = (query: string): void => this.talk.progress(`verifying: ${query}`);
      return {
        name: pipeline.name,
        rounds: watchPipeline(endpoints, pipeline, { ...options, onQuery }),
        render: ({ checks, verdict }) => [...renderChecks(checks, colours), '', verdict].join('\n'),
      };
    }
    const { sayVerifyProgress, verifyOptionsOf } = await import('../verification.js');
    const onProgress = (progress: VerifyProgress): void => sayVerifyProgress(this.talk, progress);
    return {
      name: PIPELINE_NAME,
      rounds: watch(endpoints, { ...verifyOptionsOf(settings), ...options, spark: false, onProgress }),
      render: (report) => renderReport(report as VerifyReport, colours).trimEnd(),
    };
  }

  /** For dashboard and status. The verdict stands whether or not it can be kept. */
  #record(record: () => void): void {
    try {
      record();
    } catch (error) {
      this.detail(`the result is not kept for the dashboard: ${(error as Error).message}`);
    }
  }
}
