import { Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';

export default class Verify extends SluiceCommand<typeof Verify> {
  static override summary = 'Recompute every result from the Kafka log and compare row by row.';

  static override description =
    `Reads the topic from the beginning and works out, by code of its own, what each table, the lake and the enriched topic must hold; which records are dead letters and why; and which events came too late, from the watermarks of the batches. Works on a running pipeline, too: what the ledger lists is compared, what is in flight is not.

Exits with 0 if all checks hold and with 1 if one does not. Nothing is written.`;

  static override examples = [
    { description: 'Is everything right?', command: '<%= config.bin %> verify' },
    {
      description: 'Which checks failed',
      command: `<%= config.bin %> verify --json | jq '.checks[] | select(.holds | not)'`,
    },
  ];

  static override flags = {
    spark: Flags.boolean({
      allowNo: true,
      default: true,
      summary: 'Also compare distinct counts with a Spark batch; --no-spark leaves that out.',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findEndpoints }, { verify, renderReport }, { sayVerifyProgress, verifyOptionsOf }] = await Promise.all([
      import('../services.js'),
      import('../../verify/index.js'),
      import('../verification.js'),
    ]);
    const endpoints = await findEndpoints(settings);
    using interrupt = this.takeInterrupts();
    const report = await verify(endpoints, {
      ...verifyOptionsOf(settings),
      signal: interrupt.signal,
      spark: this.flags.spark,
      onProgress: (progress) => sayVerifyProgress(this.talk, progress),
    });
    this.talk.endProgress();
    if (this.flags.json) this.printJson(report);
    else if (!this.flags.quiet || !report.ok)
      this.log(renderReport(report, { color: this.style.isColoured }).trimEnd());
    process.exitCode = report.ok ? EXIT.done : EXIT.failed;
  }
}
