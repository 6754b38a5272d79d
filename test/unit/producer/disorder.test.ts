import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  MALFORMED_KINDS,
  type MalformedKind,
  type SimulatedMessage,
  type SimulationOptions,
  simulate,
} from '../../../producer/index.js';

const FROM = '2026-06-01T11:00:00Z';
const BASE: SimulationOptions = {
  eventTimeFrom: FROM,
  eventTimeSpanMs: 20 * 60_000,
  count: 20_000,
  lateShare: 0.03,
  malformedShare: 0.013,
};

function digest(options: SimulationOptions): string {
  const hash = createHash('sha256');
  for (const { key, value } of simulate(options)) hash.update(`${key}\0${value?.toString('latin1') ?? 'null'}\n`);
  return hash.digest('hex');
}

test('the same seed and options give the same bytes', () => {
  assert.equal(digest(BASE), digest(BASE));
});

test('the bytes of seed 1 are those of every release: a change of the simulation must be meant', () => {
  assert.equal(digest(BASE), '5389b32b9c0d78ddc8fdb4b9aca97b76df284cb7ff4d7b5aa11909f28750b1fc');
});

test('another seed gives other bytes, and so does one more user', () => {
  assert.notEqual(digest(BASE), digest({ ...BASE, seed: 2 }));
  assert.notEqual(digest(BASE), digest({ ...BASE, users: 5_001 }));
});

test('late and malformed messages are exactly their share of the whole', () => {
  for (const [count, lateShare, malformedShare] of [
    [1, 0, 1],
    [999, 0.03, 0.01],
    [20_500, 0.03, 0.01],
    [3_000, 0.5, 0.5],
    [2_000, 1, 0],
    [5_000, 0, 0],
  ] as const) {
    const all = [...simulate({ ...BASE, count, lateShare, malformedShare })];
    const late = all.filter(({ kind }) => kind === 'late').length;
    const malformed = all.filter(({ kind }) => kind !== 'late' && kind !== 'on_time').length;
    assert.deepEqual(
      [all.length, late, malformed],
      [count, Math.round(count * lateShare), Math.round(count * malformedShare)],
    );
  }
});

test('a late message lies between once and twice the lateness behind the newest, any other within the disorder', () => {
  const latenessMs = 3 * 60_000;
  const disorderMs = 20_000;
  let newest = Number.NEGATIVE_INFINITY;
  let outOfOrder = 0;
  for (const { kind, eventTimeMicros } of simulate({ ...BASE, latenessMs, disorderMs, disorderShare: 0.2 })) {
    const behindMs = (newest - eventTimeMicros) / 1_000;
    if (kind === 'late') {
      if (newest > 0)
        assert.ok(behindMs >= latenessMs - 1 && behindMs <= 2 * latenessMs + disorderMs, `${behindMs} ms`);
      continue;
    }
    assert.ok(behindMs <= disorderMs, `${behindMs} ms`);
    if (behindMs > 0) outOfOrder++;
    // A broken message has no event time that anyone could see.
    if (kind === 'on_time') newest = Math.max(newest, eventTimeMicros);
  }
  assert.ok(outOfOrder > 2_000, `${outOfOrder} of 20,000`);
});

test('without disorder every message comes in its turn', () => {
  let previous = 0;
  for (const { eventTimeMicros } of simulate({ ...BASE, disorderShare: 0, lateShare: 0 })) {
    assert.ok(eventTimeMicros >= previous);
    previous = eventTimeMicros;
  }
});

test('a valid message holds the four fields, its time to the microsecond, and its key is the user', () => {
  for (const message of simulate(BASE)) {
    if (message.kind !== 'on_time' && message.kind !== 'late') continue;
    const fields = JSON.parse(String(message.value)) as Record<string, string>;
    assert.deepEqual(Object.keys(fields), ['event_time', 'user_id', 'page_url', 'event_type']);
    assert.equal(fields.user_id, message.key);
    assert.equal(fields.event_type, message.eventType);
    assert.match(fields.event_time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const micros = Date.parse(`${fields.event_time?.slice(0, 19)}Z`) * 1_000 + Number(fields.event_time?.slice(20, 26));
    assert.equal(micros, message.eventTimeMicros);
    assert.ok(URL.canParse(fields.page_url ?? ''));
  }
});

test('even a few malformed messages are of all kinds, and each is broken in its own way', () => {
  const seen = new Map<MalformedKind, SimulatedMessage[]>();
  for (const message of simulate({ ...BASE, count: 10_000, lateShare: 0, malformedShare: 0.1 })) {
    if (message.kind === 'on_time' || message.kind === 'late') continue;
    seen.set(message.kind, [...(seen.get(message.kind) ?? []), message]);
  }
  assert.deepEqual([...seen.keys()].sort(), [...MALFORMED_KINDS].sort());
  for (const [kind, messages] of seen) {
    assert.ok(messages.length >= 76 && messages.length <= 77, `${kind}: ${messages.length}`);
    for (const { value } of messages)
      assert.ok(reasons(value).includes(REASON[kind]), `${kind}: ${value?.toString('latin1')}`);
  }
});

/** What the data contract says of each kind; `field` stands for whichever of the four fields was hit. */
const REASON: Record<MalformedKind, string> = {
  truncated_json: 'not_a_json_object',
  not_json: 'not_a_json_object',
  array: 'not_a_json_object',
  missing_field: 'field',
  wrong_type: 'field',
  bad_timestamp: 'event_time_invalid',
  far_future: 'event_time_in_future',
  year_1999: 'event_time_too_old',
  empty_string: 'field',
  nul_character: 'field',
  too_long_id: 'field',
  invalid_utf8: 'invalid_utf8',
  null_value: 'null_value',
};

/** A rough judge, only good enough for this test: the real one is in the pipeline, the independent one in verify. */
function reasons(value: Buffer | null): string[] {
  if (value === null) return ['null_value'];
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(value));
  } catch {
    return ['invalid_utf8'];
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return ['not_a_json_object'];
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return ['not_a_json_object'];
  const fields = parsed as Record<string, unknown>;
  const time = fields.event_time;
  const found: string[] = [];
  if (typeof time !== 'string') found.push('event_time_invalid', 'field');
  else if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(time))
    found.push('event_time_invalid');
  else if (/T24:|:60Z|02-30T|\+19:/.test(time)) found.push('event_time_invalid');
  else if (time < '2000-01-01T00:00:00.000001Z') found.push('event_time_too_old');
  else if (time > '2026-06-01T12:00:00Z') found.push('event_time_in_future');
  for (const name of ['user_id', 'page_url', 'event_type']) {
    const field = fields[name];
    if (typeof field !== 'string' || field === '' || field.includes('\0') || Buffer.byteLength(field) > 256)
      found.push('field');
  }
  return found;
}
