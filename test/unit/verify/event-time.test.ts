import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { floorDiv, formatDay, formatMicros, parseEventTime } from '../../../verify/event-time.js';

describe('parseEventTime', () => {
  it('agrees with Date on whole milliseconds from year 0 to 9999', () => {
    for (let ms = -62_167_219_200_000; ms <= 253_402_300_799_999; ms += 7_654_321_987) {
      // Date writes years before 1000 as others do; toISOString stays within four digits here.
      const text = new Date(ms).toISOString();
      assert.equal(parseEventTime(text), BigInt(ms) * 1000n, text);
    }
  });

  it('takes the offset off, across midnight and the year', () => {
    assert.equal(parseEventTime('2026-01-01T00:30:00+01:00'), parseEventTime('2025-12-31T23:30:00Z'));
    assert.equal(parseEventTime('2025-12-31T23:30:00-01:00'), parseEventTime('2026-01-01T00:30:00Z'));
    assert.equal(parseEventTime('2026-01-01T00:30:00-00:00'), parseEventTime('2026-01-01T00:30:00Z'));
  });

  it('cuts digits beyond microseconds, also before 1970', () => {
    assert.equal(parseEventTime('1970-01-01T00:00:00.0000019Z'), 1n);
    assert.equal(parseEventTime('1969-12-31T23:59:59.9999999Z'), -1n);
    assert.equal(parseEventTime('1970-01-01T00:00:00.5Z'), 500_000n);
  });
});

describe('formatMicros', () => {
  it('is the inverse of parseEventTime', () => {
    for (const text of [
      '2026-02-28T23:59:59.999999Z',
      '2024-02-29T00:00:00.000001Z',
      '1969-12-31T23:59:59.999999Z',
      '2000-03-01T12:34:56.700000Z',
    ]) {
      assert.equal(formatMicros(parseEventTime(text) ?? 0n), text);
    }
  });

  it('names every day of 400 years as Date does', () => {
    for (let day = -80_000; day < 80_000; day++) {
      assert.equal(formatDay(day), new Date(day * 86_400_000).toISOString().slice(0, 10));
    }
  });
});

describe('floorDiv', () => {
  it('rounds towards minus infinity', () => {
    assert.deepEqual([floorDiv(7n, 5n), floorDiv(-7n, 5n), floorDiv(-5n, 5n), floorDiv(0n, 5n)], [1n, -2n, -1n, 0n]);
  });
});
