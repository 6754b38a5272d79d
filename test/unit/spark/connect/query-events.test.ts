import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { QueryEvents } from '../../../../spark/connect/query-events.js';
import type { RootPlan } from '../../../../spark/connect/rpc/connection.js';
import { fakeConnection } from './fake-connection.js';

const STARTED = JSON.stringify({
  id: '3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d11',
  runId: '3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d12',
  name: 'clicks',
  timestamp: '2026-01-02T03:04:05.678Z',
});

/** A server that sends one event, and does what the test says when it is told to stop. */
function listenedTo(remove: () => Promise<void>) {
  const added = { streamingQueryListenerEventsResult: { listenerBusListenerAdded: true, events: [] } };
  const idle = { eventType: 'QUERY_IDLE_EVENT', eventJson: STARTED };
  return {
    ...fakeConnection(),
    async *execute(plan: RootPlan) {
      if (plan.kind === 'command' && plan.command.kind === 'listenerBus' && plan.command.action === 'remove') {
        await remove();
        return;
      }
      yield { kind: 'response', response: added } as never;
      yield { kind: 'response', response: { streamingQueryListenerEventsResult: { events: [idle] } } } as never;
      await new Promise(() => {});
    },
  };
}

test('a signal ends the iterator of events at once, whether the server hears of it or not', async () => {
  const events = new QueryEvents(listenedTo(() => new Promise(() => {})));
  const abort = new AbortController();
  const heard: string[] = [];
  for await (const { kind } of events.iterate(abort.signal)) {
    heard.push(kind);
    abort.abort();
  }
  assert.deepEqual(heard, ['idle']);
});

test('who leaves the events by an error has that one, though the server is gone by then', async () => {
  const events = new QueryEvents(listenedTo(() => Promise.reject(new Error('the server is gone'))));
  const read = async (): Promise<void> => {
    for await (const _ of events.iterate()) throw new Error('mine');
  };
  await assert.rejects(read(), /^Error: mine$/);
});

test('whatever a listener throws, undefined too, is a warning and no more', async () => {
  const connection = listenedTo(async () => {});
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
