import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  askSupervisor,
  openRequests,
  type QueryRequest,
  type QueryRequests,
} from '../../../../spark/supervisor/query-requests.js';

function stateDir(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-requests-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const there = { signal: AbortSignal.timeout(10_000), isThere: () => true };

async function next(requests: QueryRequests): Promise<QueryRequest> {
  for (;;) {
    const [request] = requests.take();
    if (request !== undefined) return request;
    await setImmediate();
  }
}

test('a request reaches the supervisor once, and its answer the asker', async (t) => {
  const folder = stateDir(t);
  using requests = openRequests(folder);
  const asked = askSupervisor(folder, 'stop', 'events', there);
  const request = await next(requests);
  assert.deepEqual([request.action, request.query], ['stop', 'events']);
  assert.deepEqual(requests.take(), [], 'taken once');
  request.answer({ kind: 'stopped' });
  assert.deepEqual(await asked, { kind: 'stopped' });
  assert.deepEqual(readdirSync(join(folder, 'requests')), [], 'nothing is left behind');
  assert.equal(statSync(join(folder, 'requests')).mode & 0o777, 0o700);
});

test('requests from before a run are not carried out, and an end takes everything away', (t) => {
  const folder = stateDir(t);
  mkdirSync(join(folder, 'requests'));
  writeFileSync(
    join(folder, 'requests', '000-old.request.json'),
    JSON.stringify({ version: 1, action: 'stop', query: 'events' }),
  );
  {
    using requests = openRequests(folder);
    assert.deepEqual(requests.take(), []);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('an asker hears when the supervisor is gone, and one that gives up leaves no answer lying about', async (t) => {
  const folder = stateDir(t);
  assert.equal(await askSupervisor(folder, 'stop', 'events', { ...there, isThere: () => false }), undefined);

  using requests = openRequests(folder);
  const giveUp = new AbortController();
  const asked = askSupervisor(folder, 'restart', 'events', { ...there, signal: giveUp.signal });
  const request = await next(requests);
  giveUp.abort();
  await assert.rejects(asked, { name: 'AbortError' });
  request.answer({ kind: 'stopped' });
  assert.deepEqual(readdirSync(join(folder, 'requests')), []);
});

test('what is no request of this version is left alone', (t) => {
  const folder = stateDir(t);
  using requests = openRequests(folder);
  for (const [name, text] of [
    ['1.request.json', '{"version":2,"action":"stop","query":"a"}'],
    ['2.request.json', '{"version":1,"action":"drop","query":"a"}'],
    ['3.request.json', '{'],
  ] as const)
    writeFileSync(join(folder, 'requests', name), text);
  assert.deepEqual(requests.take(), []);
});
