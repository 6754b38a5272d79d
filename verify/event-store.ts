/**
 * Every record of the activity topic in 35 bytes: what the simulations need as columns of typed arrays, and the rest as fingerprints, found by
 * coordinates. Ten million events are 350 MB outside the JavaScript heap; users and pages are kept once each.
 */
import { type DeadReason, type Judgement, judge, type ValidEvent } from './activity.js';
import { bytesText, hash53, SEPARATOR } from './hash.js';
import type { PartitionBounds } from './kafka/fetch-client.js';
import type { TopicRecord } from './kafka/record-batch.js';

/** What stands at an offset. `none`: a control record, an aborted one, or removed. */
export const RECORD = { none: 0, valid: 1, dead: 2 } as const;

/** The event types that sessions and page views ask for; every other name is `other`. */
export const TYPE = { other: 0, pageView: 1, sessionStart: 2, sessionEnd: 3 } as const;

/** Bits of `seen`: in which sink a record was found already. */
export const SEEN = { lake: 1, enriched: 2, deadLetter: 4 } as const;

export class PartitionEvents {
  readonly partition: number;
  /** First offset; index 0 of the columns. */
  readonly start: number;
  readonly end: number;
  readonly record: Uint8Array;
  /** Microseconds since 1970. */
  readonly time: BigInt64Array;
  readonly user: Uint32Array;
  readonly page: Uint32Array;
  readonly type: Uint8Array;
  /** Of a valid event its row in the lake, of a dead record its dead letter. */
  readonly fingerprint: Float64Array;
  /** Of a valid event its four fields in the enriched topic. */
  readonly enriched: Float64Array;
  readonly seen: Uint8Array;

  constructor({ partition, start, end }: Pick<PartitionBounds, 'partition' | 'start' | 'end'>) {
    const size = end - start;
    this.partition = partition;
    this.start = start;
    this.end = end;
    this.record = new Uint8Array(size);
    this.time = new BigInt64Array(size);
    this.user = new Uint32Array(size);
    this.page = new Uint32Array(size);
    this.type = new Uint8Array(size);
    this.fingerprint = new Float64Array(size);
    this.enriched = new Float64Array(size);
    this.seen = new Uint8Array(size);
  }

  /** The same events with room for those up to `end`; nothing of them is found in any sink yet. */
  extendedTo(end: number): PartitionEvents {
    const extended = new PartitionEvents({ partition: this.partition, start: this.start, end });
    extended.record.set(this.record);
    extended.time.set(this.time);
    extended.user.set(this.user);
    extended.page.set(this.page);
    extended.type.set(this.type);
    extended.fingerprint.set(this.fingerprint);
    extended.enriched.set(this.enriched);
    return extended;
  }

  has(offset: number): boolean {
    return offset >= this.start && offset < this.end && this.record[offset - this.start] !== RECORD.none;
  }
}

export class EventStore {
  readonly partitions = new Map<number, PartitionEvents>();
  readonly users = new Interner();
  readonly pages = new Interner();
  readonly #futureToleranceMs: number;

  constructor(futureToleranceMs: number) {
    this.#futureToleranceMs = futureToleranceMs;
  }

  /** Makes room for what is there now; what was added before stays. */
  open(bounds: readonly PartitionBounds[]): void {
    for (const bound of bounds) {
      const known = this.partitions.get(bound.partition);
      if (known === undefined) this.partitions.set(bound.partition, new PartitionEvents(bound));
      else if (known.end < bound.end) this.partitions.set(bound.partition, known.extendedTo(bound.end));
      else known.seen.fill(0);
    }
  }

  /** Judges and keeps a record. @returns the reason if it is dead */
  add(record: TopicRecord): DeadReason | undefined {
    const events = this.partitions.get(record.partition);
    if (events === undefined)
      throw new Error(`expected records of an opened partition, got one of ${record.partition}`);
    const i = record.offset - events.start;
    const judged = judge(record.value, record.timestampMs, this.#futureToleranceMs);
    if (judged.kind === 'dead') {
      events.record[i] = RECORD.dead;
      events.fingerprint[i] = deadFingerprint(record.key, record.value, judged.reason);
      return judged.reason;
    }
    events.record[i] = RECORD.valid;
    events.time[i] = judged.eventTime;
    events.user[i] = this.users.indexOf(judged.userId);
    events.page[i] = this.pages.indexOf(judged.pageUrl);
    events.type[i] = typeOf(judged.eventType);
    events.fingerprint[i] = lakeFingerprint(lakeRowOf(judged, record.timestampMs));
    events.enriched[i] = enrichedFingerprint(judged.eventTimeText, judged.userId, judged.pageUrl, judged.eventType);
    return undefined;
  }

  /** Judges a record that was read again, for the details of a difference. */
  judge(record: TopicRecord): Judgement {
    return judge(record.value, record.timestampMs, this.#futureToleranceMs);
  }
}

/** Gives every text a number, in order of appearance. */
export class Interner {
  readonly #indexes = new Map<string, number>();
  readonly #texts: string[] = [];

  indexOf(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    const index = this.#texts.length;
    this.#indexes.set(text, index);
    this.#texts.push(text);
    return index;
  }

  textOf(index: number): string {
    return this.#texts[index] ?? '';
  }

  get size(): number {
    return this.#texts.length;
  }
}

/** The columns of an event in the lake that are compared; partition and offset are where it is looked up. */
export interface LakeRow {
  /** Microseconds since 1970, as are the other times. */
  readonly event_time: bigint;
  readonly user_id: string;
  readonly page_url: string;
  readonly event_type: string;
  readonly kafka_timestamp: bigint;
}

export function lakeRowOf(event: ValidEvent, timestampMs: number): LakeRow {
  return {
    event_time: event.eventTime,
    user_id: event.userId,
    page_url: event.pageUrl,
    event_type: event.eventType,
    kafka_timestamp: BigInt(timestampMs) * 1000n,
  };
}

export function lakeFingerprint(row: LakeRow): number {
  return hash53(
    `${row.event_time}${SEPARATOR}${row.user_id}${SEPARATOR}${row.page_url}${SEPARATOR}${row.event_type}${SEPARATOR}${row.kafka_timestamp}`,
  );
}

export function enrichedFingerprint(eventTime: string, userId: string, pageUrl: string, eventType: string): number {
  return hash53(`${eventTime}${SEPARATOR}${userId}${SEPARATOR}${pageUrl}${SEPARATOR}${eventType}`);
}

export function deadFingerprint(key: Buffer | null, value: Buffer | null, reason: string): number {
  return hash53(`${reason}${SEPARATOR}${key?.length ?? -1}${SEPARATOR}${bytesText(key)}${bytesText(value)}`);
}

function typeOf(eventType: string): number {
  switch (eventType) {
    case 'page_view':
      return TYPE.pageView;
    case 'session_start':
      return TYPE.sessionStart;
    case 'session_end':
      return TYPE.sessionEnd;
    default:
      return TYPE.other;
  }
}
