/**
 * Serves the foreachBatch of one query, from its start to its end. What follows the handshake, as Spark 4.2 speaks it
 * (`StreamingPythonRunner`, `StreamingForeachBatchHelper`), which calls this `pyspark.sql.connect.streaming.worker.foreach_batch_worker`:
 *
 *   ← text version   ← text session id   ← bytes payload   → int 0, or int -2 and text: the query does not start
 *   per batch: ← text frame id   ← long batch id   (from 4.3: ← text session id)   → int 0, or int -2 and text: the query fails
 *   end of file: the query has ended
 */
import { HandlerThread } from './handler-thread.js';
import { connectToSpark, type SparkLink } from './handshake.js';
import { decodePayload } from './payload.js';
import { DONE, FAILED, int, text } from './protocol.js';

/** How long a handler may take to give up once its query has ended. Then the process ends, whatever the handler does. */
const GRACE_MS = 2000;

/** A driver that dies closes the connection, by which we end; this is for what might keep the connection open without it. */
const PARENT_POLL_MS = 1000;

/** Resolves with the exit code when the query has ended. @throws ProtocolError if Spark does not speak as expected. */
export async function serveForeachBatch(programFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  const link = await connectToSpark(env);
  // Ours, see `batchHandler`: what the payload is it tells itself.
  await link.reader.readText();
  const sessionId = await link.reader.readText();
  const command = await link.reader.readBytes();
  const end = whenQueryEnds(link);

  let thread: HandlerThread;
  let hasSessionPerBatch: boolean;
  try {
    const connectUrl = env.SPARK_CONNECT_LOCAL_URL;
    if (connectUrl === undefined)
      throw new Error('Spark gave no SPARK_CONNECT_LOCAL_URL: this worker is for Spark Connect, from 4.0 on.');
    thread = new HandlerThread(programFile, {
      ...decodePayload(command),
      sessionId,
      connectUrl,
      logFile: env.SLUICE_WORKER_LOG,
    });
    const ready = await Promise.race([thread.ready(), end]);
    if (typeof ready === 'string') return 0;
    hasSessionPerBatch = ready.hasSessionPerBatch;
  } catch (error) {
    await fail(link, (error as Error).message);
    // Spark reads the failure before it closes the connection; but of a query that never began it may forget to.
    await Promise.race([end, afterMs(GRACE_MS)]);
    return 1;
  }
  await link.writer.write(int(DONE));

  const serving = serveBatches(link, thread, hasSessionPerBatch);
  const reason = await Promise.race([serving, end]);
  if (reason === undefined || !thread.isBusy) return 0;
  thread.end(reason);
  await Promise.race([serving.catch(ignore), afterMs(GRACE_MS)]);
  return 0;
}

/** Resolves at the end of the connection. */
async function serveBatches(
  { reader, writer }: SparkLink,
  thread: HandlerThread,
  hasSessionPerBatch: boolean,
): Promise<undefined> {
  for (;;) {
    const frameId = await reader.readTextOrEnd();
    if (frameId === undefined) return undefined;
    const batchId = await reader.readLong();
    const sessionId = hasSessionPerBatch ? await reader.readText() : undefined;
    const failure = await thread.run({ frameId, batchId, sessionId });
    if (failure === undefined) await writer.write(int(DONE));
    else await fail({ writer }, failure);
  }
}

async function fail({ writer }: Pick<SparkLink, 'writer'>, failure: string): Promise<void> {
  await writer.write(int(FAILED), text(failure));
}

/** Resolves with the reason when Spark closes the connection, asks us to end (it terminates the worker of a query that stops), or is gone. */
function whenQueryEnds({ reader }: SparkLink): Promise<string> {
  // Ctrl-C reaches every process of a terminal, and what becomes of the query is Spark's to say.
  process.on('SIGINT', ignore);
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('Spark has stopped the query.'));
    void reader.ended.then(() => resolve('Spark has ended the query, or has gone.'));
    const parent = process.ppid;
    const poll = setInterval(() => {
      if (process.ppid !== parent) resolve('The Spark driver has gone.');
    }, PARENT_POLL_MS);
    poll.unref();
  });
}

function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

function ignore(): void {}
