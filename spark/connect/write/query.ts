// A handle on a running streaming query. The query lives at the server: it goes on when this process is gone, and another process with the same
// session id and user finds it with `spark.streams.get(id)`.
import type {
  StreamingQueryCommandResultOutput,
  WriteStreamOperationStartResultOutput,
} from '../../../proto/messages.js';
import { isSparkError, SparkError } from '../errors/spark-error.js';
import type { Command } from '../plan/command.js';
import { type AwaitOptions, awaitInTurns } from '../rpc/await.js';
import { commandResult } from '../rpc/command-result.js';
import type { Connection, ExecuteOptions } from '../rpc/connection.js';
import { type QueryId, queryId, type RunId, runId } from '../types/ids.js';
import { decodeProgress, type StreamingQueryProgress } from './progress.js';

/** What a query does at a moment, and whether it runs at all. */
export interface StreamingQueryStatus {
  /** What the query does right now, in Spark's words. */
  readonly message: string;
  readonly isDataAvailable: boolean;
  readonly isTriggerActive: boolean;
  /** As `isActive()`. */
  readonly isActive: boolean;
}

/** What names one run of one query. */
export interface StreamingQueryIdentity {
  /** Stays the same over restarts from the same checkpoint. */
  readonly id: QueryId;
  /** New with each start. */
  readonly runId: RunId;
  readonly name: string | undefined;
}

type StreamingQueryOperation = Extract<Command, { kind: 'streamingQuery' }>['operation'];

/** Mirrors `StreamingQuery` of Spark 4.2. Every method asks the server; errors carry the query's name. */
export class StreamingQuery implements StreamingQueryIdentity {
  /** Stays the same over restarts from the same checkpoint. */
  readonly id: QueryId;
  /** New with each start. */
  readonly runId: RunId;
  /** As `queryName` gave it. */
  readonly name: string | undefined;
  readonly #connection: Connection;

  constructor(connection: Connection, { id, runId: run, name }: StreamingQueryIdentity) {
    this.#connection = connection;
    this.id = id;
    this.runId = run;
    this.name = name;
  }

