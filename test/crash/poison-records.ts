/**
 * Records that somebody's program might send and that have broken others' pipelines: seeded, so that a record that does harm can be made again.
 * Which of them are valid is not said here; that is what the pipeline and the oracle have to agree about.
 */
import { createRandom, type Random } from '../../producer/random.js';

export interface PoisonRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
}

/** Pages of these are what the test's table refuses. */
export const REFUSED_PAGE = '/refused-by-the-table';

/** JSON texts that stand in the place of a field. `now` is ISO 8601. */
const FIELD_POISONS: readonly ((random: Random, now: string) => string)[] = [
  // U+0000, as an escape and raw; half surrogates, pairs, and an escaped backslash before what looks like one.
  () => '"a\\u0000b"',
  () => '"a\u0000b"',
  () => '"\\ud800"',
  () => '"x\\udfffy"',
  () => '"\\ud83d\\ude00"',
  () => '"\\\\ud800"',
  // At the limits of the fields and beyond: 64, 256, 2,048 bytes, in characters of one to four bytes.
  (random) => `"${'é'.repeat(32 + random.below(2))}"`,
  (random) => `"${'u'.repeat(255 + random.below(3))}"`,
  (random) => `"/${'😀'.repeat(511 + random.below(2))}"`,
  (random) => `"/${'x'.repeat(2_046 + random.below(3))}"`,
  () => `"${'k'.repeat(3_000)}"`,
  // Times: the future, the ends of the calendar, days that are none.
  () => '"9999-12-31T23:59:59.999999Z"',
  () => '"+10000-01-01T00:00:00Z"',
  () => '"0000-01-01T00:00:00Z"',
  () => '"2026-02-30T00:00:00Z"',
  () => '"2026-03-01T23:59:60Z"',
  (_, now) => `"${now.replace('Z', '+00:00')}"`,
  (_, now) => `"${now.replace('Z', '-18:00')}"`,
  (_, now) => `"${now.replace('.', '.123456789')}"`,
  // Numbers that doubles and longs cannot hold, and other types.
  () => '9223372036854775808',
  () => '-9223372036854775809',
  () => '1e999',
  () => '-0',
  () => 'NaN',
  () => 'true',
  () => 'null',
  () => '""',
  () => '{"a":1}',
  () => '["a"]',
  () => '"12"',
  () => '"true"',
  () => '"<script>\\u2028\\t\\""',
];

const FIELDS = ['event_time', 'user_id', 'page_url', 'event_type'] as const;

export function poisonRecords(count: number, seed: number, now: Date): PoisonRecord[] {
  const random = createRandom(seed, 7);
  return Array.from({ length: count }, () => poisonRecord(random, now));
}

function poisonRecord(random: Random, now: Date): PoisonRecord {
  const time = new Date(now.getTime() - random.below(30_000)).toISOString();
  const fields: Record<(typeof FIELDS)[number], string> = {
    event_time: JSON.stringify(time),
    user_id: JSON.stringify(`poisoner_${random.below(20)}`),
    page_url: JSON.stringify(random.below(8) === 0 ? REFUSED_PAGE : `/poison/${random.below(5)}`),
    event_type: JSON.stringify(pick(random, ['page_view', 'click', 'session_start', 'session_end'])),
  };
  if (random.below(3) > 0) fields[pick(random, FIELDS)] = pick(random, FIELD_POISONS)(random, time);
  const members = FIELDS.map((name) => `"${name}":${fields[name]}`);
  const key = random.below(10) === 0 ? 'k'.repeat(3_000) : pick(random, [null, Buffer.from([0xff, 0x00]), 'user', '']);
  return { key, value: wrapped(random, members) };
}

/** The object as a whole: mostly as it should be. */
function wrapped(random: Random, members: readonly string[]): Buffer | string | null {
  const object = `{${members.join(',')}}`;
  switch (random.below(24)) {
    case 0:
      return `{${[...members, ...members].join(',')}}`;
    case 1:
      return `{${members.join(',')},"user_id":"last","user_id":${random.below(2) === 0 ? '7' : '"really_last"'}}`;
    case 2:
      return object.replace('{', `{"more":${'['.repeat(400)}${']'.repeat(400)},`);
    case 3:
      return object.replace('{', `{"more":${'[{"a":'.repeat(3_000)}1${'}]'.repeat(3_000)},`);
    case 4:
      return `${object}${pick(random, [' ', '\n', '}', ',', object, '\u0000', '//'])}`;
    case 5:
      return pick(random, [' ', '\n\t', '\ufeff', '[']) + object;
    case 6:
      return Buffer.concat([Buffer.from(object.slice(0, -2)), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]);
    case 7:
      return Buffer.from(object).subarray(0, random.below(object.length));
    case 8:
      return pick(random, [null, '', 'null', '[]', '7', '"text"', '{}']);
    case 9:
      return object.replace('{', '{ ').replaceAll(',', ' ,\n');
    default:
      return object;
  }
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)] as T;
}
