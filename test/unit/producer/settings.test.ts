import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProduceError } from '../../../producer/index.js';
import { completeProduce, completeSimulation, type SimulationOptions } from '../../../producer/settings.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');

function endOf(options: SimulationOptions): { fromS: number; toS: number; count: number } {
  const settings = completeSimulation(options, NOW);
  const fromS = settings.eventTimeFromMicros / 1_000_000 - NOW / 1_000;
  return { fromS, toS: fromS + settings.count / settings.eventsPerSecond, count: settings.count };
}

test('a count alone plays the last 20 minutes of event time', () => {
  assert.deepEqual(endOf({ count: 1_000 }), { fromS: -1_200, toS: 0, count: 1_000 });
});

test('a rate alone is live: event time is the present, without end', () => {
  const settings = completeSimulation({ rate: 100 }, NOW);
  assert.equal(settings.count, Number.POSITIVE_INFINITY);
  assert.equal(settings.eventTimeFromMicros, NOW * 1_000);
  assert.equal(settings.eventsPerSecond, 100);
});

test('a rate and a duration are a count', () => {
  assert.deepEqual(endOf({ rate: 100, durationMs: 20_000 }), { fromS: 0, toS: 20, count: 2_000 });
});

test('at 60 seconds of event time per second the last event lies at the moment when it is sent', () => {
  assert.deepEqual(endOf({ rate: 5_000, durationMs: 20_000, speed: 60 }), { fromS: -1_180, toS: 20, count: 100_000 });
});

test('the span says the same as the speed', () => {
  assert.deepEqual(
    endOf({ rate: 5_000, count: 100_000, eventTimeSpanMs: 1_200_000 }),
    endOf({ rate: 5_000, count: 100_000, speed: 60 }),
  );
});

test('what cannot be is refused with its name', () => {
  const refused: [SimulationOptions, RegExp][] = [
    [{ rate: 0 }, /rate 0 .* needs a count/],
    [{ lateShare: 0.6, malformedShare: 0.5, count: 1 }, /late share 0.6 and malformed share 0.5 are more than 1/],
    [{ lateShare: 1.1, count: 1 }, /late share must lie between 0 and 1/],
    [{ lateShare: Number.NaN, count: 1 }, /late share/],
    [{ users: 0, count: 1 }, /users must lie between 1/],
    [{ users: 1.5, count: 1 }, /users must be a whole number/],
    [{ count: 0 }, /count must lie between 1/],
    [{ count: 1, eventTimeFrom: 'yesterday' }, /"yesterday" is not an ISO 8601 time/],
    [{ count: 1, eventTimeFrom: '2026-06-01T12:00:00' }, /with a zone/],
    [{ count: 1, eventTimeFrom: '2026-13-01T12:00:00Z' }, /not an ISO 8601 time/],
    [{ count: 1, eventTimeFrom: '2026-06-01T13:00:00Z' }, /ahead of the clock/],
    [{ count: 1, eventTimeFrom: '2000-01-01T00:00:01Z' }, /after 2000-01-01/],
    [{ count: 10, speed: 60 }, /speed needs a rate/],
    [{ rate: 10, speed: 60 }, /speed above 1 needs a count or a duration/],
    [{ rate: 10, eventTimeSpanMs: 60 }, /event time span needs a count or a duration/],
    [{ rate: 10, count: 10, speed: 60, eventTimeSpanMs: 60 }, /give one of them/],
    [{ seed: -1, count: 1 }, /seed/],
  ];
  for (const [options, message] of refused) {
    assert.throws(
      () => completeSimulation(options, NOW),
      (error) => error instanceof ProduceError && error.kind === 'options' && message.test(error.message),
      JSON.stringify(options),
    );
  }
});

test('an address that is none is refused before anything is tried', () => {
  assert.throws(
    () => completeProduce({ bootstrapServers: 'localhost', count: 1 }, NOW),
    /"localhost" is not of the form host:port/,
  );
  assert.deepEqual(completeProduce({ bootstrapServers: 'a:1, [::1]:2', count: 1 }, NOW).brokers, ['a:1', '[::1]:2']);
});
