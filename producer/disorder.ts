// What happens to visits on their way to Kafka: most arrive in their turn, some a little later, some far too late, and some broken.
import { MALFORMED_KINDS, type MalformedKind, malformedValue } from './malformed.js';
import { createPages } from './pages.js';
import { createRandom, type Random } from './random.js';
import type { SimulationSettings } from './settings.js';
import { TimeHeap } from './time-heap.js';
import { type EventType, type Visit, visits } from './visitors.js';

/** `on_time` includes what is out of order within `disorderMs`. */
export type MessageKind = 'on_time' | 'late' | MalformedKind;

export interface SimulatedMessage {
  /** The user_id, also of broken messages, so that a user's messages share a partition. */
  readonly key: string;
  readonly value: Buffer | null;
  readonly kind: MessageKind;
  /** Of the visit behind the message, whatever became of it. */
  readonly eventType: EventType;
  /** The visit's event time as written into a valid message, in microseconds since 1970. */
  readonly eventTimeMicros: number;
}

/** Shares are kept exactly within each block of this many visits, not only on average. */
const BLOCK_VISITS = 1_000;
/** Most messages held back at a time, so that memory stays bounded whatever the density; beyond it they go out in their turn. */
const HELD_MESSAGES_MAX = 200_000;

/**
 * The messages of a simulation in the order in which they are to be sent. Of n messages exactly round(n · share) are late and malformed each,
 * for any n that is a multiple of 1,000 and for the whole.
 *
 * A late message is one whose event time lies at least `latenessMs`, at most twice that, before the greatest event time sent so far; an out-of-order
 * one stays within `disorderMs` of it.
 */
export function* disorder(settings: SimulationSettings): Generator<SimulatedMessage> {
  const random = createRandom(settings.seed, 1);
  const writer = new Writer(settings.pages, random);
  const fates = new Fates(settings, random);
  const heldBack = new TimeHeap();
  const heldMessages = new Map<number, SimulatedMessage>();
  let heldNext = 0;
  let newestMicros = settings.eventTimeFromMicros;

  const release = (): SimulatedMessage => {
    const id = heldBack.pop();
    // Whatever is in the heap is in the map.
    const message = heldMessages.get(id) as SimulatedMessage;
    heldMessages.delete(id);
    return message;
  };

  for (const visit of visits(settings)) {
    while (heldBack.earliest <= visit.timeMicros) yield release();
    const fate = fates.next();
    if (fate === 'late') {
      const lateMicros = Math.ceil(settings.latenessMs * (1 + random.next()) * 1_000);
      yield writer.write(visit, newestMicros - lateMicros, fate);
      continue;
    }
    const made = writer.write(visit, visit.timeMicros, fate);
    if (random.next() < settings.disorderShare && heldMessages.size < HELD_MESSAGES_MAX) {
      heldBack.push(visit.timeMicros + random.next() * settings.disorderMs * 1_000, heldNext);
      heldMessages.set(heldNext, made);
      heldNext++;
      continue;
    }
    newestMicros = Math.max(newestMicros, visit.timeMicros);
    yield made;
  }
  while (heldBack.size > 0) yield release();
}

/** Deals out what becomes of each visit: within each block by drawing without replacement, so that the shares come out exactly. */
class Fates {
  readonly #settings: SimulationSettings;
  readonly #random: Random;
  #dealt = 0;
  #left = 0;
  #malformedLeft = 0;
  #lateLeft = 0;
  #turn: number;

  constructor(settings: SimulationSettings, random: Random) {
    this.#settings = settings;
    this.#random = random;
    this.#turn = random.below(MALFORMED_KINDS.length);
  }

  next(): MessageKind {
    if (this.#left === 0) this.#beginBlock();
    const drawn = this.#random.next() * this.#left;
    this.#left--;
    this.#dealt++;
    if (drawn < this.#malformedLeft) {
      this.#malformedLeft--;
      this.#turn = (this.#turn + 1) % MALFORMED_KINDS.length;
      return MALFORMED_KINDS[this.#turn] ?? 'not_json';
    }
    if (drawn < this.#malformedLeft + this.#lateLeft) {
      this.#lateLeft--;
      return 'late';
    }
    return 'on_time';
  }

  #beginBlock(): void {
    const { count, lateShare, malformedShare } = this.#settings;
    const end = Math.min(count, this.#dealt + BLOCK_VISITS);
    const quota = (share: number) => Math.round(end * share) - Math.round(this.#dealt * share);
    this.#left = end - this.#dealt;
    this.#malformedLeft = Math.min(this.#left, quota(malformedShare));
    this.#lateLeft = Math.min(this.#left - this.#malformedLeft, quota(lateShare));
  }
}

/** Writes messages. One per stream: it keeps what neighbouring messages have in common. */
class Writer {
  readonly #urls: readonly string[];
  readonly #urlsJson: readonly string[];
  readonly #random: Random;
  #second = Number.NaN;
  #secondText = '';

  constructor(pageCount: number, random: Random) {
    const pages = createPages(pageCount);
    this.#urls = Array.from({ length: pageCount }, (_, page) => pages.url(page));
    this.#urlsJson = this.#urls.map((url) => JSON.stringify(url));
    this.#random = random;
  }

  write(visit: Visit, timeMicros: number, kind: MessageKind): SimulatedMessage {
    const key = `user-${visit.user}`;
    const time = this.#format(timeMicros);
    let value: Buffer | null;
    if (kind === 'on_time' || kind === 'late') {
      // By hand, because these are almost all: three times as fast as JSON.stringify. Only the URL holds characters that need escapes.
      const url = this.#urlsJson[visit.page] ?? '""';
      value = Buffer.from(`{"event_time":"${time}","user_id":"${key}","page_url":${url},"event_type":"${visit.type}"}`);
    } else {
      const url = this.#urls[visit.page] ?? '';
      const fields = { event_time: time, user_id: key, page_url: url, event_type: visit.type };
      value = malformedValue(kind, fields, this.#random);
    }
    return { key, value, kind, eventType: visit.type, eventTimeMicros: timeMicros };
  }

  /** ISO 8601 in UTC with all six digits, so that a system that loses microseconds is found out. */
  #format(micros: number): string {
    const second = Math.floor(micros / 1_000_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = new Date(second * 1_000).toISOString().slice(0, 19);
    }
    return `${this.#secondText}.${String(micros - second * 1_000_000).padStart(6, '0')}Z`;
  }
}
