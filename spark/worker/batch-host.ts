/**
 * Runs a handler for batch after batch. Bundled with the handler and the Connect client, so that a query's three parts are of one version
 * whatever worker file is installed at the server; it meets that file only in `WorkerSide` and `Host`.
 */
import { randomUUID } from 'node:crypto';
import { batchId, type SparkSession as Session, SparkSession, type StreamingQuery } from '../connect/index.js';
import { captureConsole } from './console-capture.js';
import { describeFailure, withoutOwnLines } from './failure.js';
import type { BatchHandler } from './handler.js';

/** The worker program, as seen from inside a payload. Part of the payload's format: a change here raises it. */
export interface WorkerSide {
  readonly sessionId: string;
  /** `sc://…` of the server that started us, with its token if it has one. */
  readonly connectUrl: string;
  readonly queryName: string | undefined;
  /** Names the handler in messages. */
  readonly handler: string;
  /** JSON. */
  readonly params: string;
  /** File of the records of what is printed. */
  readonly logFile: string | undefined;
  /** Aborted when the query has ended. */
  readonly signal: AbortSignal;
  readonly mapStack: (text: string) => string;
}

export interface Batch {
  /** Id of the batch's rows, a relation that the server holds until we answer. */
  readonly frameId: string;
  readonly batchId: bigint;
  /** From Spark 4.3: the session in which the query runs, a copy of the one that started it. There the rows are. */
  readonly sessionId: string | undefined;
}

export interface Hosted {
  /** Whether Spark names a session with each batch. The worker must know before the first: the protocol itself does not tell. */
  readonly hasSessionPerBatch: boolean;
  /** Answers the failure's text, or undefined for a batch that is done; never rejects. */
  run(batch: Batch): Promise<string | undefined>;
}

/** What a payload's program exports as `host`. Resolves when it is ready for batches. */
export type Host = (worker: WorkerSide) => Promise<Hosted>;

const INTERRUPT_INTERVAL_MS = 200;

export function hostOf(handler: BatchHandler<never>): Host {
  return async (worker) => {
    const { queryName, signal, mapStack, logFile } = worker;
    const capture = captureConsole({ query: queryName, file: logFile, mapStack });
    const spark = await connect(worker, worker.sessionId);
    const sessions = new Map<string, Session>([[worker.sessionId, spark]]);
    const params = JSON.parse(worker.params) as never;
    let found: { readonly query: StreamingQuery | undefined } | undefined;
    let tag = '';

    // The handler's operations run at the server and would go on writing without us. Again and again until this process ends, since a handler that
    // does not look at its signal goes on to its next one.
    signal.addEventListener('abort', () => {
      void interrupt(sessions.values(), tag);
      setInterval(() => void interrupt(sessions.values(), tag), INTERRUPT_INTERVAL_MS).unref();
    });

    async function handle(batch: Batch): Promise<void> {
      const session = await sessionOf(batch);
      if (found === undefined) {
        found = { query: await findQuery(spark, queryName) };
        tag = `sluice-query-${found.query?.id ?? randomUUID()}`;
        // Left by a worker of this query that was killed.
        await interrupt([session], tag);
      }
      if (!session.getTags().includes(tag)) session.addTag(tag);
      signal.throwIfAborted();
      await handler(session.remoteFrame(batch.frameId), {
        batchId: batchId(batch.batchId),
        queryName,
        queryId: found.query?.id,
        runId: found.query?.runId,
        spark: session,
        params,
        signal,
        log: capture.logOf(batch.batchId),
      });
    }

    async function sessionOf({ sessionId = worker.sessionId }: Batch): Promise<Session> {
      let session = sessions.get(sessionId);
      if (session === undefined) {
        session = await connect(worker, sessionId);
        sessions.set(sessionId, session);
      }
      return session;
    }

    return {
      hasSessionPerBatch: hasSessionPerBatch(spark.version),
      run: (batch) =>
        capture.within(batch.batchId, async () => {
          try {
            await handle(batch);
            return undefined;
          } catch (error) {
            const where = `${worker.handler}, query ${queryName ?? '(unnamed)'}, batch ${batch.batchId}`;
            return `${where}: ${withoutOwnLines(mapStack(describeFailure(error)))}`;
          }
        }),
    };
  };
}

function connect({ connectUrl }: WorkerSide, sessionId: string): Promise<Session> {
  return SparkSession.connect(connectUrl, { sessionId, userAgent: 'sluice-worker' });
}

/** Spark 4.3 runs foreachBatch in the session of the query instead of its parent's (SPARK-44462), and names it with each batch. */
export function hasSessionPerBatch(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 3);
}

/** The protocol does not say which query it is; the session's manager knows it by name, or as the only one without. */
async function findQuery(spark: Session, name: string | undefined): Promise<StreamingQuery | undefined> {
  const namesakes = (await spark.streams.active()).filter((query) => query.name === name);
  return namesakes.length === 1 ? namesakes[0] : undefined;
}

/** Best effort: the server may be gone, and what cannot be interrupted is fenced off by the sinks. */
async function interrupt(sessions: Iterable<Session>, tag: string): Promise<void> {
  if (tag === '') return;
  await Promise.allSettled([...sessions].map((session) => session.interruptTag(tag)));
}