  /**
   * What the query does right now.
   * @example const { message, isTriggerActive } = await query.status();
   */
  async status(options?: ExecuteOptions): Promise<StreamingQueryStatus> {
    const { statusMessage, isDataAvailable, isTriggerActive, isActive } = this.#present(
      await this.#run({ kind: 'status' }, options),
      'status',
    );
    return { message: statusMessage, isDataAvailable, isTriggerActive, isActive };
  }

  /**
   * Whether it still runs; false after `stop`, after a failure, and when it had nothing more to do.
   * @example if (!(await query.isActive())) console.log((await query.exception())?.message);
   */
  async isActive(options?: ExecuteOptions): Promise<boolean> {
    return (await this.status(options)).isActive;
  }

  /**
   * The last micro-batch's progress; undefined before the first.
   * @example console.log((await query.lastProgress())?.numInputRows);
   */
  async lastProgress(options?: ExecuteOptions): Promise<StreamingQueryProgress | undefined> {
    const { recentProgressJson } = this.#present(await this.#run({ kind: 'lastProgress' }, options), 'recentProgress');
    const json = recentProgressJson.at(-1);
    return json === undefined ? undefined : decodeProgress(json);
  }

  /**
   * The last micro-batches, oldest first; `spark.sql.streaming.numRecentProgressUpdates` (100) of them.
   * @example const lateRows = (await query.recentProgress()).flatMap(({ stateOperators }) => stateOperators.map((each) => each.numRowsDroppedByWatermark));
   */
  async recentProgress(options?: ExecuteOptions): Promise<readonly StreamingQueryProgress[]> {
    const { recentProgressJson } = this.#present(
      await this.#run({ kind: 'recentProgress' }, options),
      'recentProgress',
    );
    return recentProgressJson.map(decodeProgress);
  }

  /**
   * Why the query ended, with the server's causes, or undefined if it runs or ended well.
   * @example const failure = await query.exception();
   */
  async exception(options?: ExecuteOptions): Promise<SparkError | undefined> {
    const { exception: result } = await this.#run({ kind: 'exception' }, options);
    if (result?.exceptionMessage === undefined) return undefined;
    try {
      // The answer has only text. Waiting for what has failed throws the same exception with all its parts.
      await this.#run({ kind: 'awaitTermination', timeoutMs: 1 }, options);
    } catch (error) {
      if (isSparkError(error) && error.kind === 'query') return error;
      if (options?.signal?.aborted) throw error;
    }
    return new SparkError(result.exceptionMessage, {
      kind: 'query',
      condition: result.errorClass,
      queryName: this.name,
      causes: causesInTrace(result.stackTrace ?? ''),
    });
  }

  /**
   * Stops it and waits until its current micro-batch has ended. A stopped query starts again from its checkpoint.
   * @example await query.stop();
   */
  async stop(options?: ExecuteOptions): Promise<void> {
    await this.#run({ kind: 'stop' }, options);
  }

  /**
   * Resolves when everything that was there at the time of the call is through. For tests: with a source that never rests it may never.
   * @throws SparkError of kind `query` if the query fails meanwhile.
   * @example await query.processAllAvailable();
   */
  async processAllAvailable(options?: ExecuteOptions): Promise<void> {
    await this.#run({ kind: 'processAllAvailable' }, options);
  }

  /**
   * Waits until the query has ended: true, or false if `timeoutMs` passed first.
   * @throws SparkError of kind `query`, with the server's causes, if it ended with an error; of kind `cancelled` if the signal was aborted.
   * @param options the limit in milliseconds, or it and a signal.
   * @example const hasEnded = await query.awaitTermination({ timeoutMs: 60_000, signal: AbortSignal.timeout(30_000) });
   */
  async awaitTermination(options?: number | AwaitOptions): Promise<boolean> {
    return awaitInTurns(options, async (timeoutMs, signal) => {
      const result = await this.#run({ kind: 'awaitTermination', timeoutMs }, { signal });
      return this.#present(result, 'awaitTermination').terminated;
    });
  }

  /**
   * The plan of the last micro-batch, in Spark's words; there is none before the first.
   * @param extended with the logical plans.
   * @example console.log(await query.explain());
   */
  async explain(extended = false, options?: ExecuteOptions): Promise<string> {
    return this.#present(await this.#run({ kind: 'explain', extended }, options), 'explain').result;
  }

  async #run(operation: StreamingQueryOperation, options?: ExecuteOptions): Promise<StreamingQueryCommandResultOutput> {
    const command: Command = { kind: 'streamingQuery', queryId: this.id, runId: this.runId, operation };
    try {
      return await commandResult(this.#connection, command, 'streamingQueryCommandResult', options);
    } catch (error) {
      throw isSparkError(error) ? this.#named(error) : error;
    }
  }

  #named(error: SparkError): SparkError {
    if (error.queryName !== undefined || this.name === undefined) return error;
    const { stackTrace, cause } = error;
    return new SparkError(error.message, { ...error, stackTrace, queryName: this.name, cause });
  }

  #present<Name extends keyof StreamingQueryCommandResultOutput>(
    result: StreamingQueryCommandResultOutput,
    name: Name,
  ): NonNullable<StreamingQueryCommandResultOutput[Name]> {
    const part = result[name];
    if (part === undefined || part === null) {
      throw new SparkError(`The server's answer about query ${this.name ?? this.id} lacks "${name}".`, {
        kind: 'protocol',
      });
    }
    return part;
  }
}

/** @throws SparkError of kind `protocol` if the answer to a start names no query. */
export function decodeStarted(result: WriteStreamOperationStartResultOutput): StreamingQueryIdentity {
  if (result.queryId === null) throw new SparkError('The server started a query without an id.', { kind: 'protocol' });
  return {
    id: queryId(result.queryId.id),
    runId: runId(result.queryId.runId),
    name: result.name === '' ? undefined : result.name,
  };
}

/**
 * The "Caused by:" lines of a Java stack trace: the query's exception comes as a message and a printed trace, not as a chain.
 * The text is that of `Throwable.printStackTrace`; messages of several lines keep their first.
 */
export function causesInTrace(trace: string) {
  return [...trace.matchAll(/^Caused by: ([\w$.]+)(?:: (.*))?$/gm)]
    .slice(0, 10)
    .map(([, className = '', message = '']) => ({
      message,
      classes: [className],
      messageParameters: {},
      queryContexts: [],
      stackTrace: [],
    }));
}
