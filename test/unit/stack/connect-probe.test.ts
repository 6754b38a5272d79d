import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { probeSparkConnect } from '../../../stack/connect-probe.js';

/** What is used of a test's context. */
interface TestScope {
  after(action: () => unknown): void;
}

async function serve(
  t: TestScope,
  status: string,
  message = '',
): Promise<{ port: number; authorization: () => unknown }> {
  let authorization: unknown;
  const server = createServer();
  server.on('stream', (stream, headers) => {
    authorization = headers.authorization;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status, 'grpc-message': message }));
    stream.end();
  });
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { port: address.port, authorization: () => authorization };
}

test('a server that answers the call with status 0 is ready, and has been shown the token', async (t) => {
  const { port, authorization } = await serve(t, '0');
  await probeSparkConnect('127.0.0.1', port, 'secret', 5000);
  assert.equal(authorization(), 'Bearer secret');
});

test('a server that refuses the call is not ready, and says why', async (t) => {
  const { port } = await serve(t, '16', 'Invalid%20token');
  await assert.rejects(probeSparkConnect('127.0.0.1', port, 'wrong', 5000), {
    message: 'gRPC status 16 Invalid token',
  });
});

test('a port that accepts connections and says nothing is not ready', async (t) => {
  const server = createTcpServer(() => {}).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  await assert.rejects(probeSparkConnect('127.0.0.1', address.port, 'token', 200), { message: 'no answer in 200 ms' });
});

test('a closed port is not ready', async () => {
  await assert.rejects(probeSparkConnect('127.0.0.1', 1, 'token', 5000), { message: /ECONNREFUSED/ });
});
