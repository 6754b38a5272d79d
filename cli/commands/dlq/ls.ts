import { Args } from '@oclif/core';
import { readerUrlOf } from '../../../config/endpoints.js';
import { jsonFlag, SluiceCommand } from '../../base.js';

/** Refused rows are rare: the system stops a batch that has many. */
const REFUSED_MAX = 100;

export default class DlqLs extends SluiceCommand<typeof DlqLs> {
  static override summary = 'Count the dead letters by their reason.';

  static override description =
    `Reads the dead-letter topics of the pipeline: how many records were set aside for each reason, when first and when last. Below them the rows that a sink refused (sluice.refused_rows), with the sink's words.

With --json: {"format": "dlq/1", "pipeline", "reasons": [{"topic", "reason", "letters", "first", "last"}], "refused": [{"query", "batch", "what", "why", "refusedAt"}]}.`;

  static override examples = [
    { description: 'What was set aside, and why?', command: '<%= config.bin %> dlq ls' },
    {
      description: 'How many are there?',
      command: `<%= config.bin %> dlq ls --json | jq '[.reasons[].letters] | add'`,
    },
  ];

  static override args = {
    pipeline: Args.string({ description: 'The file of a pipeline of your own; by default the one that runs.' }),
  };

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ openDeadLetters }, { ReasonCounts }, { readRefusedRows }, { formatReasons, formatRefused }] =
      await Promise.all([
        import('../../dead-letters/place.js'),
        import('../../dead-letters/summary.js'),
        import('../../dead-letters/refused-rows.js'),
        import('../../ui/dead-letter-report.js'),
      ]);
    using interrupt = this.takeInterrupts();
    const place = await openDeadLetters(settings, this.args.pipeline, interrupt.signal);
    const counts = new ReasonCounts();
    const [refused] = await Promise.all([
      readRefusedRows(readerUrlOf(place.endpoints), place.pipeline, REFUSED_MAX),
      place.read((letter, topic) => counts.see(topic, letter)),
    ]);
    if (this.flags.json) {
      const reasons = counts.summaries.map(({ firstMs, lastMs, ...each }) => ({
        ...each,
        first: new Date(firstMs).toISOString(),
        last: new Date(lastMs).toISOString(),
      }));
      this.printJson({ format: 'dlq/1', pipeline: place.pipeline, reasons, refused });
      return;
    }
    const options = { style: this.style, widthMax: this.columns };
    if (counts.summaries.length === 0) this.talk.line('there are no dead letters');
    else this.log(formatReasons(counts.summaries, options).join('\n'));
    if (refused.length > 0) this.log(['', ...formatRefused(refused, options)].join('\n'));
  }
}
