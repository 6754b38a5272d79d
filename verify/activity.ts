/**
 * What a valid event is, written a second time: the pipeline asks Spark's functions, this asks JSON.parse and own code. Neither imports the
 * other, so a mistake in one of them shows as a difference.
 */
import { parseEventTime } from './event-time.js';
import { exceedsJsonLimits } from './json-limits.js';

/** In the order in which they are asked: the first that applies is the reason. */
export const DEAD_REASONS = [
  'null_value',
  'invalid_utf8',
  'not_a_json_object',
  'event_time_invalid',
  'event_time_too_old',
  'event_time_in_future',
  'user_id_invalid',
  'page_url_invalid',
  'event_type_invalid',
] as const;

export type DeadReason = (typeof DEAD_REASONS)[number];

export interface ValidEvent {
  readonly kind: 'valid';
  /** Microseconds since 1970. */
  readonly eventTime: bigint;
  /** As the record had it. */
  readonly eventTimeText: string;
  readonly userId: string;
  readonly pageUrl: string;
  readonly eventType: string;
}

export type Judgement = ValidEvent | { readonly kind: 'dead'; readonly reason: DeadReason };

const FIELD_BYTES_MAX = { user_id: 256, page_url: 2048, event_type: 64 } as const;

/** 2000-01-01T00:00:00Z in microseconds; an event must be later. */
const TIME_MIN = 946_684_800_000_000n;

/** Fatal: malformed UTF-8 throws. A byte order mark stays in the text, where JSON does not allow it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Judges one record of the activity topic.
 * @param timestampMs the record's Kafka timestamp, against which the future is measured
 */
export function judge(value: Buffer | Uint8Array | null, timestampMs: number, futureToleranceMs: number): Judgement {
  if (value === null) return dead('null_value');
  const text = decodeUtf8(value);
  if (text === undefined) return dead('invalid_utf8');
  const event = parseObject(text);
  if (event === undefined) return dead('not_a_json_object');

  const eventTimeText = own(event, 'event_time');
  const eventTime = typeof eventTimeText === 'string' ? parseEventTime(eventTimeText) : undefined;
  if (eventTime === undefined) return dead('event_time_invalid');
  if (eventTime <= TIME_MIN) return dead('event_time_too_old');
  if (eventTime > BigInt(timestampMs + futureToleranceMs) * 1000n) return dead('event_time_in_future');

  const userId = goodString(own(event, 'user_id'), FIELD_BYTES_MAX.user_id);
  if (userId === undefined) return dead('user_id_invalid');
  const pageUrl = goodString(own(event, 'page_url'), FIELD_BYTES_MAX.page_url);
  if (pageUrl === undefined) return dead('page_url_invalid');
  const eventType = goodString(own(event, 'event_type'), FIELD_BYTES_MAX.event_type);
  if (eventType === undefined) return dead('event_type_invalid');
  return { kind: 'valid', eventTime, eventTimeText: eventTimeText as string, userId, pageUrl, eventType };
}

/** The text, or undefined if the bytes are not UTF-8. */
export function decodeUtf8(bytes: Buffer | Uint8Array): string | undefined {
  try {
    // A Buffer is a Uint8Array; only the types of Node 20 and of this compiler disagree about it.
    return utf8.decode(bytes as unknown as Uint8Array<ArrayBuffer>);
  } catch {
    // The one thing that decode throws for; the record's reason says it.
    return undefined;
  }
}

function parseObject(text: string): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: the record's reason says it.
    return undefined;
  }
  if (exceedsJsonLimits(text)) return undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** Own properties only: `{}` must not inherit a `constructor`. Of a key that stands twice JSON.parse keeps the last, as the contract says. */
function own(event: object, key: string): unknown {
  return Object.hasOwn(event, key) ? (event as Record<string, unknown>)[key] : undefined;
}

/** The string as the sinks have it, or undefined if it is none, empty, too long or holds U+0000. */
function goodString(value: unknown, bytesMax: number): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  // JSON may escape half a surrogate pair. UTF-8 has no such thing; Java's encoder writes "?" for it.
  const text = value.replace(LONE_SURROGATE, '?');
  return text.includes('\u0000') || Buffer.byteLength(text) > bytesMax ? undefined : text;
}

/** With the `u` flag whole pairs are one character and do not match. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

const DEAD = new Map<DeadReason, Judgement>(DEAD_REASONS.map((reason) => [reason, { kind: 'dead', reason }]));

function dead(reason: DeadReason): Judgement {
  return DEAD.get(reason) as Judgement;
}
