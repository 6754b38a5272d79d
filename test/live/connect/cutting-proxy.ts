// A TCP proxy that hangs up on purpose: what a client lives through when a load balancer restarts or a cable is pulled.
import { createServer, connect as dial, type Socket } from 'node:net';

export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections cut so far. */
  readonly cuts: number;
  /** The size of the largest message of the server's so far. */
  readonly messageBytesMax: number;
  /** Cuts each connection after so many bytes of answer, for the next `times` connections; then lets all pass. */
  cutAfter(bytes: number, times: number): void;
  /** Cuts every connection when its `messages`-th answer has gone through, until told otherwise; 0 lets all pass. */
  cutAfterEach(messages: number): void;
}

/** Listens on a free port of loopback and forwards to `host:port`. */
export async function startCuttingProxy(host: string, port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  let cutsLeft = 0;
  let bytesMax = 0;
  let messagesMax = 0;
  let messageBytesMax = 0;
  const server = createServer((client) => {
    const upstream = dial(port, host);
    let bytes = 0;
    const counter = new MessageCounter();
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
      const end = counter.read(chunk, messagesMax === 0 ? Number.POSITIVE_INFINITY : messagesMax);
      messageBytesMax = Math.max(messageBytesMax, counter.messageBytesMax);
      if (end !== undefined) {
        cuts++;
        upstream.destroy();
        // What belongs to the message still arrives; then the connection is gone.
        client.end(Uint8Array.from(chunk.subarray(0, end)), () => client.destroy());
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
    get messageBytesMax() {
      return messageBytesMax;
    },
    cutAfter(bytes, times) {
      bytesMax = bytes;
      cutsLeft = times;
    },
    cutAfterEach(messages) {
      messagesMax = messages;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const FRAME_HEADER = 9;
const DATA = 0;
const PADDED = 0x8;
const MESSAGE_HEADER = 5;

/** Finds the ends of gRPC messages in what an HTTP/2 server sends (RFC 9113, section 4.1; gRPC's length-prefixed messages inside DATA frames). */
class MessageCounter {
  messageBytesMax = 0;
  #messages = 0;
  /** Of the frame being read. */
  #header: number[] = [];
  #left = 0;
  /** Per HTTP/2 stream: bytes of the message's own header so far, and how many of its bytes are to come. */
  readonly #open = new Map<number, { header: number[]; left: number }>();
  #streamId = 0;

  /** Where in `chunk` the message number `wanted` of this connection ends; undefined if it does not. */
  read(chunk: Buffer, wanted: number): number | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left === 0) {
        this.#header.push(chunk[at++] as number);
        if (this.#header.length < FRAME_HEADER) continue;
        const [a = 0, b = 0, c = 0, type = 0, flags = 0, ...id] = this.#header;
        if (type === DATA && (flags & PADDED) !== 0) throw new Error('padded frames are not understood here');
        this.#left = (a << 16) | (b << 8) | c;
        this.#streamId = type === DATA ? Buffer.from(id).readUInt32BE() & 0x7fff_ffff : 0;
        this.#header = [];
        continue;
      }
      const part = Math.min(this.#left, chunk.length - at);
      if (this.#streamId !== 0) {
        const end = this.#readData(chunk.subarray(at, at + part), wanted);
        if (end !== undefined) return at + end;
      }
      at += part;
      this.#left -= part;
    }
    return undefined;
  }

  #readData(data: Buffer, wanted: number): number | undefined {
    const message = this.#open.get(this.#streamId) ?? { header: [], left: 0 };
    this.#open.set(this.#streamId, message);
    for (let at = 0; at < data.length; ) {
      if (message.header.length < MESSAGE_HEADER) {
        message.header.push(data[at++] as number);
        if (message.header.length < MESSAGE_HEADER) continue;
        message.left = Buffer.from(message.header).readUInt32BE(1);
        this.messageBytesMax = Math.max(this.messageBytesMax, message.left);
      }
      const part = Math.min(message.left, data.length - at);
      at += part;
      message.left -= part;
      if (message.left > 0) continue;
      message.header = [];
      this.#messages++;
      if (this.#messages >= wanted) return at;
    }
    return undefined;
  }
}
