/**
 * Stands between an executor and its workers, as Spark's `pyspark.daemon` does (`PythonWorkerFactory` of Spark 4.2): starting processes is quick from
 * here and slow from a JVM.
 *
 *   → stdout: int port, or text path of a socket file; nothing else ever
 *   ← a connection: a worker is wanted. A process of its own serves it, see worker-process below
 *   ← stdin: int pid of a worker to be killed; end of file: Spark has gone
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { int, text } from './protocol.js';
import { TASK_MODULE } from './task-worker.js';

/** Waiting connections: an executor asks for as many workers at once as it has cores. */
const BACKLOG = 1024;

/** Resolves with the exit code when Spark has gone. */
export async function serveDaemon(programFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  // Ctrl-C on a terminal reaches every process there; when to end is Spark's to say.
  process.on('SIGINT', () => {});
  const workers = new Map<number, ChildProcess>();
  const path =
    env.PYTHON_UNIX_DOMAIN_ENABLED?.toLowerCase() === 'true'
      ? join(env.PYTHON_WORKER_FACTORY_SOCK_DIR ?? '/tmp', `.${randomUUID()}.sock`)
      : undefined;
  // Paused, so that what Spark has sent already is read by the process that is given the connection.
  const server = createServer({ pauseOnConnect: true }, (socket) => startWorker(programFile, socket, workers));
  await listen(server, path, env.SPARK_PREFER_IPV6?.toLowerCase() === 'true' ? '::1' : '127.0.0.1');
  process.stdout.write(path === undefined ? int((server.address() as AddressInfo).port) : text(path));

  await readPids((pid) => workers.get(pid)?.kill('SIGKILL'));
  for (const worker of workers.values()) worker.kill('SIGKILL');
  if (path !== undefined) rmSync(path, { force: true });
  return 0;
}

function listen(server: Server, path: string | undefined, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ backlog: BACKLOG, ...(path === undefined ? { host, port: 0 } : { path }) }, resolve);
  });
}

function startWorker(programFile: string, socket: Socket, workers: Map<number, ChildProcess>): void {
  // What functions print goes where the daemon's own words go: Spark reads stdout for the port alone.
  const worker = spawn(process.execPath, [programFile, '-m', TASK_MODULE], { stdio: ['ignore', 2, 2, socket] });
  worker.once('error', (error) => {
    process.stderr.write(`sluice-worker: no process for a task: ${error.message}\n`);
    socket.destroy();
  });
  const { pid } = worker;
  if (pid === undefined) return;
  workers.set(pid, worker);
  worker.once('exit', () => workers.delete(pid));
  // The process has a copy of its own.
  socket.destroy();
}

/** Resolves at the end of stdin. */
async function readPids(kill: (pid: number) => void): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (; rest.length >= 4; rest = rest.subarray(4)) kill(rest.readInt32BE(0));
  }
}
