// What can be asked of the producer, completed once into settings with nothing optional inside; contradictions are refused here, in words.
import { PRODUCER_TRANSACTIONAL_ID, TOPICS } from '../config/names.js';
import { ProduceError } from './produce-error.js';

/** What is simulated. The same options, with `eventTimeFrom` given, yield the same bytes in the same order. */
export interface SimulationOptions {
  /** Whole number, 0 to 2^32 - 1. */
  readonly seed?: number;
  /** How many people use the site. Each has at most one session at a time. */
  readonly users?: number;
  /** How many different pages there are; visits to them follow Zipf's law. */
  readonly pages?: number;
  /** How many events in all. Without it the simulation has no end, unless `rate` and `durationMs` give one. */
  readonly count?: number;
  /** Events per second of real time; 0 is as fast as possible. */
  readonly rate?: number;
  /** How long to send, in milliseconds of real time. */
  readonly durationMs?: number;
  /** Event time of the first event, ISO 8601 with a zone. By default the last event lies at the present moment. */
  readonly eventTimeFrom?: string;
  /** Event time between the first event and the last, in milliseconds. */
  readonly eventTimeSpanMs?: number;
  /** Seconds of event time per second of real time: the other way of saying `eventTimeSpanMs`. */
  readonly speed?: number;
  /** Share of events that arrive out of order, by up to `disorderMs` of event time. */
  readonly disorderShare?: number;
  /** Keep it below the pipeline's watermark delay, or these events are late too. */
  readonly disorderMs?: number;
  /** Share of events that arrive at least `latenessMs` (and at most twice that) of event time after their turn. */
  readonly lateShare?: number;
  readonly latenessMs?: number;
  /** Share of events that are not valid, of all kinds in turn. */
  readonly malformedShare?: number;
}

export interface ProduceOptions extends SimulationOptions {
  /** host:port, separated by commas. */
  readonly bootstrapServers: string;
  readonly topic?: string;
  /** Each chunk of messages is one Kafka transaction. */
  readonly transactional?: boolean;
  /** One per producer that runs at the same time: a second one with the same id fences the first. */
  readonly transactionalId?: string;
  /** Most messages sent at once. */
  readonly batchRowsMax?: number;
}

export const DEFAULTS = {
  seed: 1,
  users: 5_000,
  pages: 200,
  /** Used when neither a rate nor a count is given; with a count alone the events go out as fast as possible. */
  rate: 500,
  /** Used when nothing says how fast event time passes: a count without a rate. */
  eventTimeSpanMs: 20 * 60_000,
  disorderShare: 0.1,
  disorderMs: 30_000,
  lateShare: 0,
  /** Behind a watermark of 2 minutes plus the 5-minute windows, so that such an event has missed all of them. */
  latenessMs: 8 * 60_000,
  malformedShare: 0,
  topic: TOPICS.activity,
  transactional: false,
  transactionalId: PRODUCER_TRANSACTIONAL_ID,
  batchRowsMax: 2_000,
} as const;

const USERS_MAX = 5_000_000;
/** Page numbers are kept in 16 bits per user. */
const PAGES_MAX = 65_535;
/** Events further ahead of the clock than this are dead-lettered by the pipeline (its FUTURE_TOLERANCE, by default), so they are not made by accident. */
const AHEAD_MS_MAX = 5 * 60_000;
/** Nothing at or before this time is a valid event. */
const EVENT_TIME_MS_MIN = Date.UTC(2000, 0, 1) + 1;
/** 9999-12-31: later years need more than four digits. */
const EVENT_TIME_MS_MAX = Date.UTC(9999, 11, 31);

export interface SimulationSettings {
  readonly seed: number;
  readonly users: number;
  readonly pages: number;
  /** Infinity when there is no end. */
  readonly count: number;
  /** Microseconds since 1970: a whole number far below 2^53, so a plain number holds it exactly. */
  readonly eventTimeFromMicros: number;
  /** Events per second of event time. */
  readonly eventsPerSecond: number;
  readonly disorderShare: number;
  readonly disorderMs: number;
  readonly lateShare: number;
  readonly latenessMs: number;
  readonly malformedShare: number;
}

export interface ProduceSettings {
  readonly simulation: SimulationSettings;
  /** Events per second of real time, 0 for as fast as possible. */
  readonly rate: number;
  /** Infinity when there is no end in time. */
  readonly durationMs: number;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly transactional: boolean;
  readonly transactionalId: string;
  readonly batchRowsMax: number;
}

/** @throws ProduceError of kind `options`, naming what is wrong. */
export function completeSimulation(options: SimulationOptions, nowMs: number): SimulationSettings {
  const seed = whole('seed', options.seed ?? DEFAULTS.seed, 0, 0xffff_ffff);
  const users = whole('users', options.users ?? DEFAULTS.users, 1, USERS_MAX);
  const pages = whole('pages', options.pages ?? DEFAULTS.pages, 1, PAGES_MAX);
  const disorderShare = within('disorder share', options.disorderShare ?? DEFAULTS.disorderShare, 0, 1);
  const lateShare = within('late share', options.lateShare ?? DEFAULTS.lateShare, 0, 1);
  const malformedShare = within('malformed share', options.malformedShare ?? DEFAULTS.malformedShare, 0, 1);
  if (lateShare + malformedShare > 1) {
    throw invalid(`late share ${lateShare} and malformed share ${malformedShare} are more than 1 together`);
  }
  const disorderMs = within('disorder', options.disorderMs ?? DEFAULTS.disorderMs, 0, 86_400_000);
  const latenessMs = within('lateness', options.latenessMs ?? DEFAULTS.latenessMs, 1, 30 * 86_400_000);
  const { count, eventTimeFromMs, eventsPerSecond } = completeEventTime(options, nowMs);
  if (eventTimeFromMs - 2 * latenessMs < EVENT_TIME_MS_MIN) {
    throw invalid('event time must begin after 2000-01-01 (late events included): earlier events are not valid');
  }
  return {
    seed,
    users,
    pages,
    count,
    eventTimeFromMicros: Math.floor(eventTimeFromMs * 1_000),
    eventsPerSecond,
    disorderShare,
    disorderMs,
    lateShare,
    latenessMs,
    malformedShare,
  };
}

