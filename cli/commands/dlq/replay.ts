import { Args, Flags } from '@oclif/core';
import type { Settings } from '../../../config/settings.js';
import type { Repair } from '../../../spark/pipeline/index.js';
import { jsonFlag, SluiceCommand } from '../../base.js';
import type { DeadLetter } from '../../dead-letters/read.js';
import type { ReplayPlan } from '../../dead-letters/replay.js';
import { CommandError, EXIT } from '../../exit-codes.js';

/** Of what is to be sent so many are shown. */
const SHOWN = 10;

const byTime = (a: DeadLetter, b: DeadLetter): number => a.deadMs - b.deadMs || a.source.offset - b.source.offset;

export default class DlqReplay extends SluiceCommand<typeof DlqReplay> {
  static override strict = false;

  static override summary = 'Send dead letters to their source topic again, each once.';

  static override isForServicesHere = true;

  static override description =
    `Only shows what would be sent, unless --yes is given. The records get new places at the end of their source topic and are judged again like any other; what was dead stays on record, so \`sluice verify\` holds before and after. What comes too late for its windows then counts as late.

Each letter is sent once: the record and a note of it are written in one transaction, so that a second replay, also one at the same time or after a crash, does nothing. The note outlives \`sluice reset --sinks\`.

--repair names a file whose default export makes of a dead record the value to be sent (text, bytes, or an object that becomes JSON), or undefined for one that is to be left out; see the type Repair of 'sluice'. If it throws, nothing is sent.

With --json: {"format": "dlq-replay/1", "isDryRun", "sent", "replayedBefore", "leftOut"}, each of the last three a list of letters; in a dry run "sent" is what would be. Exits with 0 also when there is nothing to send.`;

  static override examples = [
    {
      description: 'What would be sent? Events that were ahead of their time are not any more',
      command: '<%= config.bin %> dlq replay --reason event_time_in_future',
    },
    { description: 'Send it', command: '<%= config.bin %> dlq replay --reason event_time_in_future --yes' },
    { description: 'Mend two letters', command: '<%= config.bin %> dlq replay 2:1834 0:77 --repair repair.ts --yes' },
  ];

  static override args = {
    letters: Args.string({ description: 'Letters as `sluice dlq show` calls them: partition:offset …' }),
  };

  static override flags = {
    reason: Flags.string({
      helpValue: '<reason>',
      summary: 'Those of this reason; may be given more than once.',
      multiple: true,
    }),
    since: Flags.string({ helpValue: '<time>', summary: 'Set aside at this time (ISO 8601) or after.' }),
    until: Flags.string({ helpValue: '<time>', summary: 'Set aside before this time.' }),
    all: Flags.boolean({ summary: 'All of them.', exclusive: ['reason', 'since', 'until'] }),
    repair: Flags.string({ helpValue: '<file>', summary: 'A TypeScript or JavaScript file that mends them.' }),
    yes: Flags.boolean({ char: 'y', summary: 'Send them.', exclusive: ['dry-run'] }),
    'dry-run': Flags.boolean({ summary: 'Only show what would be sent; the default.' }),
    pipeline: Flags.string({
      helpValue: '<file>',
      summary: 'File of a pipeline of your own. [default: the one that runs]',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { reason: reasons = [], since, until, all, yes } = this.flags;
    const ids = this.words;
    const [{ assertIds, instantMs, isChosen }, { planReplay, replay }, { openDeadLetters }] = await Promise.all([
      import('../../dead-letters/choose.js'),
      import('../../dead-letters/replay.js'),
      import('../../dead-letters/place.js'),
    ]);
    assertIds(ids);
    const choice = { ids, reasons, sinceMs: instantMs('--since', since), untilMs: instantMs('--until', until) };
    if (!all && ids.length + reasons.length === 0 && since === undefined && until === undefined)
      throw new CommandError(
        EXIT.input,
        'Say which: letters, --reason, --since, --until or --all. `sluice dlq ls` counts them.',
      );
    const settings = this.readSettings();
    const repair = await this.#repair(settings);
    using interrupt = this.takeInterrupts();
    const letters = await openDeadLetters(settings, this.flags.pipeline, interrupt.signal);
    const { bootstrapServers } = letters.endpoints;
    const place = { bootstrapServers, commitsTopic: settings.topics.commits, signal: interrupt.signal };
    // Oldest first, as they came.
    const chosen = [...(await letters.collect((letter) => isChosen(letter, choice)))].sort(byTime);
    const plan = await planReplay(chosen, repair, place);
    const sent = yes ? await replay(plan, place) : undefined;
    await this.#report(plan, sent);
  }

  async #repair(settings: Settings): Promise<Repair | undefined> {
    const { repair: file } = this.flags;
    if (file === undefined) return undefined;
    const [{ loadDefault }, { join }] = await Promise.all([
      import('../../../spark/pipeline/index.js'),
      import('node:path'),
    ]);
    const repair = await loadDefault(file, join(settings.stateDir, 'pipelines'));
    if (typeof repair !== 'function')
      throw new CommandError(
        EXIT.input,
        `${file} exports no function: \`export default (record) => …\` makes of a dead record the value to be sent.`,
      );
    return repair as Repair;
  }

  /** @param sent undefined: nothing was to be sent. */
  async #report(
    { toSend, replayedBefore, leftOut }: ReplayPlan,
    sent: readonly DeadLetter[] | undefined,
  ): Promise<void> {
    if (this.flags.json) {
      this.printJson({
        format: 'dlq-replay/1',
        isDryRun: sent === undefined,
        sent: (sent ?? toSend.map(({ letter }) => letter)).map(({ id }) => id),
        replayedBefore: replayedBefore.map(({ id }) => id),
        leftOut: leftOut.map(({ id }) => id),
      });
      return;
    }
    const { formatRepaired } = await import('../../ui/dead-letter-report.js');
    const shown = toSend.slice(0, SHOWN);
    if (shown.length > 0) this.log(formatRepaired(shown, { style: this.style, widthMax: this.columns }).join('\n'));
    if (shown.length < toSend.length) this.talk.line(`and ${toSend.length - shown.length} more`);
    if (replayedBefore.length > 0)
      this.talk.line(`${replayedBefore.length} were replayed before and are not sent again`);
    if (leftOut.length > 0) this.talk.line(`${leftOut.length} are left out by the repair`);
    if (toSend.length === 0) this.talk.line('there is nothing to send');
    else if (sent === undefined) this.talk.line(`would send ${toSend.length}; --yes sends them`);
    else if (sent.length < toSend.length)
      this.talk.line(`sent ${sent.length}; another replay has sent the other ${toSend.length - sent.length}`);
    else this.talk.line(`sent ${sent.length}`);
  }
}
