import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { QueryEvents } from '../../../../spark/connect/query-events.js';
import { fakeConnection } from './fake-connection.js';

const STARTED = JSON.stringify({
  id: '3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d11',
  runId: '3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d12',
  name: 'clicks',
  timestamp: '2026-01-02T03:04:05.678Z',
});

test('whatever a listener throws, undefined too, is a warning and no more', async () => {
  const connection = {
    ...fakeConnection(),
    async *execute() {
      const response = { streamingQueryListenerEventsResult: { listenerBusListenerAdded: true, events: [] } };
      yield { kind: 'response', response } as never;
      await new Promise(() => {});
    },
  };
  const events = new QueryEvents(connection);
  let thrown: unknown;
  await events.add({
    onQueryStarted() {
      throw thrown;
    },
  });
  for (const [value, shown] of [
    [undefined, 'undefined'],
    [{ code: 7 }, '{ code: 7 }'],
    [new RangeError('too far'), 'RangeError: too far'],
  ] as const) {
    thrown = value;
    const warned = once(process, 'warning');
    for (const tell of connection.queryStarted) tell(STARTED);
    const [warning] = await warned;
    assert.match(warning.message, /^A listener of streaming queries has failed: /);
    assert.ok(warning.message.includes(shown), warning.message);
  }
});
