/** A process that serves the tasks of one connection: started by the daemon, which hands the connection on, or by Spark itself. */
import { Socket } from 'node:net';
import { connectToSpark, type SparkLink } from './handshake.js';
import { ByteReader, ByteWriter, int, ProtocolError, text } from './protocol.js';
import { serveTasks } from './tasks.js';

/** What the daemon calls it; no module of Python's. */
export const TASK_MODULE = 'sluice.task';

/** The connection's file descriptor in a process of the daemon's. */
const CONNECTION = 3;

/** Spark started it without a daemon, as `pyspark.worker` (`spark.python.use.daemon=false`). */
export async function serveTasksDirectly(programFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  return serveTasks(programFile, await connectToSpark(env));
}

/** The daemon started it. By its pid Spark ends it; then it must show that it knows the secret, unless only the owner can open the socket's file. */
export async function serveTasksOfDaemon(programFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  const socket = new Socket({ fd: CONNECTION, readable: true, writable: true });
  const link: SparkLink = {
    reader: new ByteReader(socket),
    writer: new ByteWriter(socket),
    close: () => void socket.end(),
  };
  await link.writer.write(int(process.pid));
  if (env.PYTHON_UNIX_DOMAIN_ENABLED?.toLowerCase() !== 'true') {
    const isKnown = (await link.reader.readText()) === env.PYTHON_WORKER_FACTORY_SECRET;
    await link.writer.write(text(isKnown ? 'ok' : 'err'));
    if (!isKnown) throw new ProtocolError('Somebody who is not Spark has connected to its daemon.');
  }
  return serveTasks(programFile, link);
}
