import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../../../stack/lock.js';
import { ownIdentity } from '../../../stack/process.js';

/** What is used of a test's context. */
interface TestScope {
  after(action: () => unknown): void;
}

function folder(t: TestScope): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('actions under one lock never overlap and leave nothing behind', async (t) => {
  const path = folder(t);
  let inside = 0;
  const results = await Promise.all(
    [1, 2, 3].map((number) =>
      withLock(join(path, 'lock'), async () => {
        inside += 1;
        assert.equal(inside, 1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        return number;
      }),
    ),
  );
  assert.deepEqual(results, [1, 2, 3]);
  assert.deepEqual(readdirSync(path), []);
});

test('a lock is released when the action fails', async (t) => {
  const file = join(folder(t), 'lock');
  await assert.rejects(
    withLock(file, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  assert.equal(await withLock(file, async () => 'yes'), 'yes');
});

test('the lock of a process that is gone is void, also when its pid has been given again', async (t) => {
  const path = folder(t);
  const file = join(path, 'lock');
  for (const content of [JSON.stringify({ ...ownIdentity(), startTime: 'long ago' }), '{"pid":', '']) {
    writeFileSync(file, content);
    assert.equal(await withLock(file, async () => 'mine'), 'mine');
    assert.deepEqual(readdirSync(path), []);
  }
});
