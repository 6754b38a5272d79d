// The session's streaming queries, running or lately ended.
import type { StreamingQueryManagerCommandResultOutput } from '../../proto/messages.js';
import { SparkError } from './errors/spark-error.js';
import type { Command } from './plan/command.js';
import { QueryEvents, type StreamingQueryEvent, type StreamingQueryListener } from './query-events.js';
import { type AwaitOptions, awaitInTurns } from './rpc/await.js';
import { commandResult } from './rpc/command-result.js';
import type { CallOptions, Connection, ExecuteOptions } from './rpc/connection.js';
import { type QueryId, queryId, runId } from './types/ids.js';
import { StreamingQuery } from './write/query.js';

type ManagerOperation = Extract<Command, { kind: 'streamingQueryManager' }>['operation'];

/** Mirrors `StreamingQueryManager` of Spark 4.2. */
export class StreamingQueries {
  readonly #connection: Connection;
  readonly #events: QueryEvents;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#events = new QueryEvents(connection);
  }

  /**
   * The queries that run now, those started by other processes in this session included.
   * @example for (const running of await spark.streams.active()) console.log(running.name, running.id);
   */
  async active(options?: ExecuteOptions): Promise<readonly StreamingQuery[]> {
    const { active } = await this.#run({ kind: 'active' }, options);
    return (active?.activeQueries ?? []).map((instance) => this.#query(instance));
  }

  /**
   * The query of that id if it runs.
   * @throws SparkError of kind `input` if the text is no UUID.
   * @example await (await spark.streams.get(queryId))?.stop();
   */
  async get(id: QueryId | string, options?: ExecuteOptions): Promise<StreamingQuery | undefined> {
    const { query } = await this.#run({ kind: 'get', id: queryId(id) }, options);
    return query === undefined ? undefined : this.#query(query);
  }

  /**
   * Waits until any query has ended since the session began or `resetTerminated` was called: true, or false if `timeoutMs` passed first.
   * @throws SparkError of kind `query` if it ended with an error.
   * @param options the limit in milliseconds, or it and a signal that ends the wait with an error of kind `cancelled`.
   * @example const hasEnded = await spark.streams.awaitAnyTermination(60_000);
   */
  async awaitAnyTermination(options?: number | AwaitOptions): Promise<boolean> {
    return awaitInTurns(options, async (timeoutMs, signal) => {
      const { awaitAnyTermination } = await this.#run({ kind: 'awaitAnyTermination', timeoutMs }, { signal });
      return awaitAnyTermination?.terminated ?? false;
    });
  }

  /**
   * Forgets the queries that have ended, so that `awaitAnyTermination` waits for the next one.
   * @example await spark.streams.resetTerminated();
   */
  async resetTerminated(options?: ExecuteOptions): Promise<void> {
    await this.#run({ kind: 'resetTerminated' }, options);
  }

  /**
   * Calls `listener` with what happens to the session's queries from now on, until `removeListener`. Nothing is lost or told twice when a
   * connection breaks.
   * @throws SparkError of kind `input` if another client of this session listens: the server knows one at a time.
   * @example await spark.streams.addListener({ onQueryTerminated: ({ failure }) => console.log(failure?.message ?? 'ended') });
   */
  async addListener(listener: StreamingQueryListener, { signal }: CallOptions = {}): Promise<void> {
    await this.#events.add(listener, signal);
  }

  /**
   * Resolves when the listener will hear nothing more. One that is not there is no error.
   * @example for (const listener of spark.streams.listListeners()) await spark.streams.removeListener(listener);
   */
  async removeListener(listener: StreamingQueryListener, { signal }: CallOptions = {}): Promise<void> {
    await this.#events.remove(listener, signal);
  }

  /**
   * The listeners that were added in this process and not removed.
   * @example const isWatched = spark.streams.listListeners().length > 0;
   */
  listListeners(): readonly StreamingQueryListener[] {
    return this.#events.listeners;
  }

  /**
   * The same as an async iterator, from the first `next()` until the loop is left or `signal` is aborted, which ends it without an error.
   * @example
   * for await (const event of spark.streams.events()) if (event.kind === 'progress') console.log(event.progress.numInputRows);
   * @throws SparkError as `addListener` does, or what ended the server's events: the session released, the server gone.
   */
  events({ signal }: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<StreamingQueryEvent> {
    return this.#events.iterate(signal);
  }

  async #run(operation: ManagerOperation, options?: ExecuteOptions): Promise<StreamingQueryManagerCommandResultOutput> {
    const command: Command = { kind: 'streamingQueryManager', operation };
    return commandResult(this.#connection, command, 'streamingQueryManagerCommandResult', options);
  }

  #query(instance: NonNullable<StreamingQueryManagerCommandResultOutput['query']>): StreamingQuery {
    const { id, name } = instance;
    if (id === null) throw new SparkError('The server named a query without an id.', { kind: 'protocol' });
    return new StreamingQuery(this.#connection, {
      id: queryId(id.id),
      runId: runId(id.runId),
      name: name === '' ? undefined : name,
    });
  }
}
