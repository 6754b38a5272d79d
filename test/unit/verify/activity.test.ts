import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEAD_REASONS, judge } from '../../../verify/activity.js';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const TOLERANCE_MS = 5 * 60_000;
const GOOD = { event_time: '2026-03-01T11:59:00Z', user_id: 'u1', page_url: '/', event_type: 'click' };

function reasonOf(value: Buffer | string | null): string {
  const judged = judge(typeof value === 'string' ? Buffer.from(value) : value, NOW_MS, TOLERANCE_MS);
  return judged.kind === 'valid' ? 'valid' : judged.reason;
}

const json = (fields: Record<string, unknown>): string => JSON.stringify({ ...GOOD, ...fields });
/** For texts that JSON.stringify would not write. */
const raw = (name: keyof typeof GOOD, value: string): string => {
  const others = Object.entries(GOOD).filter(([key]) => key !== name);
  return `{${others.map(([key, text]) => `"${key}":"${text}"`).join(',')},"${name}":${value}}`;
};

const withMore = (value: string): string => `{"more":${value},${json({}).slice(1)}`;

const CASES: readonly (readonly [title: string, value: Buffer | string | null, verdict: string])[] = [
  ['a complete event', json({}), 'valid'],
  ['no value', null, 'null_value'],
  ['an empty value', '', 'not_a_json_object'],
  ['a broken UTF-8 sequence', Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), 'invalid_utf8'],
  [
    'a surrogate in UTF-8',
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')] as never),
    'invalid_utf8',
  ],
  ['an overlong encoding', Buffer.from([0xc0, 0x80]), 'invalid_utf8'],
  [
    'broken UTF-8 outside the object',
    Buffer.concat([Buffer.from(json({})), Buffer.from([0xff])] as never),
    'invalid_utf8',
  ],
  ['a byte order mark', `\ufeff${json({})}`, 'not_a_json_object'],
  ['no JSON', 'hello', 'not_a_json_object'],
  ['an array', `[${json({})}]`, 'not_a_json_object'],
  ['a string', '"text"', 'not_a_json_object'],
  ['null as JSON', 'null', 'not_a_json_object'],
  ['text behind the object', `${json({})} rubbish`, 'not_a_json_object'],
  ['a second object behind the first', `${json({})}${json({})}`, 'not_a_json_object'],
  ['a key and value behind the object', `${json({})},"more":1`, 'not_a_json_object'],
  ['a truncated object', json({}).slice(0, -1), 'not_a_json_object'],
  ['single quotes', json({}).replaceAll('"', "'"), 'not_a_json_object'],
  ['NaN', raw('event_type', 'NaN'), 'not_a_json_object'],
  ['a trailing comma', json({}).replace('}', ',}'), 'not_a_json_object'],
  ['a raw control character in a string', json({}).replace('u1', 'u\u0001'), 'not_a_json_object'],
  ['white space around the object', ` \r\n\t${json({})}\n`, 'valid'],
  ['an extra key', json({ more: { nested: [1, 2] } }), 'valid'],
  ['a key twice, the last one good', `{"user_id":1,${json({}).slice(1)}`, 'valid'],
  ['a key twice, the last one bad', `${json({}).slice(0, -1)},"user_id":1}`, 'user_id_invalid'],
  ['999 levels', withMore(`${'['.repeat(998)}${']'.repeat(998)}`), 'valid'],
  ['1000 levels', withMore(`${'['.repeat(999)}${']'.repeat(999)}`), 'not_a_json_object'],
  ['999 levels in a string', withMore(`"${'['.repeat(2000)}"`), 'valid'],
  ['2000 brackets side by side', withMore(`[${'[],'.repeat(1000)}1]`), 'valid'],
  ['a number of 1000 digits', withMore(`-1.${'1'.repeat(997)}e+01`), 'valid'],
  ['a number of 1001 digits', withMore(`-1.${'1'.repeat(998)}e+01`), 'not_a_json_object'],
  ['a name of 50,000 characters', `{"${'\\u00e9'.repeat(50_000)}" : 1,${json({}).slice(1)}`, 'valid'],
  ['a name of 50,001 characters', `{"${'é'.repeat(50_001)}" : 1,${json({}).slice(1)}`, 'not_a_json_object'],
  ['a string of 60,000 characters', withMore(`"${'x\\"'.repeat(30_000)}"`), 'valid'],
  ['a key and value behind the object that repeat it', `${json({})},"event":${json({})}`, 'not_a_json_object'],
  ['a text that goes on behind null', `null,"event":${json({})}`, 'not_a_json_object'],
  ['an escape that is none in a field', raw('user_id', '"\\u12"'), 'not_a_json_object'],
  ['a number too large for a double as user_id', raw('user_id', '1e999'), 'user_id_invalid'],
  ['a text that begins with a quote as user_id', json({ user_id: '"Infinity"' }), 'valid'],
  ['a key in other case', json({ USER_ID: 7 }), 'valid'],
  ['NUL behind the object', `${json({})}\u0000`, 'not_a_json_object'],
  ['no event_time', JSON.stringify({ ...GOOD, event_time: undefined }), 'event_time_invalid'],
  ['a number as event_time', json({ event_time: 1_772_366_340 }), 'event_time_invalid'],
  ['a bare date', json({ event_time: '2026-03-01' }), 'event_time_invalid'],
  ['a time without zone', json({ event_time: '2026-03-01T11:59:00' }), 'event_time_invalid'],
  ['a space instead of T', json({ event_time: '2026-03-01 11:59:00Z' }), 'event_time_invalid'],
  ['a line break behind the time', json({ event_time: '2026-03-01T11:59:00Z\n' }), 'event_time_invalid'],
  ['hour 24', json({ event_time: '2026-03-01T24:00:00Z' }), 'event_time_invalid'],
  ['second 60', json({ event_time: '2026-03-01T11:59:60Z' }), 'event_time_invalid'],
  ['30 February', json({ event_time: '2026-02-30T11:59:00Z' }), 'event_time_invalid'],
  ['29 February of a common year', json({ event_time: '2026-02-29T11:59:00Z' }), 'event_time_invalid'],
  ['29 February of a leap year', json({ event_time: '2024-02-29T11:59:00Z' }), 'valid'],
  ['29 February 2100', json({ event_time: '2100-02-29T11:59:00Z' }), 'event_time_invalid'],
  ['month 13', json({ event_time: '2026-13-01T11:59:00Z' }), 'event_time_invalid'],
  ['an offset of 18 hours', json({ event_time: '2026-03-01T11:59:00+18:00' }), 'valid'],
  ['an offset beyond 18 hours', json({ event_time: '2026-03-01T11:59:00+18:01' }), 'event_time_invalid'],
  ['an offset with 60 minutes', json({ event_time: '2026-03-01T11:59:00+01:60' }), 'event_time_invalid'],
  ['ten digits of fraction', json({ event_time: '2026-03-01T11:59:00.1234567890Z' }), 'event_time_invalid'],
  ['nine digits of fraction', json({ event_time: '2026-03-01T11:59:00.123456789Z' }), 'valid'],
  ['a small z', json({ event_time: '2026-03-01T11:59:00z' }), 'event_time_invalid'],
  ['the first instant of 2000', json({ event_time: '2000-01-01T00:00:00Z' }), 'event_time_too_old'],
  ['a microsecond later', json({ event_time: '2000-01-01T00:00:00.000001Z' }), 'valid'],
  ['less than a microsecond later', json({ event_time: '2000-01-01T00:00:00.000000999Z' }), 'event_time_too_old'],
  ['year 0', json({ event_time: '0000-01-01T00:00:00Z' }), 'event_time_too_old'],
  ['exactly the tolerance ahead', json({ event_time: '2026-03-01T12:05:00Z' }), 'valid'],
  ['a microsecond beyond the tolerance', json({ event_time: '2026-03-01T12:05:00.000001Z' }), 'event_time_in_future'],
  ['year 9999', json({ event_time: '9999-12-31T23:59:59.999999Z' }), 'event_time_in_future'],
  ['no user_id', JSON.stringify({ ...GOOD, user_id: undefined }), 'user_id_invalid'],
  ['null as user_id', json({ user_id: null }), 'user_id_invalid'],
  ['a number as user_id', json({ user_id: 17 }), 'user_id_invalid'],
  ['digits as user_id', json({ user_id: '17' }), 'valid'],
  ['"true" as user_id', json({ user_id: 'true' }), 'valid'],
  ['an object as user_id', json({ user_id: { a: 1 } }), 'user_id_invalid'],
  ['a text that looks like an object as user_id', json({ user_id: '{"a":1}' }), 'valid'],
  ['an empty user_id', json({ user_id: '' }), 'user_id_invalid'],
  ['U+0000 in user_id', json({ user_id: 'a\u0000b' }), 'user_id_invalid'],
  ['256 bytes of user_id', json({ user_id: 'é'.repeat(128) }), 'valid'],
  ['257 bytes of user_id', json({ user_id: `${'é'.repeat(128)}x` }), 'user_id_invalid'],
  ['256 lone surrogates, a byte each', raw('user_id', `"${'\\ud800'.repeat(256)}"`), 'valid'],
  ['257 lone surrogates', raw('user_id', `"${'\\udc00'.repeat(257)}"`), 'user_id_invalid'],
  ['2048 bytes of page_url', json({ page_url: 'x'.repeat(2048) }), 'valid'],
  ['2049 bytes of page_url', json({ page_url: 'x'.repeat(2049) }), 'page_url_invalid'],
  ['a boolean as page_url', json({ page_url: true }), 'page_url_invalid'],
  ['64 bytes of event_type', json({ event_type: 'x'.repeat(64) }), 'valid'],
  ['65 bytes of event_type', json({ event_type: 'x'.repeat(65) }), 'event_type_invalid'],
  ['an array as event_type', json({ event_type: ['click'] }), 'event_type_invalid'],
  ['an inherited name only', '{"__proto__":{"event_time":"2026-03-01T11:59:00Z"}}', 'event_time_invalid'],
  [
    'several faults: the first in order is told',
    json({ event_time: 'x', user_id: '', page_url: 1 }),
    'event_time_invalid',
  ],
];

describe('judge', () => {
  for (const [title, value, verdict] of CASES) {
    it(`finds ${verdict} for ${title}`, () => {
      assert.equal(reasonOf(value), verdict);
    });
  }

  it('has a case for every reason', () => {
    assert.deepEqual(
      DEAD_REASONS.filter((reason) => !CASES.some(([, , verdict]) => verdict === reason)),
      [],
    );
  });

  it('reads lone surrogates as question marks and leaves pairs alone', () => {
    const judged = judge(Buffer.from(raw('user_id', '"a\\ud83d\\ude00b\\ud83dc\\ude00"')), NOW_MS, TOLERANCE_MS);
    assert.equal(judged.kind === 'valid' && judged.userId, 'a😀b?c?');
  });

  it('keeps the time to the microsecond and its text as it was', () => {
    const judged = judge(
      Buffer.from(json({ event_time: '2026-03-01T13:59:00.123456789+02:00' })),
      NOW_MS,
      TOLERANCE_MS,
    );
    assert.equal(judged.kind, 'valid');
    if (judged.kind !== 'valid') return;
    assert.equal(judged.eventTime, 1_772_366_340_123_456n);
    assert.equal(judged.eventTimeText, '2026-03-01T13:59:00.123456789+02:00');
  });
});
