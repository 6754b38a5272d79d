import { Args, Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { wholeFlag } from '../../flags.js';

const LETTERS = 20;

export default class DlqShow extends SluiceCommand<typeof DlqShow> {
  static override summary = 'Show dead letters with their original records.';

  static override description =
    `Without a letter the newest ones in a table; with one, all of it. A letter is called by the partition and the offset of its record in the source topic, as in 2:1834 (with several sources orders:2:1834).

With --json: {"format": "dead-letters/1", "letters": [{"id", "reason", "source": {"topic", "partition", "offset"}, "deadAt", "key", "value", "valueBase64"}]}. Key and value are text; bytes that are no UTF-8 are in valueBase64.`;

  static override examples = [
    { description: 'The newest ones', command: '<%= config.bin %> dlq show' },
    { description: 'Of one reason', command: '<%= config.bin %> dlq show --reason user_id_invalid --limit 100' },
    { description: 'One of them, whole', command: '<%= config.bin %> dlq show 2:1834' },
  ];

  static override args = {
    letter: Args.string({ description: 'partition:offset of the record in its source topic.' }),
  };

  static override flags = {
    reason: Flags.string({
      helpValue: '<reason>',
      summary: 'Only of this reason; may be given more than once.',
      multiple: true,
    }),
    limit: wholeFlag(1, 100_000)({ char: 'n', summary: `At most so many. [default: ${LETTERS}]` }),
    pipeline: Flags.string({
      helpValue: '<file>',
      summary: 'File of a pipeline of your own. [default: the one that runs]',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ openDeadLetters }, { assertIds, isChosen }, { deadRecordOf }, { formatLetter, formatLetters }] =
      await Promise.all([
        import('../../dead-letters/place.js'),
        import('../../dead-letters/choose.js'),
        import('../../dead-letters/replay.js'),
        import('../../ui/dead-letter-report.js'),
      ]);
    const { letter: id } = this.args;
    const ids = id === undefined ? [] : [id];
    assertIds(ids);
    using interrupt = this.takeInterrupts();
    const place = await openDeadLetters(settings, this.flags.pipeline, interrupt.signal);
    const choice = { ids, reasons: this.flags.reason ?? [], sinceMs: undefined, untilMs: undefined };
    const all = await place.collect((letter) => isChosen(letter, choice));
    if (id !== undefined && all.length === 0)
      throw new CommandError(EXIT.failed, `There is no dead letter ${id}. \`sluice dlq show\` lists them.`);
    const letters = all.slice(0, this.flags.limit ?? LETTERS);
    if (this.flags.json) {
      this.printJson({
        format: 'dead-letters/1',
        letters: letters.map((letter) => {
          const { reason, key, value, deadAt } = deadRecordOf(letter);
          const valueBase64 = letter.value?.toString('base64') ?? null;
          return { id: letter.id, reason, source: letter.source, deadAt, key, value, valueBase64 };
        }),
      });
      return;
    }
    const options = { style: this.style, widthMax: this.columns };
    const [first] = letters;
    if (id !== undefined && first !== undefined) this.log(formatLetter(first, options).join('\n'));
    else if (letters.length > 0) this.log(formatLetters(letters, options).join('\n'));
    if (letters.length < all.length) this.talk.line(`${letters.length} of ${all.length}; --limit shows more`);
    if (all.length === 0) this.talk.line('there are no such dead letters');
  }
}