/** @throws ProduceError of kind `options`, naming what is wrong. */
export function completeProduce(options: ProduceOptions, nowMs: number): ProduceSettings {
  const brokers = options.bootstrapServers.split(',').map((broker) => broker.trim());
  for (const broker of brokers) {
    if (!/^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/.test(broker)) {
      throw invalid(`bootstrap server "${broker}" is not of the form host:port`);
    }
  }
  return {
    simulation: completeSimulation(options, nowMs),
    rate: realRate(options),
    durationMs: options.durationMs ?? Number.POSITIVE_INFINITY,
    brokers,
    topic: options.topic ?? DEFAULTS.topic,
    transactional: options.transactional ?? DEFAULTS.transactional,
    transactionalId: options.transactionalId ?? DEFAULTS.transactionalId,
    batchRowsMax: whole('batch size', options.batchRowsMax ?? DEFAULTS.batchRowsMax, 1, 100_000),
  };
}

function realRate(options: SimulationOptions): number {
  const rate = options.rate ?? (options.count === undefined ? DEFAULTS.rate : 0);
  return within('rate', rate, 0, 10_000_000);
}

/** How many events there are, when the first one happens, and how densely they follow in event time. */
function completeEventTime(
  options: SimulationOptions,
  nowMs: number,
): { count: number; eventTimeFromMs: number; eventsPerSecond: number } {
  const rate = realRate(options);
  if (options.count !== undefined) whole('count', options.count, 1, Number.MAX_SAFE_INTEGER);
  if (options.durationMs !== undefined) within('duration', options.durationMs, 1, Number.MAX_SAFE_INTEGER);
  if (options.speed !== undefined && options.eventTimeSpanMs !== undefined) {
    throw invalid('speed and event time span say the same thing: give one of them');
  }
  const countByTime =
    rate > 0 && options.durationMs !== undefined
      ? Math.max(1, Math.round((rate * options.durationMs) / 1_000))
      : Infinity;
  const count = Math.min(options.count ?? Infinity, countByTime);
  if (count === Infinity && rate === 0) {
    throw invalid('rate 0 (as fast as possible) needs a count: without it the time between two events is not known');
  }
  const realMs = rate > 0 ? (count / rate) * 1_000 : 0;
  const spanMs = spanOf(options, count, rate, realMs);
  // Such that no event is ahead of the clock at the moment it is sent: at any speed above 1 the last event is the critical one.
  const fromMs =
    options.eventTimeFrom === undefined ? nowMs - headStart(spanMs, realMs) : parseInstant(options.eventTimeFrom);
  const aheadMs = count === Infinity ? fromMs - nowMs : Math.max(fromMs - nowMs, fromMs + spanMs - (nowMs + realMs));
  if (aheadMs > AHEAD_MS_MAX) {
    throw invalid(
      `events would be up to ${Math.ceil(aheadMs / 60_000)} minutes ahead of the clock and not be valid: ` +
        'begin event time earlier, or make its span shorter',
    );
  }
  const eventsPerSecond = count === Infinity ? rate / (options.speed ?? 1) : count / (spanMs / 1_000);
  return { count, eventTimeFromMs: fromMs, eventsPerSecond };
}

function headStart(spanMs: number, realMs: number): number {
  return Number.isFinite(spanMs) ? Math.max(0, spanMs - realMs) : 0;
}

function spanOf(options: SimulationOptions, count: number, rate: number, realMs: number): number {
  if (options.speed !== undefined) {
    within('speed', options.speed, 0.001, 1_000_000);
    if (rate === 0) throw invalid('speed needs a rate above 0: without it, give the event time span');
    if (count === Infinity && options.speed > 1) {
      throw invalid('speed above 1 needs a count or a duration: event time would overtake the clock');
    }
    return realMs * options.speed;
  }
  if (options.eventTimeSpanMs !== undefined) {
    if (count === Infinity) throw invalid('event time span needs a count or a duration');
    return within('event time span', options.eventTimeSpanMs, 1, EVENT_TIME_MS_MAX - EVENT_TIME_MS_MIN);
  }
  return rate > 0 ? realMs : DEFAULTS.eventTimeSpanMs;
}

function parseInstant(text: string): number {
  const parsed = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(parsed)) {
    throw invalid(`event time "${text}" is not an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z`);
  }
  return parsed;
}

function whole(name: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value)) throw invalid(`${name} must be a whole number, not ${value}`);
  return within(name, value, least, most);
}

function within(name: string, value: number, least: number, most: number): number {
  if (!(value >= least && value <= most)) throw invalid(`${name} must lie between ${least} and ${most}, not ${value}`);
  return value;
}

function invalid(message: string): ProduceError {
  return new ProduceError('options', message);
}
