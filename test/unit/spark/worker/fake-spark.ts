/** Plays Spark's part for a worker program: listens, starts it as Spark would, and speaks the driver's side of the protocol. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodePayload, packProgram } from '../../../../spark/worker/payload.js';
import { ByteReader, bytes, long, text } from '../../../../spark/worker/protocol.js';

const root = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../..' : '../../../../..', import.meta.url),
);
const FOREACH_BATCH = 'pyspark.sql.connect.streaming.worker.foreach_batch_worker';
const SECRET = 'a secret';

/** The worker program of these sources, in a folder of its own that is gone after the file's tests. */
export async function buildWorker(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-worker-build-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'sluice-worker.cjs');
  await promisify(execFile)(process.execPath, [join(root, 'spark', 'worker', 'build.mjs'), file]);
  return file;
}

export interface FakeSparkOptions {
  /** By a socket file instead of a port and a secret. */
  readonly byFile?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
  /** What Spark knows; the worker is told another one if they differ. */
  readonly secret?: string;
}

/** Spark, with the worker that it has started. Both end with the test. */
export class FakeSpark {
  readonly worker: ChildProcess;
  /** Resolves with code or signal. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
  stderr = '';
  #socket: Socket | undefined;
  #reader: ByteReader | undefined;
  readonly #server: Server;

  private constructor(server: Server, worker: ChildProcess) {
    this.#server = server;
    this.worker = worker;
    worker.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    this.exited = once(worker, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  }

  static async start(t: TestContext, program: string, options: FakeSparkOptions = {}): Promise<FakeSpark> {
    const server = createServer();
    const folder = await mkdtemp(join(tmpdir(), 'sluice-fake-spark-'));
    const path = join(folder, 'worker.sock');
    server.listen(options.byFile ? { path } : { host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const place = options.byFile
      ? { PYTHON_WORKER_FACTORY_SOCK_PATH: path }
      : {
          PYTHON_WORKER_FACTORY_PORT: String((server.address() as AddressInfo).port),
          PYTHON_WORKER_FACTORY_SECRET: SECRET,
        };
    const env = {
      PATH: process.env.PATH,
      SPARK_CONNECT_LOCAL_URL: 'sc://localhost:1/;user_id=u',
      ...place,
      ...options.env,
    };
    const worker = spawn(program, options.args ?? ['-m', FOREACH_BATCH], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const spark = new FakeSpark(server, worker);
    t.after(async () => {
      worker.kill('SIGKILL');
      await spark.exited;
      spark.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    });
    return spark;
  }

  /** Accepts the worker and checks its secret, as `PythonWorkerFactory` does; answers the pid that it tells. */
  async accept({ byFile = false, secret = SECRET }: FakeSparkOptions = {}): Promise<number> {
    const [socket] = (await once(this.#server, 'connection')) as [Socket];
    this.#socket = socket;
    this.#reader = new ByteReader(socket);
    if (!byFile) {
      if ((await this.#reader.readText()) !== secret) {
        socket.end(text('err'));
        return -1;
      }
      socket.write(text('ok'));
    }
    return this.#reader.readInt();
  }

  /** Starts the query whose handler's program is `code`; answers 0, or the failure's text. */
  async startQuery(code: string, { map = '{}', params = 'null', queryName = 'q' } = {}): Promise<number | string> {
    const program = await packProgram({ code, map });
    const payload = encodePayload({ queryName, handler: 'orders/save.ts#save', params }, program);
    return this.startWith(payload);
  }

  async startWith(payload: Buffer): Promise<number | string> {
    this.socket.write(Buffer.concat([text('sluice-1'), text('a-session'), bytes(payload)]));
    return this.#answer();
  }

  /** Sends a batch and waits for its answer: 0, or the failure's text. */
  async batch(frameId: string, batchId: bigint, sessionId?: string): Promise<number | string> {
    this.send(frameId, batchId, sessionId);
    return this.#answer();
  }

  send(frameId: string, batchId: bigint, sessionId?: string): void {
    const session = sessionId === undefined ? [] : [text(sessionId)];
    this.socket.write(Buffer.concat([text(frameId), long(batchId), ...session]));
  }

  /** Ends the connection, as a query that ends does. */
  close(): void {
    this.#socket?.destroy();
  }

  get socket(): Socket {
    if (this.#socket === undefined) throw new Error('the worker has not connected');
    return this.#socket;
  }

  async #answer(): Promise<number | string> {
    const reader = this.#reader as ByteReader;
    const code = await reader.readInt();
    return code === -2 ? reader.readText() : code;
  }
}
