import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  ByteReader,
  ByteWriter,
  bytes,
  int,
  LENGTH_MAX,
  long,
  ProtocolError,
  text,
} from '../../../../spark/worker/protocol.js';

test('values arrive as they were sent, however the bytes are cut', async (t) => {
  const { near, far } = await socketPair(t);
  const reader = new ByteReader(near);
  const sent = Buffer.concat([
    int(-2),
    long(-(2n ** 63n)),
    text('grün 🎈'),
    bytes(Buffer.from([0, 255])),
    text(''),
    int(7),
  ]);
  const reading = (async () => [
    await reader.readInt(),
    await reader.readLong(),
    await reader.readText(),
    [...(await reader.readBytes())],
    await reader.readText(),
    await reader.readInt(),
  ])();
  far.setNoDelay(true);
  for (const byte of sent) {
    far.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(await reading, [-2, -(2n ** 63n), 'grün 🎈', [0, 255], '', 7]);
});

test('a value of many megabytes is read whole, with what follows it', async (t) => {
  const { near, far } = await socketPair(t);
  const reader = new ByteReader(near);
  const large = Buffer.alloc(8 * 1024 * 1024, 'abc');
  const writing = new ByteWriter(far).write(bytes(large), int(42));
  assert.ok((await reader.readBytes()).equals(large));
  assert.equal(await reader.readInt(), 42);
  await writing;
});

test('a sender is held back while nobody reads', async (t) => {
  const { near, far } = await socketPair(t);
  const reader = new ByteReader(near);
  const values = Array.from({ length: 32 }, () => bytes(Buffer.alloc(1024 * 1024)));
  const writing = new ByteWriter(far).write(...values);
  const isHeld = await Promise.race([writing.then(() => false), once(near, 'pause').then(() => true)]);
  assert.equal(isHeld, true);
  for (const _ of values) await reader.readBytes();
  await writing;
});

test('a length that cannot be is refused before memory is taken', async (t) => {
  for (const length of [-1, LENGTH_MAX + 1]) {
    const { near, far } = await socketPair(t);
    far.write(int(length));
    await assert.rejects(
      new ByteReader(near).readBytes(),
      (error: Error) => error instanceof ProtocolError && error.message.includes(String(length)),
    );
  }
});

test('an end between values is an end, and one within a value an error', async (t) => {
  const between = await socketPair(t);
  const reader = new ByteReader(between.near);
  between.far.end(text('last'));
  assert.equal(await reader.readTextOrEnd(), 'last');
  assert.equal(await reader.readTextOrEnd(), undefined);

  const within = await socketPair(t);
  within.far.end(int(10));
  await assert.rejects(new ByteReader(within.near).readTextOrEnd(), /closed the connection in the middle/);
});

test('the end of the connection is noticed while nobody reads', async (t) => {
  const closed = await socketPair(t);
  const reader = new ByteReader(closed.near);
  closed.far.end();
  await reader.ended;

  const lost = await socketPair(t);
  const other = new ByteReader(lost.near);
  lost.far.resetAndDestroy();
  await other.ended;
});

test('writing to a connection that has ended is an error and does not wait', async (t) => {
  const { near, far } = await socketPair(t);
  far.resetAndDestroy();
  await new ByteReader(near).ended;
  near.destroy();
  await assert.rejects(new ByteWriter(near).write(int(0)), ProtocolError);
});

async function socketPair(t: TestContext): Promise<{ readonly near: Socket; readonly far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const [near] = (await once(server, 'connection')) as [Socket];
  // What is lost on purpose is no failure of the test.
  far.on('error', () => undefined);
  t.after(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}
