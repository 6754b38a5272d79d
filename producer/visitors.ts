// The people: each one alternates between a session and a pause. What they do comes out in the order of event time; nothing here knows of
// late, lost or broken messages (disorder.ts), or of Kafka (publish.ts).
import { createPages, type Pages } from './pages.js';
import { createRandom, type Random } from './random.js';
import type { SimulationSettings } from './settings.js';
import { TimeHeap } from './time-heap.js';

export type EventType =
  | 'session_start'
  | 'page_view'
  | 'click'
  | 'scroll'
  | 'search'
  | 'add_to_cart'
  | 'purchase'
  | 'session_end';

/** Something one person does. */
export interface Visit {
  /** Microseconds since 1970, never before the previous visit. */
  readonly timeMicros: number;
  readonly user: number;
  readonly page: number;
  readonly type: EventType;
}

/** Seconds between two things a person does, on average, when nobody is in a hurry. */
const THINK_SECONDS = 18;
/** After each thing a person does the session ends with this probability, so it has 1/this of them on average. */
const LEAVE_SHARE = 1 / 8;
/** Of those who leave, so many say so; the others just close the lid: a hanging session. */
const GOODBYE_SHARE = 0.85;
/** Sessions whose first page_view carries the very time of session_start, as a browser sends them. */
const SAME_INSTANT_SHARE = 0.1;
const STEPS_PER_SESSION = 1 / LEAVE_SHARE;
const EVENTS_PER_SESSION = 1 + STEPS_PER_SESSION + GOODBYE_SHARE;
/** Without an end, event time is held to the rate over this many seconds ahead. */
const HORIZON_SECONDS = 60;

const IDLE = 0;
const ARRIVED = 1;
const BROWSING = 2;
const BROWSING_WITH_CART = 3;
const LEAVING = 4;

/**
 * Yields `settings.count` visits (or visits without end). Memory grows with the number of people, not with the number of visits.
 *
 * Event time keeps its promise exactly: people's own clock is stretched or pressed a little at every step, in proportion to how far the visits
 * so far are from the wanted density, so that the last visit lies at the end of the span and never after it.
 */
export function* visits(settings: SimulationSettings): Generator<Visit> {
  const { count, eventsPerSecond } = settings;
  const people = new People(settings);
  const from = settings.eventTimeFromMicros;
  const microsPerEvent = 1_000_000 / eventsPerSecond;
  const horizonEvents = Math.max(1, HORIZON_SECONDS * eventsPerSecond);
  let peopleTime = 0;
  let time = from;

  for (let i = 0; i < count; i++) {
    const aheadEvents = count === Infinity ? horizonEvents : count - i;
    const leftMicros = from + (i + aheadEvents) * microsPerEvent - time;
    const stretch = Math.min(10, Math.max(0.1, leftMicros / (aheadEvents * microsPerEvent)));
    const step = (people.nextTime - peopleTime) * stretch;
    time += Math.max(0, Math.min(step, leftMicros));
    peopleTime = people.nextTime;
    const user = people.nextUser;
    const type = people.act();
    yield { timeMicros: Math.floor(time), user, page: people.page(user), type };
  }
}

/** Who does what next, on the people's own clock in microseconds from 0. */
class People {
  readonly #random: Random;
  readonly #pages: Pages;
  readonly #states: Uint8Array;
  readonly #pageOf: Uint16Array;
  readonly #due = new TimeHeap();
  readonly #thinkMicros: number;
  readonly #pauseMicros: number;

  constructor(settings: SimulationSettings) {
    this.#random = createRandom(settings.seed, 0);
    this.#pages = createPages(settings.pages);
    this.#states = new Uint8Array(settings.users);
    this.#pageOf = new Uint16Array(settings.users);
    // Each person must contribute this share of the wanted density. Few people and many events: they hurry, and spend half their time in sessions.
    const cycleMicros = (EVENTS_PER_SESSION * settings.users * 1_000_000) / settings.eventsPerSecond;
    const sessionMicros = Math.min(STEPS_PER_SESSION * THINK_SECONDS * 1_000_000, cycleMicros / 2);
    this.#thinkMicros = sessionMicros / STEPS_PER_SESSION;
    this.#pauseMicros = cycleMicros - sessionMicros;
    // As many are in the middle of a session as are at any time (their session_start lies before the simulation), so that density and mix are
    // right from the first second on.
    const insideShare = sessionMicros / cycleMicros;
    for (let user = 0; user < settings.users; user++) {
      const isInside = this.#random.next() < insideShare;
      if (isInside) {
        this.#states[user] = BROWSING;
        this.#turnTo(user);
      }
      this.#due.push(this.#random.exponential(isInside ? this.#thinkMicros : this.#pauseMicros), user);
    }
  }

  get nextTime(): number {
    return this.#due.earliest;
  }

  get nextUser(): number {
    return this.#due.earliestId;
  }

  /** The page on which the last visit of this person took place. */
  page(user: number): number {
    return this.#pageOf[user] ?? 0;
  }

  /** Lets the person whose turn it is do something, and settles when they come back. */
  act(): EventType {
    const user = this.#due.earliestId;
    const now = this.#due.earliest;
    const random = this.#random;
    switch (this.#states[user]) {
      case IDLE:
        this.#states[user] = ARRIVED;
        this.#turnTo(user);
        this.#due.replaceEarliest(
          random.next() < SAME_INSTANT_SHARE ? now : now + random.exponential(this.#thinkMicros / 20),
        );
        return 'session_start';
      case ARRIVED:
        this.#states[user] = BROWSING;
        this.#settleNext(user, now);
        return 'page_view';
      case LEAVING:
        this.#states[user] = IDLE;
        this.#due.replaceEarliest(now + random.exponential(this.#pauseMicros));
        return 'session_end';
      default: {
        const type = this.#browse(user);
        this.#settleNext(user, now);
        return type;
      }
    }
  }

  #browse(user: number): EventType {
    const chance = this.#random.next();
    if (chance < 0.6) {
      this.#turnTo(user);
      return 'page_view';
    }
    if (chance < 0.88) return 'click';
    if (chance < 0.94) return 'scroll';
    if (chance < 0.985) {
      this.#states[user] = BROWSING_WITH_CART;
      return 'add_to_cart';
    }
    return this.#states[user] === BROWSING_WITH_CART ? 'purchase' : 'search';
  }

  #settleNext(user: number, now: number): void {
    const random = this.#random;
    if (random.next() >= LEAVE_SHARE) {
      this.#due.replaceEarliest(now + random.exponential(this.#thinkMicros));
    } else if (random.next() < GOODBYE_SHARE) {
      this.#states[user] = LEAVING;
      this.#due.replaceEarliest(now + random.exponential(this.#thinkMicros));
    } else {
      this.#states[user] = IDLE;
      this.#due.replaceEarliest(now + random.exponential(this.#pauseMicros));
    }
  }

  #turnTo(user: number): void {
    this.#pageOf[user] = this.#pages.draw(this.#random);
  }
}
