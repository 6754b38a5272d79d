// Ways in which real producers get a message wrong. Each takes the fields of a valid event, so that a broken message looks like its neighbours.
import type { Random } from './random.js';

/** The fields of a valid event in the order in which they are written. */
export interface ActivityFields {
  readonly event_time: string;
  readonly user_id: string;
  readonly page_url: string;
  readonly event_type: string;
}

/** In turn, so that even a small share brings all of them. */
export const MALFORMED_KINDS = [
  'truncated_json',
  'not_json',
  'array',
  'missing_field',
  'wrong_type',
  'bad_timestamp',
  'far_future',
  'year_1999',
  'empty_string',
  'nul_character',
  'too_long_id',
  'invalid_utf8',
  'null_value',
] as const;

export type MalformedKind = (typeof MALFORMED_KINDS)[number];

const FIELDS = ['event_time', 'user_id', 'page_url', 'event_type'] as const;
const TEXT_FIELDS = ['user_id', 'page_url', 'event_type'] as const;
const WRONG_VALUES = [42, true, null, ['x'], { value: 'x' }] as const;
/** One more than a user_id may have. */
const LONG_ID_BYTES = 257;

/** The bytes of a broken message; null is a record without a value. */
export function malformedValue(kind: MalformedKind, fields: ActivityFields, random: Random): Buffer | null {
  switch (kind) {
    case 'truncated_json': {
      const text = JSON.stringify(fields);
      // Every proper beginning of an object is not JSON. Cut between characters: half a character would be another kind.
      return Buffer.from(text.slice(0, 1 + random.below(text.length - 1)));
    }
    case 'not_json':
      return Buffer.from(`${fields.event_time} INFO ${fields.user_id} GET ${fields.page_url} 200`);
    case 'array':
      return Buffer.from(JSON.stringify(Object.values(fields)));
    case 'missing_field': {
      const missing = pick(FIELDS, random);
      return Buffer.from(
        JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([name]) => name !== missing))),
      );
    }
    case 'wrong_type':
      return json({ ...fields, [pick(FIELDS, random)]: pick(WRONG_VALUES, random) });
    case 'bad_timestamp':
      return json({ ...fields, event_time: badTimestamp(fields.event_time, random) });
    case 'far_future':
      return json({ ...fields, event_time: `2099${fields.event_time.slice(4)}`.replace('-02-29', '-02-28') });
    case 'year_1999':
      return json({ ...fields, event_time: `1999${fields.event_time.slice(4)}`.replace('-02-29', '-02-28') });
    case 'empty_string':
      return json({ ...fields, [pick(TEXT_FIELDS, random)]: '' });
    case 'nul_character': {
      const name = pick(TEXT_FIELDS, random);
      return json({ ...fields, [name]: `${fields[name]}\0` });
    }
    case 'too_long_id':
      return json({ ...fields, user_id: fields.user_id.padEnd(LONG_ID_BYTES, 'x') });
    case 'invalid_utf8':
      // 0xff occurs nowhere in UTF-8. It goes in front of the closing quote of event_type.
      return Buffer.from(json(fields).toString('latin1').replace(/"}$/, '\xff"}'), 'latin1');
    case 'null_value':
      return null;
  }
}

function badTimestamp(good: string, random: Random): string {
  const day = good.slice(0, 10);
  return pick(
    [
      good.replace('T', ' '),
      good.replace('Z', ''),
      `${good.slice(0, 5)}02-30T12:00:00Z`,
      `${day}T24:00:00Z`,
      `${day}T12:00:60Z`,
      `${day}T12:00:00+19:00`,
      `${Date.parse(good)}`,
      'yesterday',
    ],
    random,
  );
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function pick<T>(from: readonly T[], random: Random): T {
  // `below` stays under the length, which is never 0 here.
  return from[random.below(from.length)] as T;
}
