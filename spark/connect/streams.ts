// The session's streaming queries, running or lately ended.
import type { StreamingQueryManagerCommandResultOutput } from '../../proto/messages.js';
import { SparkError } from './errors/spark-error.js';
import type { Command } from './plan/command.js';
import { type AwaitOptions, awaitInTurns } from './rpc/await.js';
import { commandResult } from './rpc/command-result.js';
import type { Connection } from './rpc/connection.js';
import { type QueryId, queryId, runId } from './types/ids.js';
import { StreamingQuery } from './write/query.js';

type ManagerOperation = Extract<Command, { kind: 'streamingQueryManager' }>['operation'];

/** Mirrors `StreamingQueryManager` of Spark 4.2. */
export class StreamingQueries {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The queries that run now, those started by other processes in this session included. */
  async active(): Promise<readonly StreamingQuery[]> {
    const { active } = await this.#run({ kind: 'active' });
    return (active?.activeQueries ?? []).map((instance) => this.#query(instance));
  }

  /** The query of that id if it runs. */
  async get(id: QueryId | string): Promise<StreamingQuery | undefined> {
    const { query } = await this.#run({ kind: 'get', id: queryId(id) });
    return query === undefined ? undefined : this.#query(query);
  }

  /**
   * Waits until any query has ended since the session began or `resetTerminated` was called: true, or false if `timeoutMs` passed first.
   * @throws SparkError of kind `query` if it ended with an error.
   */
  async awaitAnyTermination(options?: number | AwaitOptions): Promise<boolean> {
    return awaitInTurns(options, async (timeoutMs, signal) => {
      const { awaitAnyTermination } = await this.#run({ kind: 'awaitAnyTermination', timeoutMs }, signal);
      return awaitAnyTermination?.terminated ?? false;
    });
  }

  /** Forgets the queries that have ended, so that `awaitAnyTermination` waits for the next one. */
  async resetTerminated(): Promise<void> {
    await this.#run({ kind: 'resetTerminated' });
  }

  async #run(operation: ManagerOperation, signal?: AbortSignal): Promise<StreamingQueryManagerCommandResultOutput> {
    const command: Command = { kind: 'streamingQueryManager', operation };
    return commandResult(this.#connection, command, 'streamingQueryManagerCommandResult', { signal });
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
