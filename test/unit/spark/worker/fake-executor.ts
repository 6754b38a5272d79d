/** Plays an executor's part for a worker program: starts its daemon as Spark would, connects to it, and speaks the executor's side of the protocol. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { integer, structType as struct } from '../../../../spark/connect/index.js';
import { encodeRowBatch } from '../../../../spark/connect/wire/encode-arrow.js';
import { STREAM_END } from '../../../../spark/connect/wire/write-arrow-stream.js';
import { encodePayload, packProgram } from '../../../../spark/worker/payload.js';
import { ByteReader, bytes, int, long, text } from '../../../../spark/worker/protocol.js';

const SECRET = 'a secret';

export interface FakeExecutorOptions {
  /** By a socket file instead of a port and a secret. */
  readonly byFile?: boolean;
}

/** A daemon, and the connections to it. All end with the test. */
export class FakeExecutor {
  readonly daemon: ChildProcess;
  readonly exited: Promise<number | null>;
  stderr = '';
  readonly #pids: number[] = [];
  readonly #options: FakeExecutorOptions;
  readonly #place: Promise<{ readonly port: number } | { readonly path: string }>;

  private constructor(daemon: ChildProcess, options: FakeExecutorOptions) {
    this.daemon = daemon;
    this.#options = options;
    this.exited = once(daemon, 'close').then(([code]) => code as number | null);
    daemon.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    const stdout = new ByteReader(daemon.stdout as Socket);
    this.#place = options.byFile
      ? stdout.readText().then((path) => ({ path }))
      : stdout.readInt().then((port) => ({ port }));
  }

  static async start(t: TestContext, program: string, options: FakeExecutorOptions = {}): Promise<FakeExecutor> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-fake-executor-'));
    const env = options.byFile
      ? { PYTHON_UNIX_DOMAIN_ENABLED: 'True', PYTHON_WORKER_FACTORY_SOCK_DIR: folder }
      : { PYTHON_WORKER_FACTORY_SECRET: SECRET };
    const daemon = spawn(program, ['-m', 'pyspark.daemon', 'pyspark.worker'], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const executor = new FakeExecutor(daemon, options);
    t.after(async () => {
      daemon.stdin?.end();
      // Those that it should have ended have its error output open.
      for (const pid of executor.#pids) kill(pid);
      await executor.exited;
      await rm(folder, { recursive: true, force: true });
    });
    return executor;
  }

  /** A worker of the daemon's. @param secret that the connection shows; Spark's own if not given. */
  async connect(t: TestContext, secret = SECRET): Promise<FakeTaskLink> {
    const place = await this.#place;
    const socket = connect('path' in place ? place : { ...place, host: '127.0.0.1' });
    t.after(() => void socket.destroy());
    const reader = new ByteReader(socket);
    const pid = await reader.readInt();
    this.#pids.push(pid);
    if (this.#options.byFile) return new FakeTaskLink(socket, reader, pid, 'ok');
    socket.write(text(secret));
    return new FakeTaskLink(socket, reader, pid, await reader.readText());
  }

  /** Asks the daemon to kill a worker. */
  kill(pid: number): void {
    this.daemon.stdin?.write(int(pid));
  }
}

export interface FakeTask {
  /** The body of an async function of `side`, in the place of a bundle's `mapColumns`. */
  readonly code: string;
  readonly fedBy?: number;
  readonly params?: string;
  /** From 4.3 on what to do has a length. */
  readonly hasLength?: boolean;
  /** Batches of numbers, in one column. */
  readonly input?: readonly (readonly number[])[];
}

/** What a worker answered to a task: parts of the answer's Arrow stream, and whether another task may follow; or the failure's text. */
export type FakeAnswer = { readonly arrow: Buffer; readonly isReady: boolean } | string;

/** One connection to a worker. */
export class FakeTaskLink {
  readonly socket: Socket;
  readonly #reader: ByteReader;
  readonly pid: number;
  /** `ok` if it accepted the secret. */
  readonly accepted: string;

  constructor(socket: Socket, reader: ByteReader, pid: number, accepted: string) {
    this.socket = socket;
    this.#reader = reader;
    this.pid = pid;
    this.accepted = accepted;
  }

  get ended(): Promise<void> {
    return this.#reader.ended;
  }

  async send(task: FakeTask): Promise<void> {
    const start = Buffer.concat([int(3), ...(await whatToDo(task))]);
    const input = (task.input ?? [[1, 2]]).map((numbers) =>
      encodeRowBatch(
        numbers.map((n) => ({ n })),
        struct({ n: integer() }),
      ),
    );
    const { schema } = encodeRowBatch([], struct({ n: integer() }));
    this.socket.write(
      Buffer.concat([
        ...(task.hasLength ? [int(-8), int(start.length)] : []),
        start,
        schema,
        ...input.map(({ batch }) => batch),
        STREAM_END,
        int(-4),
      ]),
    );
  }

  /** Sends a task and reads its answer, which must be one piece of at most one Arrow stream of `arrowBytes`. */
  async run(task: FakeTask, arrowBytes = 0): Promise<FakeAnswer> {
    await this.send(task);
    return this.answer(arrowBytes);
  }

  async answer(arrowBytes = 0): Promise<FakeAnswer> {
    let code = await this.#reader.readInt();
    let arrow = Buffer.alloc(0);
    if (code === -6) {
      arrow = Buffer.from(await this.#reader.readExactly(arrowBytes));
      code = await this.#reader.readInt();
    }
    if (code === -2) return this.#reader.readText();
    if (code !== -3) return `unexpected ${code}`;
    for (let times = 0; times < 4 + 2; times++) await this.#reader.readLong();
    if ((await this.#reader.readInt()) !== -1 || (await this.#reader.readInt()) !== 0) return 'no end';
    return { arrow, isReady: (await this.#reader.readInt()) === -4 };
  }
}

async function whatToDo({ code, fedBy = 200, params = 'null' }: FakeTask): Promise<readonly Buffer[]> {
  const program = await packProgram({
    code: `exports.host = {
      mapColumns: async (side) => { ${code} },
      mapPartition: async (side) => { throw new Error('mapPartition was called'); },
    };`,
    map: '{}',
  });
  const payload = encodePayload({ queryName: undefined, handler: 'text.ts#shout', params, returns: '"x"' }, program);
  const context = JSON.stringify({ isBarrier: false, partitionId: 3, attemptNumber: 1, localProperties: {} });
  return [
    text('sluice-1'),
    text(context),
    text('/files'),
    int(1),
    text('an-include.zip'),
    Buffer.of(0),
    int(0),
    int(fedBy),
    int(1),
    text('spark.sql.session.timeZone'),
    text('UTC'),
    int(0),
    int(1),
    int(1),
    int(0),
    Buffer.of(0),
    int(1),
    bytes(payload),
    long(77n),
  ];
}

/** As Spark 4.1 begins a task: flags and numbers where 4.2 has JSON. */
export function olderTask(): Buffer {
  return Buffer.concat([
    int(0),
    text('sluice-1'),
    Buffer.of(0),
    int(1),
    int(0),
    int(0),
    long(5n),
    int(1),
    int(0),
    int(0),
  ]);
}

/** A process that has ended already is no fault. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
