/**
 * The bytes between Spark and a worker program, as Spark 4.2 speaks them (`PythonWorkerUtils.scala`, `StreamingPythonRunner.scala`):
 *
 *   int    4 bytes, big-endian        text   int length, then so many bytes of UTF-8
 *   long   8 bytes, big-endian        bytes  int length, then so many bytes
 *
 * Values only; which follows which is told where they are read: handshake.ts, foreach-batch.ts.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** A worker's answers: ready, or done with a batch; or failed, which a text follows (`SpecialLengths.PYTHON_EXCEPTION_THROWN`). */
export const DONE = 0;
export const FAILED = -2;

/**
 * No text or payload is longer. Spark's Connect server takes at most 128 MB in one message, so a larger length can only mean that the two
 * sides no longer understand each other; believing it would fill the memory.
 */
export const LENGTH_MAX = 128 * 1024 * 1024;

/** More than this is not taken from the socket until somebody reads: the rest waits with the sender. */
const AHEAD_BYTES_MAX = 64 * 1024;

/** The two sides do not speak the same protocol, or one of them ended in the middle of a value. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * Reads a socket value by value; one read at a time. It takes a little ahead of what is asked, so that the end of the connection is noticed
 * at once, while nobody reads.
 */
export class ByteReader {
  /** Resolves when the other side has closed or lost the connection; never rejects. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;
  #wantedBytes = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isEnded = true;
        this.#wake?.();
        resolve();
      };
      socket.once('end', end);
      socket.once('close', end);
      // A lost connection ends as a closed one does: what it means is the reader's to say.
      socket.on('error', end);
    });
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bufferedBytes += chunk.length;
      if (this.#bufferedBytes >= this.#wantedBytes) this.#wake?.();
      if (this.#bufferedBytes > Math.max(AHEAD_BYTES_MAX, this.#wantedBytes)) socket.pause();
    });
  }

  /** Exactly so many bytes. */
  readExactly(length: number): Promise<Buffer> {
    return this.#read(length);
  }

  async readBoolean(): Promise<boolean> {
    return (await this.#read(1)).readInt8(0) !== 0;
  }

  /** Undefined if the connection ended before it began. */
  async readIntOrEnd(): Promise<number | undefined> {
    if (!(await this.#fill(1))) return undefined;
    return this.readInt();
  }

  async readInt(): Promise<number> {
    return (await this.#read(4)).readInt32BE(0);
  }

  async readLong(): Promise<bigint> {
    return (await this.#read(8)).readBigInt64BE(0);
  }

  async readText(): Promise<string> {
    return (await this.readBytes()).toString('utf8');
  }

  /** @throws ProtocolError for a length below 0 or above LENGTH_MAX. */
  async readBytes(): Promise<Buffer> {
    const length = await this.readInt();
    if (length < 0 || length > LENGTH_MAX) {
      throw new ProtocolError(`Spark announced a value of ${length} bytes: not the protocol that this worker speaks.`);
    }
    return this.#read(length);
  }

  /** A text, or undefined if the connection ended before it began. */
  async readTextOrEnd(): Promise<string | undefined> {
    if (!(await this.#fill(1))) return undefined;
    return this.readText();
  }

  async #read(length: number): Promise<Buffer> {
    if (!(await this.#fill(length))) throw new ProtocolError('Spark closed the connection in the middle of a message.');
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    const rest = all.subarray(length);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bufferedBytes = rest.length;
    if (this.#bufferedBytes <= AHEAD_BYTES_MAX) this.#socket.resume();
    return all.subarray(0, length);
  }

  /** Waits for so many bytes; false if the connection ended with fewer. */
  async #fill(length: number): Promise<boolean> {
    this.#wantedBytes = length;
    while (this.#bufferedBytes < length && !this.#isEnded) {
      this.#socket.resume();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    this.#wantedBytes = 0;
    return this.#bufferedBytes >= length;
  }
}

/** Writes values to a socket. */
export class ByteWriter {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /**
   * Sends the values together; resolves when the socket can take more.
   * @throws ProtocolError if the connection has ended.
   */
  async write(...values: readonly Buffer[]): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writable) throw new ProtocolError('Spark has closed the connection.');
    if (this.#socket.write(Buffer.concat(values))) return;
    await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]);
  }
}

export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

export function bytes(value: Uint8Array): Buffer {
  return Buffer.concat([int(value.length), value]);
}

export function text(value: string): Buffer {
  return bytes(Buffer.from(value, 'utf8'));
}
