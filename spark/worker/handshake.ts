/**
 * How a program that Spark has started shows that it is the one:
 *
 *   over loopback TCP    → text secret   ← text "ok"   → int pid
 *   over a socket file   → int pid                     (only the file's owner can open it)
 *
 * The port and secret, or the file, are in the environment (`PythonWorkerFactory.createSimpleWorker` of Spark 4.2). By the pid Spark ends us.
 */
import { connect, type Socket } from 'node:net';
import { ByteReader, ByteWriter, int, ProtocolError, text } from './protocol.js';

/** Spark's own wait for the worker (`spark.python.authenticate.socketTimeout`); it says another in SPARK_AUTH_SOCKET_TIMEOUT. */
const HANDSHAKE_TIMEOUT_SECONDS = 15;

/** The connection that a query's worker lives by: it ends when Spark closes it. */
export interface SparkLink {
  readonly reader: ByteReader;
  readonly writer: ByteWriter;
  close(): void;
}

/** @throws ProtocolError if the environment is not that of a worker, or Spark does not answer. */
export async function connectToSpark(env: NodeJS.ProcessEnv): Promise<SparkLink> {
  const { PYTHON_WORKER_FACTORY_SOCK_PATH: path, PYTHON_WORKER_FACTORY_SECRET: secret } = env;
  const port = Number(env.PYTHON_WORKER_FACTORY_PORT);
  const isByFile = path !== undefined && path !== '';
  if (!isByFile && (secret === undefined || !Number.isInteger(port) || port <= 0)) {
    throw new ProtocolError(
      'This program is started by Spark, in the place of Python (PYSPARK_PYTHON); by itself it does nothing.',
    );
  }
  const host = env.SPARK_PREFER_IPV6?.toLowerCase() === 'true' ? '::1' : '127.0.0.1';
  const socket = isByFile ? connect({ path }) : connect({ host, port });
  const place = isByFile ? path : `${host}:${port}`;
  const seconds = Number(env.SPARK_AUTH_SOCKET_TIMEOUT) || HANDSHAKE_TIMEOUT_SECONDS;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    socket.destroy(new Error('timeout'));
  }, seconds * 1000);

  try {
    await connected(socket, place);
    socket.setNoDelay(true);
    const reader = new ByteReader(socket);
    const writer = new ByteWriter(socket);
    if (!isByFile) {
      await writer.write(text(secret as string));
      if ((await reader.readText()) !== 'ok')
        throw new ProtocolError(`Spark at ${place} refused the secret that it gave.`);
    }
    await writer.write(int(process.pid));
    return { reader, writer, close: () => void socket.end() };
  } catch (error) {
    socket.destroy();
    throw isLate ? new ProtocolError(`Spark at ${place} did not answer in ${seconds} s.`, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

function connected(socket: Socket, place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void =>
      reject(new ProtocolError(`Spark cannot be reached at ${place}: ${error.message}`, { cause: error }));
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.removeListener('error', refuse);
      resolve();
    });
  });
}
