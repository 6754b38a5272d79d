// TLS before a server that speaks in the open, with a certificate of an authority made for it: what a load balancer does.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { packageRoot } from '../../../config/package-root.js';

export interface TlsProxy extends AsyncDisposable {
  readonly port: number;
  /** PEM file of the authority that signed its certificate. */
  readonly caFile: string;
  /** Connections that were opened, with whatever became of their handshakes. */
  readonly connections: number;
}

/** Listens on a free port of loopback, with a certificate for `names`, and forwards what it decrypts to `host:port`. */
export async function startTlsProxy(host: string, port: number, names: readonly string[]): Promise<TlsProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  execFileSync(join(packageRoot(), 'spark/make-certificates.sh'), [folder, ...names], { stdio: 'ignore' });
  const [cert, key] = ['server.crt', 'server.key'].map((name) => readFileSync(join(folder, name)));
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ cert, key, ALPNProtocols: ['h2'] }, (client) => {
    const upstream = dial(port, host);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.on('connection', () => {
    connections++;
  });
  // A client that does not trust us hangs up.
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    caFile: join(folder, 'ca.crt'),
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
