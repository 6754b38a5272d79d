/** docker-compose.secure.yml, held without an engine; and the TLS front before a plain server, as a client of gRPC sees it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { packageRoot } from '../../../config/package-root.js';
import { VARIABLES, type VariableName } from '../../../config/variables.js';
import { interpolations, readCompose } from './compose-file.js';

const FILE = 'docker-compose.secure.yml';
const base = readCompose('docker-compose.yml');
const secure = readCompose(FILE);

test('it changes services of the first file, and what it adds is as confined and ends', () => {
  for (const [name, service] of Object.entries(secure.services)) {
    if (name in base.services) continue;
    assert.deepEqual([service.read_only, service.cap_drop, service.restart], [true, ['ALL'], undefined], name);
    assert.ok(service.security_opt?.includes('no-new-privileges:true') && service.mem_limit !== undefined, name);
    const waiting = Object.values(secure.services).map(({ depends_on }) => depends_on?.[name]?.condition);
    assert.ok(waiting.includes('service_completed_successfully'), `nobody waits for ${name}`);
  }
});

test('no listener that others reach is without a login', () => {
  const { KAFKA_LISTENERS = '', KAFKA_LISTENER_SECURITY_PROTOCOL_MAP = '' } = secure.services.kafka?.environment ?? {};
  const protocols = new Map(
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP.split(',').map((one) => one.split(':') as [string, string]),
  );
  for (const listener of KAFKA_LISTENERS.split(',')) {
    const [name = '', host = ''] = listener.split(/:\/\/|:\d+$/);
    if (name === 'CONTROLLER' || host === '127.0.0.1') continue;
    assert.equal(protocols.get(name), 'SASL_PLAINTEXT', listener);
  }
});

test('every client of Kafka has the login, and every client of Spark the authority', () => {
  for (const name of ['spark-worker', 'spark-connect', 'topics', 'pipeline', 'producer'])
    assert.equal(secure.services[name]?.environment?.KAFKA_SECURITY_PROTOCOL, 'SASL_PLAINTEXT', name);
  assert.match(secure.services.pipeline?.environment?.SPARK_REMOTE ?? '', /use_ssl=true;ca_file=\/tls\/ca\.crt$/);
});

test('every variable of the file is one of .env.example', () => {
  for (const { variable, fallback } of interpolations(FILE)) {
    assert.ok(variable in VARIABLES, variable);
    if (VARIABLES[variable as VariableName].isSecret) assert.equal(fallback, undefined, variable);
  }
});

test('the certificates that are made let a client in by name and by address, over HTTP/2, and are made once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  assert.ok(address !== undefined, 'this machine has no network');
  const make = () =>
    execFileSync(join(packageRoot(), 'spark/make-certificates.sh'), [folder, 'spark-connect', address], {
      encoding: 'utf8',
    });
  assert.match(make(), /^made certificates/);
  assert.match(make(), /^certificates are there/);
  assert.equal(statSync(join(folder, 'server.key')).mode & 0o777, 0o600);

  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const front = spawn(process.execPath, [
    join(packageRoot(), 'spark/tls-front.mjs'),
    join(folder, 'server.crt'),
    join(folder, 'server.key'),
    `${port}`,
  ]);
  t.after(() => front.kill());
  await once(front.stderr, 'data');

  const ca = readFileSync(join(folder, 'ca.crt'));
  for (const servername of ['spark-connect', address]) {
    const client: TLSSocket = connect({
      host: address,
      port,
      ca,
      ALPNProtocols: ['h2'],
      ...(servername === address ? {} : { servername }),
    });
    await once(client, 'secureConnect');
    assert.equal(client.alpnProtocol, 'h2');
    client.write('through');
    const [answer] = (await once(client, 'data')) as [Buffer];
    assert.equal(answer.toString(), 'through');
    client.destroy();
  }
  const stranger = connect({ host: address, port, ca, servername: 'somebody-else' });
  const [error] = (await once(stranger, 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
});
