import { Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { durationFlag, wholeFlag } from '../flags.js';
import { formatChaosReport, formatRecovered, formatSchedule } from '../ui/chaos-report.js';

const DEFAULTS = { faults: 20, seed: 1, rate: 200, patienceMs: 180_000 } as const;

export default class Chaos extends SluiceCommand<typeof Chaos> {
  static override summary = 'Break the running system on purpose and prove that nothing came of it.';

  static override description =
    `Starts a whole system of its own in a temporary folder (nothing of yours is touched), lets simulated users and live readers loose on it, and strikes: kill -9 and SIGSTOP of every process, replies lost at a commit, a worker that wakes up after its successor has taken over, a full disk. The next fault waits until every query has committed a batch that began after the last one. Then everything is verified against the Kafka log, and whatever may have been left behind is looked for.

The same seed gives the same faults. On two busy cores a fault takes about half a minute, most of it until the next batches are through. Linux only; the full disk needs root.

Exits with 0 only if nothing is lost, duplicated, wrong or left behind, and with 1 otherwise; then data and logs are kept.`;

  static override examples = [
    { description: 'Twenty faults', command: '<%= config.bin %> chaos' },
    { description: 'A longer run with other faults', command: '<%= config.bin %> chaos --faults 100 --seed 7' },
    {
      description: 'Only replies that are lost at a commit',
      command: '<%= config.bin %> chaos --only lose-postgres-reply,lose-kafka-reply',
    },
    { description: 'What would be done, without doing it', command: '<%= config.bin %> chaos --seed 7 --dry-run' },
  ];

  static override flags = {
    faults: wholeFlag(1, 100_000)({ char: 'n', summary: `How many faults. [default: ${DEFAULTS.faults}]` }),
    seed: wholeFlag(
      0,
      4_294_967_295,
    )({ char: 's', summary: `Another seed, other faults and events. [default: ${DEFAULTS.seed}]` }),
    only: Flags.string({ summary: 'Only these kinds, with commas between.', helpValue: '<kinds>' }),
    rate: wholeFlag(1, 100_000)({ summary: `Events per second. [default: ${DEFAULTS.rate}]` }),
    duration: durationFlag({ char: 'd', summary: 'Begin no further fault after so long.' }),
    patience: durationFlag({ summary: 'How long the system may take to come back. [default: 3m]' }),
    workers: wholeFlag(
      0,
      16,
    )({ summary: 'Workers of a Spark cluster, each a process: only then there are executors to strike. [default: 0]' }),
    keep: Flags.boolean({ summary: 'Keep data and logs also when all is well.' }),
    'dry-run': Flags.boolean({ summary: 'Print the faults and do nothing.' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = this;
    const { drawSchedule, FAULT_NAMES, isFaultName, runChaos } = await import('../../chaos/index.js');
    const seed = flags.seed ?? DEFAULTS.seed;
    const faults = flags.faults ?? DEFAULTS.faults;
    const workers = flags.workers ?? 0;
    const known = Object.keys(FAULT_NAMES).filter(isFaultName);
    const names = flags.only?.split(',').map((name) => {
      if (isFaultName(name.trim())) return name.trim();
      throw new CommandError(
        EXIT.input,
        `--only: there is no fault ${JSON.stringify(name)}; there are ${known.join(', ')}`,
      );
    });
    const chosen = known.filter((name) => names === undefined || names.includes(name));
    if (flags['dry-run']) {
      const missing = new Set(workers === 0 ? ['executors' as const] : []);
      const schedule = drawSchedule(seed, faults, chosen, missing);
      if (flags.json) this.printJson(schedule);
      else this.log(formatSchedule(schedule, this.columns, this.style).join('\n'));
      return;
    }
    using interrupt = this.takeInterrupts('stopping everything; once more ends it at once');
    const report = await runChaos({
      faults,
      seed,
      names: chosen,
      rate: flags.rate ?? DEFAULTS.rate,
      workers,
      patienceMs: flags.patience ?? DEFAULTS.patienceMs,
      durationMs: flags.duration ?? Number.POSITIVE_INFINITY,
      isKept: flags.keep,
      signal: interrupt.signal,
      onEvent: (event) => {
        switch (event.kind) {
          case 'step':
            this.talk.endProgress();
            this.talk.line(this.talk.style.bold(event.name));
            break;
          case 'said':
            this.detail(event.line);
            break;
          case 'striking':
            this.talk.bar(event.scheduled.number - 1, event.of, event.scheduled.name);
            break;
          case 'recovered':
            this.talk.endProgress();
            this.talk.line(formatRecovered(event.struck, event.of));
            break;
        }
      },
    });
    this.talk.endProgress();
    if (flags.json) this.printJson(report);
    else if (!flags.quiet || !report.ok) this.log(formatChaosReport(report, this.columns, this.style).join('\n'));
    process.exitCode = report.ok ? EXIT.done : EXIT.failed;
  }
}
