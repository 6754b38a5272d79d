import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { WirePoint } from '../../../../chaos/fault.js';
import { ownerOfConnection } from '../../../../chaos/processes.js';
import { FaultProxy } from '../../../../chaos/proxy/fault-proxy.js';
import { KafkaConversation } from '../../../../chaos/proxy/kafka-conversation.js';
import { PostgresConversation } from '../../../../chaos/proxy/postgres-conversation.js';

const COMMIT: WirePoint = { service: 'postgres', message: 'commit' };
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const SOON_MS = 5_000;

/** A Postgres that notes what it is asked and answers everything with ReadyForQuery. */
async function startServer(t: TestContext): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    let isStarted = false;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      asked.push(isStarted ? chunk.toString('latin1', 5).replace('\0', '') : 'start');
      isStarted = true;
      socket.write(Uint8Array.from(READY));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, asked };
}

async function startProxy(t: TestContext, port: number): Promise<FaultProxy> {
  const proxy = await FaultProxy.listen(0, () => new PostgresConversation());
  t.after(() => proxy[Symbol.asyncDispose]());
  proxy.forwardTo(port);
  return proxy;
}

/** A client that has been let in. */
async function startClient(t: TestContext, proxy: FaultProxy): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  socket.write(Uint8Array.from([0, 0, 0, 8, 0, 3, 0, 0]));
  await once(socket, 'data');
  return socket;
}

