/**
 * The bytes between Spark and its "Python worker", as Spark 4.2 speaks them (`StreamingPythonRunner`, `PythonRunner`): integers are big-endian,
 * a text is its length and its UTF-8.
 */
import { connect, type Socket } from 'node:net';

/** Answers of a streaming worker: ready or done, and failed (`SpecialLengths.PYTHON_EXCEPTION_THROWN`), followed by a text. */
export const DONE = 0;
export const FAILED = -2;

/** No text or payload of this protocol is longer; a larger length means that the two sides no longer understand each other. */
const LENGTH_MAX = 256 * 1024 * 1024;

/** Reads a socket value by value. One reader per socket, one read at a time. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#source = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
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
  async readBytes(): Promise<Buffer> {
    const length = await this.readInt();
    if (length < 0 || length > LENGTH_MAX)
      throw new Error(`Spark announced ${length} bytes: not the protocol this worker speaks`);
    return this.#read(length);
  }
  /** A text, or undefined when Spark has closed the connection instead of sending one. */
  async readTextOrEnd(): Promise<string | undefined> {
    if (this.#buffered.length === 0 && !(await this.#fill())) return undefined;
    return this.readText();
  }

  async #read(length: number): Promise<Buffer> {
    while (this.#buffered.length < length) {
      if (!(await this.#fill())) throw new Error('Spark closed the connection in the middle of a message');
    }
    const bytes = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    return bytes;
  }

  async #fill(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#buffered = this.#buffered.length === 0 ? next.value : Buffer.concat([this.#buffered, next.value]);
    return true;
  }
}

export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([int(bytes.length), bytes]);
}

/**
 * Connects to the Spark that started this process and shows that we are who it started: by a secret over loopback TCP, or by a socket file that
 * only its user can open. Ends with our pid, by which Spark ends us.
 */
export async function connectToSpark(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly socket: Socket; readonly reader: ByteReader }> {
  const {
    PYTHON_WORKER_FACTORY_SOCK_PATH: path,
    PYTHON_WORKER_FACTORY_PORT: port,
    PYTHON_WORKER_FACTORY_SECRET: secret,
  } = env;
  if (path === undefined && (port === undefined || secret === undefined)) {
    throw new Error(
      'This program is started by Spark, as its Python worker (PYSPARK_PYTHON); it has no use of its own.',
    );
  }
  const socket = path === undefined ? connect({ host: '127.0.0.1', port: Number(port) }) : connect({ path });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const reader = new ByteReader(socket);
  if (path === undefined) {
    socket.write(text(secret as string));
    const answer = await reader.readText();
    if (answer !== 'ok') throw new Error('Spark refused the secret it gave us');
  }
  socket.write(int(process.pid));
  return { socket, reader };
}
