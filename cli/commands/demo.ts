import { jsonFlag, SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';
import { clusterOverrides, durationFlag, shareFlag, wholeFlag, workersFlag } from '../flags.js';
import { formatDemoReport } from '../ui/demo-report.js';

const DEFAULTS = {
  count: 100_000,
  users: 5_000,
  eventTimeSpanMs: 20 * 60_000,
  durationMs: 20_000,
  lateShare: 0.03,
  malformedShare: 0.01,
} as const;

export default class Demo extends SluiceCommand<typeof Demo> {
  static override summary = 'See it all once: start, stream, verify, report, stop.';

  static override isForServicesHere = true;

  static override description =
    `Starts Kafka, Postgres and Spark, runs the pipeline, plays twenty minutes of simulated users in twenty seconds (about 100,000 events, some of them late, some broken), waits until everything is through, verifies every result against the Kafka log, reports, and stops what it has started.

Services and a pipeline that run already are used and go on afterwards. A second demo continues where the first one ended; \`sluice reset --all\` begins anew.

Exits with 0 if all checks hold and with 1 if one does not.`;

  static override examples = [
    { description: 'See it', command: '<%= config.bin %> demo' },
    {
      description: 'With other events, and more of them',
      command: '<%= config.bin %> demo --seed 7 --count 500000 --duration 60s',
    },
  ];

  static override flags = {
    count: wholeFlag(
      1,
      Number.MAX_SAFE_INTEGER,
    )({ char: 'n', summary: `How many events. [default: ${DEFAULTS.count}]` }),
    duration: durationFlag({ char: 'd', summary: 'How long to send them. [default: 20s]' }),
    'event-time-span': durationFlag({ summary: 'How much event time they span. [default: 20m]' }),
    users: wholeFlag(1, 5_000_000)({ char: 'u', summary: `How many users. [default: ${DEFAULTS.users}]` }),
    seed: wholeFlag(0, 4_294_967_295)({ char: 's', summary: 'Another seed, other events. [default: PRODUCER_SEED]' }),
    'late-share': shareFlag({ summary: 'Share of events that come too late. [default: 3%]' }),
    'malformed-share': shareFlag({ summary: 'Share of records that are no valid event. [default: 1%]' }),
    ...workersFlag,
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = this;
    const settings = this.readSettings(clusterOverrides(flags));
    const count = flags.count ?? DEFAULTS.count;
    const durationMs = flags.duration ?? DEFAULTS.durationMs;
    const [{ runDemo }, { renderReport }] = await Promise.all([import('../demo.js'), import('../../verify/index.js')]);
    using interrupt = this.takeInterrupts('stopping what was started; once more ends it at once');

    const result = await runDemo({
      settings,
      talk: this.talk,
      signal: interrupt.signal,
      production: {
        count,
        rate: (count / durationMs) * 1_000,
        eventTimeSpanMs: flags['event-time-span'] ?? DEFAULTS.eventTimeSpanMs,
        users: flags.users ?? DEFAULTS.users,
        seed: flags.seed ?? settings.producer.seed,
        lateShare: flags['late-share'] ?? DEFAULTS.lateShare,
        malformedShare: flags['malformed-share'] ?? DEFAULTS.malformedShare,
      },
    });
    if (flags.json) this.printJson(result);
    else if (!flags.quiet || !result.report.ok) {
      const verification = renderReport(result.report, { color: this.style.isColoured });
      this.log(['', ...formatDemoReport(result, verification, this.style)].join('\n'));
    }
    process.exitCode = result.report.ok ? EXIT.done : EXIT.failed;
  }
}
