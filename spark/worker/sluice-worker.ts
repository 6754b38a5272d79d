/**
 * The program in the place of PYSPARK_PYTHON: Spark starts it as `sluice-worker -m <module>`. It does the greeting, takes the query's payload and
 * runs the program inside it; everything else (client, handler, loop) is in there, so one installed file serves every version of a handler.
 */
import Module from 'node:module';
import type { Host } from './batch-host.js';
import { decodePayload } from './payload.js';
import { connectToSpark, DONE, FAILED, int, text } from './protocol.js';

const FOREACH_BATCH = 'pyspark.sql.connect.streaming.worker.foreach_batch_worker';

async function main(): Promise<void> {
  const [flag, module] = process.argv.slice(2);
  if (flag !== '-m' || module !== FOREACH_BATCH) {
    throw new Error(
      `sluice runs foreachBatch handlers; Spark asked it for ${[flag, module].join(' ')}, which needs a Python of its own (PYSPARK_PYTHON).`,
    );
  }
  process.setSourceMapsEnabled(true);
  const { socket, reader } = await connectToSpark(process.env);
  await reader.readText(); // The "Python version": what the client calls itself.
  const sessionId = await reader.readText();
  const command = await reader.readBytes();
  let serve: () => Promise<void>;
  try {
    const payload = decodePayload(command);
    const host = loadHost(payload.code, payload.queryName);
    serve = await host({
      sessionId,
      connectUrl: process.env.SPARK_CONNECT_LOCAL_URL ?? '',
      params: JSON.parse(payload.params),
      queryName: payload.queryName,
      next: async () => {
        const frameId = await reader.readTextOrEnd();
        return frameId === undefined ? undefined : { frameId, batchId: await reader.readLong() };
      },
      answer: (failure) =>
        void socket.write(failure === undefined ? int(DONE) : Buffer.concat([int(FAILED), text(failure)])),
      onEnd: (listener) => void socket.once('close', listener),
    });
  } catch (error) {
    socket.write(Buffer.concat([int(FAILED), text((error as Error).stack ?? String(error))]));
    throw error;
  }
  socket.write(int(DONE));
  await serve();
  socket.end();
}

function loadHost(code: string, queryName: string | undefined): Host {
  const name = `/sluice/${queryName ?? 'query'}.cjs`;
  const loaded = new Module(name) as Module & { _compile(source: string, file: string): void; exports: { host: Host } };
  loaded._compile(code, name);
  return loaded.exports.host;
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.stack ?? String(error));
    process.exit(1);
  },
);
