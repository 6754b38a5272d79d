/** Runs a handler for batch after batch. Bundled with the handler and the Connect client: one copy of each, of one version. */
import { batchId, SparkSession } from '../connect/index.js';
import { captureConsole, withBatch } from './console-capture.js';
import type { BatchHandler } from './handler.js';

/** The sluice-worker program, as seen from inside a payload. Part of the payload's format. */
export interface WorkerSide {
  readonly sessionId: string;
  readonly connectUrl: string;
  readonly params: unknown;
  readonly queryName: string | undefined;
  /** The next batch, or undefined when the query has ended. */
  next(): Promise<{ readonly frameId: string; readonly batchId: bigint } | undefined>;
  answer(failure: string | undefined): void;
  onEnd(listener: () => void): void;
}

/** Resolves when ready; the function it gives serves until the query ends. */
export type Host = (worker: WorkerSide) => Promise<() => Promise<void>>;

/** A failure's text is cut here: Spark keeps it in the query's exception and prints it in its log. */
const FAILURE_CHARS_MAX = 16_000;

export function hostOf(handler: BatchHandler<never>): Host {
  return async (worker) => {
    captureConsole(worker.queryName);
    const spark = await SparkSession.connect(worker.connectUrl, {
      sessionId: worker.sessionId as never,
      userAgent: 'sluice-worker',
    });
    const ended = new AbortController();
    worker.onEnd(() => ended.abort(new Error('Spark has ended the query')));
    return async () => {
      for (let next = await worker.next(); next !== undefined; next = await worker.next()) {
        const { frameId, batchId: id } = next;
        worker.answer(await run(frameId, id));
      }
      spark.close();
    };

    async function run(frameId: string, id: bigint): Promise<string | undefined> {
      return withBatch(id, async () => {
        try {
          await handler(spark.remoteFrame(frameId), {
            batchId: batchId(id),
            queryName: worker.queryName,
            spark,
            params: worker.params as never,
            signal: ended.signal,
          });
          return undefined;
        } catch (error) {
          return describe(error, `query ${worker.queryName ?? '(unnamed)'}, batch ${id}`);
        }
      });
    }
  };
}

/** The stack, with source lines, and the stacks of what caused it. */
function describe(error: unknown, where: string): string {
  const parts: string[] = [];
  for (
    let cause = error;
    cause !== undefined && parts.length < 5;
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    parts.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  }
  return `${where}: ${parts.join('\nCaused by: ')}`.slice(0, FAILURE_CHARS_MAX);
}
