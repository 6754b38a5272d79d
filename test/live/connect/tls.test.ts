// The server itself speaks in the open only; clients reach it through something that ends TLS before it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type ConnectOptions, SparkError, SparkSession } from '../../../spark/connect/index.js';
import { sparkEndpoint } from './open-session.js';
import { startTlsProxy } from './tls-proxy.js';

const { host, port } = sparkEndpoint();
const proxy = await startTlsProxy(host, port, ['localhost']);
const stranger = await startTlsProxy(host, port, ['spark.example.org']);
after(() => Promise.all([proxy[Symbol.asyncDispose](), stranger[Symbol.asyncDispose]()]));

const secured = `sc://localhost:${proxy.port}`;

async function refusal(remote: string, options: ConnectOptions): Promise<SparkError> {
  try {
    (await SparkSession.connect(remote, options)).close();
  } catch (error) {
    assert.ok(error instanceof SparkError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'the server was trusted' });
}

test('with the authority that signed its certificate the server is trusted, and results come through', async () => {
  for (const [remote, options] of [
    [secured, { caFile: proxy.caFile }],
    [`${secured}/;use_ssl=true;ca_file=${encodeURIComponent(proxy.caFile)}`, {}],
  ] as const) {
    const before = proxy.connections;
    const spark = await SparkSession.connect(remote, { ...options, userId: 'sluice-test' });
    try {
      const rows = await spark.range(0, 50_000, 1, 4).collect();
      assert.equal(rows.length, 50_000);
      assert.ok(proxy.connections > before);
    } finally {
      await spark.release();
    }
  }
});

test('a server whose authority is not known is refused at once, with what to do', async () => {
  const before = proxy.connections;
  const error = await refusal(`${secured}/;use_ssl=true`, { connectTimeoutMs: 3_000 });
  // Whoever waits for a certificate to become another waits in vain.
  assert.equal(proxy.connections - before, 1);
  assert.equal(error.kind, 'connection');
  assert.match(error.message, new RegExp(`^Spark at localhost:${proxy.port} is not trusted: unable to verify`));
  assert.match(error.message, /ca_file/);
});

test('a certificate for another name is refused', async () => {
  const remote = `sc://localhost:${stranger.port}`;
  const error = await refusal(remote, { caFile: stranger.caFile, connectTimeoutMs: 3_000 });
  assert.equal(error.kind, 'connection');
  assert.match(error.message, /is not trusted: .*altnames.*spark\.example\.org/);
});

test('a server that speaks in the open is not spoken to with TLS, nor the reverse', async () => {
  const open = await refusal(`sc://${host}:${port}/;use_ssl=true`, { connectTimeoutMs: 300 });
  assert.equal(open.kind, 'connection');
  const plain = await refusal(`${secured}/;use_ssl=false`, { connectTimeoutMs: 300 });
  assert.equal(plain.kind, 'connection');
});

test('a CA file that is not there is an error of the call', async () => {
  const error = await refusal(secured, { caFile: '/no/such/ca.crt' });
  assert.equal(error.kind, 'input');
  assert.match(error.message, /\/no\/such\/ca\.crt/);
});