/** Whether it was ended or reset. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function ask(socket: Socket, statement: string): void {
  const text = Buffer.from(`${statement}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(4 + text.length, 1);
  socket.write(Uint8Array.from([...head, ...text]));
}

test('without a trap every request and every reply comes through', async (t) => {
  const server = await startServer(t);
  const client = await startClient(t, await startProxy(t, server.port));
  ask(client, 'COMMIT');
  const [answer] = (await once(client, 'data')) as [Buffer];
  assert.deepEqual([...answer], [...READY]);
  assert.deepEqual(server.asked, ['start', 'COMMIT']);
});

test('a lost request never reaches the server, and the client is cut off', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server.port);
  const client = await startClient(t, proxy);
  const sprung = proxy.trap({ at: COMMIT, harm: { kind: 'lose', lost: 'request' } }, AbortSignal.timeout(SOON_MS));
  ask(client, 'SELECT 1');
  await once(client, 'data');
  ask(client, 'COMMIT');
  await closed(client);
  await sprung;
  assert.deepEqual(server.asked, ['start', 'SELECT 1']);
});

test('a lost reply is lost after the server has acted', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server.port);
  const client = await startClient(t, proxy);
  const sprung = proxy.trap({ at: COMMIT, harm: { kind: 'lose', lost: 'reply' } }, AbortSignal.timeout(SOON_MS));
  let answered = 0;
  client.on('data', () => answered++);
  ask(client, 'COMMIT');
  await closed(client);
  await sprung;
  assert.deepEqual([server.asked, answered], [['start', 'COMMIT'], 0]);
});

test('a trap springs once: the next commit comes through', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server.port);
  const first = await startClient(t, proxy);
  const sprung = proxy.trap({ at: COMMIT, harm: { kind: 'lose', lost: 'request' } }, AbortSignal.timeout(SOON_MS));
  ask(first, 'COMMIT');
  await sprung;
  const second = await startClient(t, proxy);
  ask(second, 'COMMIT');
  await once(second, 'data');
  assert.deepEqual(server.asked, ['start', 'start', 'COMMIT']);
});

test('a held request arrives when it is released, also when its client has gone', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server.port);
  const client = await startClient(t, proxy);
  let release = (): void => {};
  const harm = {
    kind: 'hold-request',
    release: new Promise<void>((resolve) => {
      release = resolve;
    }),
  } as const;
  const sprung = proxy.trap({ at: COMMIT, harm }, AbortSignal.timeout(SOON_MS));
  ask(client, 'COMMIT');
  await sprung;
  client.destroy();
  await closed(client);
  assert.deepEqual(server.asked, ['start']);
  release();
  while (server.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(server.asked, ['start', 'COMMIT']);
});

test('a trap whose message does not come is given up, and can be set again', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server.port);
  const given = new AbortController();
  const sprung = proxy.trap({ at: COMMIT, harm: { kind: 'lose', lost: 'reply' } }, given.signal);
  given.abort(new Error('enough'));
  await assert.rejects(sprung, /enough/);
  const client = await startClient(t, proxy);
  ask(client, 'COMMIT');
  await once(client, 'data');
  assert.deepEqual(server.asked, ['start', 'COMMIT']);
});

test('a failure at the instant itself is told to whoever set the trap', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server.port);
  const client = await startClient(t, proxy);
  const onSprung = (): void => {
    throw new Error('nobody there');
  };
  const sprung = proxy.trap(
    { at: COMMIT, harm: { kind: 'lose', lost: 'request' }, onSprung },
    AbortSignal.timeout(SOON_MS),
  );
  ask(client, 'COMMIT');
  await assert.rejects(sprung, /nobody there/);
});

test('the process at the other end of a connection is found', async (t) => {
  const server = await startServer(t);
  const proxy = await startProxy(t, server.port);
  const client = await startClient(t, proxy);
  assert.ok(client.localPort !== undefined);
  assert.equal(ownerOfConnection([1, process.pid], client.localPort, proxy.port), process.pid);
  assert.equal(ownerOfConnection([process.ppid], client.localPort, proxy.port), undefined);
});

function kafkaRequest(api: number, correlation: number, clientId: string): Uint8Array {
  const bytes = Buffer.alloc(14 + clientId.length);
  bytes.writeInt32BE(bytes.length - 4, 0);
  bytes.writeInt16BE(api, 4);
  bytes.writeInt32BE(correlation, 8);
  bytes.writeInt16BE(clientId.length, 12);
  bytes.write(clientId, 14);
  return Uint8Array.from(bytes);
}

function kafkaReply(correlation: number, host: string, port: number): Uint8Array {
  const bytes = Buffer.alloc(8 + 2 + host.length + 4);
  bytes.writeInt32BE(bytes.length - 4, 0);
  bytes.writeInt32BE(correlation, 4);
  bytes.writeInt16BE(host.length, 8);
  bytes.write(host, 10);
  bytes.writeInt32BE(port, 10 + host.length);
  return Uint8Array.from(bytes);
}

test("the ends of Kafka's transactions are told apart by who sends them, however the bytes are cut", () => {
  const conversation = new KafkaConversation({ host: '127.0.0.1', broker: 9092, proxy: 29092 });
  const bytes = [
    ...kafkaRequest(26, 1, 'sluice-producer'),
    ...kafkaRequest(18, 2, 'x'),
    ...kafkaRequest(26, 3, 'sluice-sink'),
  ];
  const points = bytes
    .flatMap((byte) => conversation.requests(Uint8Array.of(byte)))
    .map(({ exchange, point }) => [
      exchange,
      point?.service === 'kafka' ? `${point.client} ${point.message}` : undefined,
    ]);
  assert.deepEqual(points, [
    [1, 'producer end-txn'],
    [2, undefined],
    [3, 'sink end-txn'],
  ]);
});

test("a broker's address is the proxy's in replies that name addresses, and in no other", () => {
  const conversation = new KafkaConversation({ host: '127.0.0.1', broker: 9092, proxy: 29092 });
  conversation.requests(kafkaRequest(3, 1, 'x'));
  conversation.requests(kafkaRequest(1, 2, 'x'));
  const portOf = (reply: Uint8Array): number => {
    const [message] = conversation.replies(reply);
    return Buffer.from(message?.bytes ?? []).readInt32BE(19);
  };
  assert.equal(portOf(kafkaReply(1, '127.0.0.1', 9092)), 29092);
  assert.equal(portOf(kafkaReply(2, '127.0.0.1', 9092)), 9092);
});
