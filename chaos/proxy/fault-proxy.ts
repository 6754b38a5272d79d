/**
 * Stands between a service and its clients and passes everything on, until it is told to wait for one message and to do harm at that very
 * instant: lose the request before the service has it, lose the reply after the service has acted, hold either back. Deterministic where
 * a filter of packets is not: it knows which message it is.
 */
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import type { WirePoint } from '../fault.js';
import { type Conversation, isSamePoint, type ReplyMessage, type RequestMessage } from './conversation.js';

export type Harm =
  | { readonly kind: 'lose'; readonly lost: 'request' | 'reply' }
  | { readonly kind: 'delay-reply'; readonly delayMs: number }
  /** The request stays here until `release` is called, whatever becomes of the client. */
  | { readonly kind: 'hold-request'; readonly release: Promise<void> };

export interface Trap {
  readonly at: WirePoint;
  readonly harm: Harm;
  /** Called once, at the instant: of a request to be lost or held before the service has it, of a reply when the service has acted. */
  readonly onSprung?: (peer: Peer) => void;
}

/** Who sent the message: the client's end of its connection to the proxy. */
export interface Peer {
  readonly clientPort: number;
  readonly proxyPort: number;
}

const HOST = '127.0.0.1';

export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #open: (proxyPort: number, servicePort: number) => Conversation;
  #servicePort: number | undefined;
  #trap: { readonly trap: Trap; readonly spring: (peer: Peer) => void } | undefined;

  private constructor(open: (proxyPort: number, servicePort: number) => Conversation) {
    this.#open = open;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Listens on `port` of loopback. Connections are refused until `forwardTo` says where they go. */
  static async listen(
    port: number,
    open: (proxyPort: number, servicePort: number) => Conversation,
  ): Promise<FaultProxy> {
    const proxy = new FaultProxy(open);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(port, HOST, resolve);
    });
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    return address.port;
  }

  forwardTo(servicePort: number): void {
    this.#servicePort = servicePort;
  }

  /**
   * Waits for the message and does the harm, once. Resolves when it is done.
   * @throws the signal's reason when the message has not come by then; the trap is gone. What `onSprung` throws.
   */
  async trap(trap: Trap, signal: AbortSignal): Promise<Peer> {
    if (this.#trap !== undefined) throw new Error('a trap is set already');
    signal.throwIfAborted();
    return new Promise<Peer>((resolve, reject) => {
      const giveUp = (): void => {
        this.#trap = undefined;
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#trap = {
        trap,
        spring: (peer) => {
          signal.removeEventListener('abort', giveUp);
          try {
            trap.onSprung?.(peer);
            resolve(peer);
          } catch (error) {
            reject(error);
          }
        },
      };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    if (this.#servicePort === undefined) {
      client.destroy();
      return;
    }
    const service = dial(this.#servicePort, HOST);
    for (const socket of [client, service]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => this.#sockets.delete(socket));
      // Resets are what this is for; the other end is closed with it.
      socket.on('error', () => {});
    }
    new Link(client, service, this.#open(this.port, this.#servicePort), {
      clientPort: client.remotePort ?? 0,
      proxyPort: this.port,
    }).start((point) => this.#take(point));
  }

  /** The trap if this is its message; from then on it is the link's to spring. */
  #take(point: WirePoint): Sprung | undefined {
    const set = this.#trap;
    if (set === undefined || !isSamePoint(set.trap.at, point)) return undefined;
    this.#trap = undefined;
    return { harm: set.trap.harm, spring: set.spring };
  }
}

interface Sprung {
  readonly harm: Harm;
  readonly spring: (peer: Peer) => void;
}

/** One client's connection and the one to the service that belongs to it. */
class Link {
  readonly #client: Socket;
  readonly #service: Socket;
  readonly #conversation: Conversation;
  readonly #peer: Peer;
  /** The exchange whose reply is waited for, to be lost or held back. */
  #struck: { readonly exchange: number; readonly sprung: Sprung } | undefined;
  /** What waits here on its way to the client; undefined when nothing is held back. */
  #heldReplies: Uint8Array[] | undefined;
  #heldRequests: Uint8Array[] | undefined;
  #isHolding = false;

  constructor(client: Socket, service: Socket, conversation: Conversation, peer: Peer) {
    this.#client = client;
    this.#service = service;
    this.#conversation = conversation;
    this.#peer = peer;
  }

  start(take: (point: WirePoint) => Sprung | undefined): void {
    this.#client.on('data', (chunk: Uint8Array) => {
      for (const message of this.#conversation.requests(copyOf(chunk))) this.#onRequest(message, take);
    });
    this.#service.on('data', (chunk: Uint8Array) => {
      for (const message of this.#conversation.replies(copyOf(chunk))) this.#onReply(message);
    });
    // A held request outlives its client: it is what a message in flight is.
    this.#client.on('close', () => {
      if (!this.#isHolding) this.#service.destroy();
    });
    this.#service.on('close', () => this.#client.destroy());
  }

  #onRequest(message: RequestMessage, take: (point: WirePoint) => Sprung | undefined): void {
    if (this.#client.destroyed) return;
    const sprung = message.point === undefined ? undefined : take(message.point);
    if (sprung !== undefined) {
      const { harm, spring } = sprung;
      if (harm.kind === 'lose' && harm.lost === 'request') {
        spring(this.#peer);
        this.#reset();
        return;
      }
      if (harm.kind === 'hold-request') {
        this.#isHolding = true;
        this.#heldRequests = [message.bytes];
        spring(this.#peer);
        void harm.release.then(() => this.#releaseRequests());
        return;
      }
      this.#struck = { exchange: message.exchange, sprung };
    }
    if (this.#heldRequests !== undefined) this.#heldRequests.push(message.bytes);
    else forward(this.#client, this.#service, message.bytes);
  }

  #onReply(message: ReplyMessage): void {
    const struck = this.#struck?.exchange === message.exchange ? this.#struck.sprung : undefined;
    if (struck === undefined) {
      this.#reply(message.bytes);
      return;
    }
    if (struck.harm.kind === 'delay-reply') {
      this.#struck = undefined;
      this.#heldReplies = [message.bytes];
      struck.spring(this.#peer);
      setTimeout(() => this.#releaseReplies(), struck.harm.delayMs);
      return;
    }
    // The parts of the answer are dropped; with the last one the service has done its work.
    if (!message.isLast) return;
    this.#struck = undefined;
    struck.spring(this.#peer);
    this.#reset();
  }

  #reply(bytes: Uint8Array): void {
    if (this.#heldReplies !== undefined) this.#heldReplies.push(bytes);
    else forward(this.#service, this.#client, bytes);
  }

  #releaseReplies(): void {
    const held = this.#heldReplies ?? [];
    this.#heldReplies = undefined;
    for (const bytes of held) forward(this.#service, this.#client, bytes);
  }

  #releaseRequests(): void {
    const held = this.#heldRequests ?? [];
    this.#heldRequests = undefined;
    this.#isHolding = false;
    for (const bytes of held) forward(this.#client, this.#service, bytes);
    // Its client has gone meanwhile: the message arrives nevertheless, and then the end.
    if (this.#client.destroyed) this.#service.end();
  }

  #reset(): void {
    this.#client.resetAndDestroy();
    this.#service.resetAndDestroy();
  }
}

/** The buffers of a socket are used again, and Kafka's replies are changed in place. */
function copyOf(chunk: Uint8Array): Uint8Array {
  return Uint8Array.from(chunk);
}

/** Reads no faster than the other side takes. */
function forward(from: Socket, to: Socket, bytes: Uint8Array): void {
  if (to.destroyed || to.write(bytes) || from.destroyed) return;
  from.pause();
  to.once('drain', () => from.resume());
}
