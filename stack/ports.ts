/** Ports on loopback: the usual one if it is free, else a free one. */

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { StackError } from './stack-error.js';

export const LOOPBACK = '127.0.0.1';

/**
 * Free ports are looked for below the range from which Linux and macOS take the local ends of outgoing connections. A server port inside that
 * range can be lost while its server restarts: a client that keeps trying to connect to it may be given the very same number and then
 * is connected to itself.
 */
const FREE_PORTS = { from: 20_000, until: 30_000, attemptsMax: 200 } as const;

/** Whether a server could listen there now. Something that listens on all interfaces counts as being in the way. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Chooses ports one after another, never one twice: several services are given theirs before any of them listens.
 * A port can still be lost to another program between choice and use; then the start chooses anew (start.ts).
 */
export class PortChooser {
  readonly #chosen = new Set<number>();

  /** @param wished the usual port; 0 for any. */
  async choose(wished: number): Promise<number> {
    if (wished !== 0 && !this.#chosen.has(wished) && (await isPortFree(wished))) return this.#take(wished);
    for (let attempt = 0; attempt < FREE_PORTS.attemptsMax; attempt++) {
      const port = randomInt(FREE_PORTS.from, FREE_PORTS.until);
      if (!this.#chosen.has(port) && (await isPortFree(port))) return this.#take(port);
    }
    throw new StackError(
      'unsupported',
      `no free port between ${FREE_PORTS.from} and ${FREE_PORTS.until} on ${LOOPBACK}`,
    );
  }

  #take(port: number): number {
    this.#chosen.add(port);
    return port;
  }
}
