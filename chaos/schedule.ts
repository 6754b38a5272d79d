/**
 * Draws the faults of a run from its seed: the same seed, number and selection give the same faults in the same order with the same targets,
 * instants and durations, on every machine. What the system is doing when one strikes is its own; the instants are bound to its batches.
 */
import { QUERIES } from '../config/names.js';
import { createRandom, type Random } from '../producer/random.js';
import {
  FAULT_NAMES,
  type Fault,
  type FaultName,
  type Lost,
  type Moment,
  type Needs,
  needsOf,
  type WirePoint,
} from './fault.js';

export interface ScheduledFault {
  /** From 1. */
  readonly number: number;
  readonly name: FaultName;
  readonly fault: Fault;
}

const QUERY_NAMES = Object.values(QUERIES);

/** Streams of `createRandom`, so that a change to how one is drawn leaves the others as they were. */
const STREAM = { order: 1, fault: 2 } as const;

/**
 * `count` faults of the kinds in `names`. A round holds every kind as often as its weight says: first each kind once, in random order, then
 * what is left, so that also a short run meets many kinds. What needs something that is `missing` is drawn and passed over: the others
 * are the same as where nothing is missing.
 */
export function drawSchedule(
  seed: number,
  count: number,
  names: readonly FaultName[],
  missing: ReadonlySet<Needs> = new Set(),
): readonly ScheduledFault[] {
  // Whatever order the caller has them in.
  const kinds = (Object.keys(FAULT_NAMES) as FaultName[]).filter((name) => names.includes(name));
  const isPossible = (name: FaultName): boolean => {
    const needs = needsOf(name);
    return needs === undefined || !missing.has(needs);
  };
  if (!kinds.some(isPossible)) throw new Error('a schedule needs at least one kind of fault that can be done');
  const order = createRandom(seed, STREAM.order);
  const random = createRandom(seed, STREAM.fault);
  const schedule: ScheduledFault[] = [];
  for (;;) {
    const again = kinds.flatMap((name) => Array.from({ length: FAULT_NAMES[name].weight - 1 }, () => name));
    for (const name of [...shuffled(kinds, order), ...shuffled(again, order)]) {
      const fault = drawFault(name, random);
      if (isPossible(name)) schedule.push({ number: schedule.length + 1, name, fault });
      if (schedule.length === count) return schedule;
    }
  }
}

function drawFault(name: FaultName, random: Random): Fault {
  switch (name) {
    case 'kill-worker':
      return { kind: 'kill', victim: 'worker', moment: drawMoment(random), downMs: 0, choice: random.next() };
    case 'kill-spark':
      return { kind: 'kill', victim: 'spark', moment: drawMoment(random), downMs: 0, choice: 0 };
    case 'kill-executor':
      return { kind: 'kill', victim: 'executor', moment: drawMoment(random), downMs: 0, choice: random.next() };
    case 'kill-supervisor':
      return { kind: 'kill', victim: 'supervisor', moment: drawMoment(random), downMs: 0, choice: 0 };
    case 'kill-kafka':
      return {
        kind: 'kill',
        victim: 'kafka',
        moment: drawMoment(random),
        downMs: between(random, 0, 4_000),
        choice: 0,
      };
    case 'kill-postgres':
      return {
        kind: 'kill',
        victim: 'postgres',
        moment: drawMoment(random),
        downMs: between(random, 0, 4_000),
        choice: 0,
      };
    case 'kill-worker-at-commit':
      return { kind: 'kill-at', victim: 'worker', at: drawCommit(random), lost: drawLost(random) };
    case 'kill-producer-in-transaction':
      // Its records are in the log, its transaction is open.
      return {
        kind: 'kill-at',
        victim: 'producer',
        at: { service: 'kafka', client: 'producer', message: 'produce' },
        lost: 'reply',
      };
    case 'pause-worker':
      return { ...pause(random, 500, 5_000), victim: 'worker' };
    case 'pause-spark':
      // Beyond three seconds of silence the supervisor takes Spark for lost and starts it again.
      return { ...pause(random, 500, 5_000), victim: 'spark' };
    case 'pause-executor':
      return { ...pause(random, 500, 5_000), victim: 'executor' };
    case 'pause-kafka':
      return { ...pause(random, 500, 5_000), victim: 'kafka' };
    case 'pause-postgres':
      return { ...pause(random, 500, 5_000), victim: 'postgres' };
    case 'pause-supervisor':
      return { ...pause(random, 500, 5_000), victim: 'supervisor' };
    case 'pause-producer':
      return { ...pause(random, 500, 5_000), victim: 'producer' };
    case 'zombie-worker':
      return { kind: 'zombie' };
    case 'lose-postgres-request':
      return { kind: 'lose', at: drawPostgres(random), lost: 'request' };
    case 'lose-postgres-reply':
      return { kind: 'lose', at: drawPostgres(random), lost: 'reply' };
    case 'delay-postgres-reply':
      return { kind: 'delay', at: drawPostgres(random), delayMs: between(random, 500, 4_000) };
    case 'lose-kafka-request':
      return { kind: 'lose', at: drawKafka(random), lost: 'request' };
    case 'lose-kafka-reply':
      return { kind: 'lose', at: drawKafka(random), lost: 'reply' };
    case 'delay-kafka-reply':
      return { kind: 'delay', at: drawKafka(random), delayMs: between(random, 500, 4_000) };
    case 'disk-full':
      return { kind: 'disk-full', moment: drawMoment(random), fullMs: between(random, 1_000, 4_000) };
  }
}

function pause(random: Random, leastMs: number, mostMs: number) {
  return {
    kind: 'pause',
    moment: drawMoment(random),
    pauseMs: between(random, leastMs, mostMs),
    choice: random.next(),
  } as const;
}

/** Anywhere in a micro-batch: one takes a few hundred milliseconds when nothing is wrong. */
function drawMoment(random: Random): Moment {
  return { query: pick(random, QUERY_NAMES), afterMs: random.below(500) };
}

function drawCommit(random: Random): WirePoint {
  return random.next() < 0.5
    ? { service: 'postgres', message: 'commit' }
    : { service: 'kafka', client: 'sink', message: 'end-txn' };
}

function drawPostgres(random: Random): WirePoint {
  return { service: 'postgres', message: random.next() < 0.7 ? 'commit' : 'ledger' };
}

function drawKafka(random: Random): WirePoint {
  const message = pick(random, ['end-txn', 'end-txn', 'produce', 'init-producer-id'] as const);
  return { service: 'kafka', client: 'sink', message };
}

function drawLost(random: Random): Lost {
  return random.next() < 0.5 ? 'request' : 'reply';
}

function between(random: Random, least: number, most: number): number {
  return least + random.below(most - least + 1);
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)] as T;
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}
