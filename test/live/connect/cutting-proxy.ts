// A TCP proxy that hangs up on purpose: what a client lives through when a load balancer restarts or a cable is pulled.
import { createServer, connect as dial, type Socket } from 'node:net';

export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections cut so far. */
  readonly cuts: number;
  /** Cuts each connection after so many bytes of answer, for the next `times` connections; then lets all pass. */
  cutAfter(bytes: number, times: number): void;
}

/** Listens on a free port of loopback and forwards to `host:port`. */
export async function startCuttingProxy(host: string, port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  let cutsLeft = 0;
  let bytesMax = 0;
  const server = createServer((client) => {
    const upstream = dial(port, host);
    let bytes = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // A cut connection is reset at the other end; that is the purpose.
      socket.on('error', () => {});
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (cutsLeft > 0 && bytes > bytesMax) {
        cutsLeft--;
        cuts++;
        client.destroy();
        upstream.destroy();
        return;
      }
      if (!client.write(Uint8Array.from(chunk))) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    get cuts() {
      return cuts;
    },
    cutAfter(bytes, times) {
      bytesMax = bytes;
      cutsLeft = times;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
