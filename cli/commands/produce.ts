import { Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';
import { durationFlag, numberFlag, shareFlag, wholeFlag } from '../flags.js';
import { formatProduceSummary, sayProduceProgress } from '../ui/produce-report.js';

const WHOLE_MAX = Number.MAX_SAFE_INTEGER;

export default class Produce extends SluiceCommand<typeof Produce> {
  static override summary = 'Publish the events of simulated users to Kafka.';

  static override description =
    `Users of a web shop come, look at pages, click, buy and leave; their events go to the topic user_activity.
The same seed and options give the same events. Without --count or --duration it goes on until Ctrl-C; what was sent is summed up in any case.

Event time is the present unless something else is said: with --count alone, the last 20 minutes are played as fast as possible; with --speed 60, each second of sending plays a minute.`;

  static override examples = [
    { description: '500 events a second, now, until Ctrl-C', command: '<%= config.bin %> produce --rate 500' },
    {
      description: 'Twenty minutes of event time in twenty seconds, some of it late or broken',
      command: '<%= config.bin %> produce --rate 5000 --duration 20s --speed 60 --late-share 3% --malformed-share 1%',
    },
    {
      description: 'A million events as fast as possible, in Kafka transactions',
      command: '<%= config.bin %> produce --count 1000000 --transactional',
    },
  ];

  static override flags = {
    rate: numberFlag({
      char: 'r',
      summary: 'Events per second; 0 is as fast as possible, as is --count alone. [default: PRODUCER_RATE]',
    }),
    count: wholeFlag(1, WHOLE_MAX)({ char: 'n', summary: 'Stop after so many events.' }),
    duration: durationFlag({ char: 'd', summary: 'Stop after this time.' }),
    users: wholeFlag(1, 5_000_000)({ char: 'u', summary: 'How many users there are. [default: PRODUCER_USERS]' }),
    seed: wholeFlag(0, 4_294_967_295)({ char: 's', summary: 'Another seed, other events. [default: PRODUCER_SEED]' }),
    'event-time-from': Flags.string({
      summary: 'Event time of the first event, such as 2026-01-31T12:00:00Z.',
      helpValue: '<time>',
      helpGroup: 'EVENT TIME',
    }),
    'event-time-span': durationFlag({
      summary: 'Event time from the first event to the last.',
      helpGroup: 'EVENT TIME',
      exclusive: ['speed'],
    }),
    speed: numberFlag({ summary: 'Seconds of event time per second of sending.', helpGroup: 'EVENT TIME' }),
    'late-share': shareFlag({
      summary: 'Share of events that come too late. [default: PRODUCER_LATE_SHARE]',
      helpGroup: 'DISORDER',
    }),
    lateness: durationFlag({
      summary: 'How late these are at least, and at most twice that. [default: 8m]',
      helpGroup: 'DISORDER',
    }),
    'malformed-share': shareFlag({
      summary: 'Share of records that are no valid event. [default: PRODUCER_MALFORMED_SHARE]',
      helpGroup: 'DISORDER',
    }),
    'disorder-share': shareFlag({
      summary: 'Share of events that come out of order, but not too late. [default: 10%]',
      helpGroup: 'DISORDER',
    }),
    disorder: durationFlag({ summary: 'By how much at most. [default: 30s]', helpGroup: 'DISORDER' }),
    topic: Flags.string({
      summary: 'Where to publish. [default: TOPIC_ACTIVITY]',
      helpValue: '<name>',
      helpGroup: 'KAFKA',
    }),
    'bootstrap-servers': Flags.string({
      summary: 'Kafka brokers. [default: those of the running stack, or KAFKA_BOOTSTRAP_SERVERS]',
      helpValue: '<host:port>',
      helpGroup: 'KAFKA',
    }),
    transactional: Flags.boolean({
      summary: 'Send in transactions: a crash leaves nothing half done.',
      helpGroup: 'KAFKA',
    }),
    'transactional-id': Flags.string({
      summary: 'One per producer that runs at the same time. [default: sluice-producer]',
      helpValue: '<id>',
      helpGroup: 'KAFKA',
      dependsOn: ['transactional'],
    }),
    'batch-size': wholeFlag(1, 100_000)({ summary: 'Most events sent at once. [default: 2000]', helpGroup: 'KAFKA' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = this;
    const settings = this.readSettings();
    const [{ produce }, { findEndpoints }] = await Promise.all([
      import('../../producer/index.js'),
      import('../services.js'),
    ]);
    const bootstrapServers = flags['bootstrap-servers'] ?? (await findEndpoints(settings)).bootstrapServers;
    const rate = flags.rate ?? (flags.count === undefined || flags.speed !== undefined ? settings.producer.rate : 0);
    using interrupt = this.takeInterrupts();

    const summary = await produce(
      {
        bootstrapServers,
        topic: flags.topic ?? settings.topics.activity,
        rate,
        seed: flags.seed ?? settings.producer.seed,
        users: flags.users ?? settings.producer.users,
        lateShare: flags['late-share'] ?? settings.producer.lateShare,
        malformedShare: flags['malformed-share'] ?? settings.producer.malformedShare,
        transactional: flags.transactional,
        ...given('count', flags.count),
        ...given('durationMs', flags.duration),
        ...given('eventTimeFrom', flags['event-time-from']),
        ...given('eventTimeSpanMs', flags['event-time-span']),
        ...given('speed', flags.speed),
        ...given('latenessMs', flags.lateness),
        ...given('disorderShare', flags['disorder-share']),
        ...given('disorderMs', flags.disorder),
        ...given('transactionalId', flags['transactional-id']),
        ...given('batchRowsMax', flags['batch-size']),
      },
      { signal: interrupt.signal, onProgress: (progress) => sayProduceProgress(this.talk, progress) },
    );
    this.talk.endProgress();
    if (flags.json) this.printJson(summary);
    else if (!flags.quiet) this.log(formatProduceSummary(summary, this.style).join('\n'));
    if (interrupt.signal.aborted) process.exitCode = EXIT.interrupted;
  }
}

/** An option that was given, or none at all: "not given" and "given as undefined" are different things to whoever completes the options. */
function given<K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [N in K]?: V };
}
