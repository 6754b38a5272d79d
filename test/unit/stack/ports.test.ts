import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { isPortFree, PortChooser } from '../../../stack/ports.js';

/** What is used of a test's context. */
interface TestScope {
  after(action: () => unknown): void;
}

async function listen(t: TestScope, host: string): Promise<number> {
  const server = createServer().listen(0, host);
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

test('a port on which something listens is not free, on all interfaces neither', async (t) => {
  assert.equal(await isPortFree(await listen(t, '127.0.0.1')), false);
  assert.equal(await isPortFree(await listen(t, '0.0.0.0')), false);
});

test('the usual port is taken if it is free, else another outside of the range of outgoing connections', async (t) => {
  const chooser = new PortChooser();
  const taken = await listen(t, '127.0.0.1');
  const other = await chooser.choose(taken);
  assert.notEqual(other, taken);
  assert.ok(other >= 20_000 && other < 30_000);
  const free = await new PortChooser().choose(0);
  assert.equal(await new PortChooser().choose(free), free);
});

test('two services that want one port get two', async () => {
  const chooser = new PortChooser();
  const free = await new PortChooser().choose(0);
  assert.equal(await chooser.choose(free), free);
  assert.notEqual(await chooser.choose(free), free);
});
