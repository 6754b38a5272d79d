/**
 * Runs a pipeline: takes it over (a new epoch, so that no older writer can still commit), starts its queries, restarts what fails and takes over
 * anew when Spark comes back from a crash. Ends when told to, when fenced, or when a query fails again and again without getting anywhere.
 */
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { SparkError, SparkSession, type StreamingQuery } from '../connect/index.js';
import type { PipelineQuery } from '../pipeline/index.js';
import { raiseEpoch } from '../sinks/fence.js';
import { withClient } from '../sinks/postgres.js';
import { followHandlerLog } from './handler-log.js';
import type { QueryState, SupervisorOptions, SupervisorOutcome } from './options.js';
import { assertShared } from './shared-folder.js';
import { assertCanStart } from './start-checks/index.js';
import { startQuery } from './start-query.js';
import { awaitBatchEnd, readQueryState } from './watch.js';

const WATCH_INTERVAL_MS = 1_000;
const RESTART = { waitMsFirst: 1_000, waitFactor: 2, waitMsMax: 30_000, fruitlessMax: 6 } as const;
/** How long a stop waits for the batch under way before it interrupts it; the batch is then repeated at the next start. */
const STOP_WAIT_MS_MAX = 30_000;
/** How long a call to Spark may go unanswered before the server counts as lost: the client's own patience (minutes) is for users without a supervisor. */
const SPARK_SILENCE_MS_MAX = 3_000;

/** A query on its way: running, or waiting to be started again. */
interface Supervised {
  readonly definition: PipelineQuery;
  running: StreamingQuery | undefined;
  restartAt: number;
  /** Failures since the query last finished a batch. */
  fruitless: number;
  restarts: number;
  lastBatchId: string | undefined;
  lastError: Error | undefined;
  state: QueryState | undefined;
}

/**
 * @throws StartError when ledger, checkpoints, tables and topic do not belong together.
 * @throws SparkError when Spark cannot be reached at first, or refuses a plan.
 */
export async function supervise(options: SupervisorOptions): Promise<SupervisorOutcome> {
  await assertCanStart(options);
  const ended = new AbortController();
  const following =
    options.handlerLog === undefined
      ? undefined
      : followHandlerLog(options.handlerLog, ended.signal, (output) =>
          options.onEvent?.({ kind: 'handler-output', output }),
        );
  try {
    return await superviseTurns(options);
  } finally {
    ended.abort();
    await following;
  }
}

/** A turn is one session with Spark; a new one begins when Spark has come back from a crash. */
async function superviseTurns(options: SupervisorOptions): Promise<SupervisorOutcome> {
  const { signal } = options;
  const queries = options.pipeline.queries.map(
    (definition): Supervised => ({
      definition,
      running: undefined,
      restartAt: 0,
      fruitless: 0,
      restarts: 0,
      lastBatchId: undefined,
      lastError: undefined,
      state: undefined,
    }),
  );
  let at: Pick<SupervisorOptions['endpoints'], 'sparkRemote' | 'sparkToken'> = options.endpoints;
  let isStorageChecked = false;
  for (;;) {
    const spark = await connect(at);
    try {
      if (!isStorageChecked) {
        const { checkpointPath, lakePath } = options.endpoints;
        await assertShared(spark, { CHECKPOINT_PATH: checkpointPath, LAKE_PATH: lakePath });
        isStorageChecked = true;
      }
      const epoch = await withClient(
        (client) => raiseEpoch(client, options.pipeline.name, `${hostname()} pid ${process.pid}`),
        options.endpoints.databaseUrl,
      );
      options.onEvent?.({ kind: 'took-over', epoch, sessionId: spark.sessionId, sparkVersion: spark.version });
      return await watchTurn(spark, options, queries, epoch);
    } catch (error) {
      if (!isSparkLost(error)) throw error;
      options.onEvent?.({ kind: 'spark-lost', error: error as Error });
    } finally {
      spark.close();
    }
    if (signal.aborted) return { kind: 'stopped' };
    for (const query of queries) {
      query.running = undefined;
      query.restartAt = 0;
    }
    at = (await options.recoverSpark?.()) ?? at;
  }

  /** The first connection must work at once; later ones wait for a server that is coming back. */
  async function connect(address: typeof at): Promise<SparkSession> {
    for (;;) {
      try {
        return await SparkSession.connect(address.sparkRemote, {
          userAgent: 'sluice-supervisor',
          retry: { elapsedMsMax: SPARK_SILENCE_MS_MAX },
          ...(address.sparkToken === undefined ? {} : { token: address.sparkToken }),
        });
      } catch (error) {
        if (queries.every((query) => query.restarts === 0 && query.state === undefined) || signal.aborted) throw error;
        await delay(1_000, undefined, { signal }).catch(() => {});
      }
    }
  }
}

/** One session's worth of supervision: returns when it is over, throws when Spark is lost. */
async function watchTurn(
  spark: SparkSession,
  options: SupervisorOptions,
  queries: readonly Supervised[],
  epoch: bigint,
): Promise<SupervisorOutcome> {
  const { signal, onEvent } = options;
  while (!signal.aborted) {
    for (const query of queries) {
      if (query.running === undefined) {
        if (Date.now() < query.restartAt) continue;
        query.running = await startQuery(spark, options, query.definition, epoch);
        onEvent?.({
          kind: 'query-started',
          query: query.definition.name,
          queryId: query.running.id,
          runId: query.running.runId,
        });
      }
      const failure = await look(query, query.running);
      if (failure === undefined) continue;
      if (isFenced(failure)) {
        await stopAll(queries, options);
        return { kind: 'fenced', error: failure };
      }
      if (++query.fruitless >= RESTART.fruitlessMax) {
        await stopAll(queries, options);
        return { kind: 'crash-loop', query: query.definition.name, error: failure };
      }
      const waitMs = Math.min(RESTART.waitMsFirst * RESTART.waitFactor ** (query.fruitless - 1), RESTART.waitMsMax);
      query.running = undefined;
      query.restarts++;
      query.lastError = failure;
      query.restartAt = Date.now() + waitMs;
      onEvent?.({ kind: 'query-failed', query: query.definition.name, error: failure, restartInMs: waitMs });
    }
    onEvent?.({ kind: 'progress', queries: queries.map(stateOf) });
    await delay(WATCH_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
  onEvent?.({ kind: 'stopping' });
  await stopAll(queries, options);
  onEvent?.({ kind: 'stopped' });
  return { kind: 'stopped' };
}

/** Reads a running query's state; its exception if it has ended. */
async function look(query: Supervised, running: StreamingQuery): Promise<Error | undefined> {
  if (!(await running.isActive())) {
    return (await running.exception()) ?? new Error(`Query ${query.definition.name} was stopped by somebody else.`);
  }
  query.state = await readQueryState(query.definition.name, running, query.state);
  if (query.state.batchId !== undefined && query.state.batchId !== query.lastBatchId) {
    query.lastBatchId = query.state.batchId;
    query.fruitless = 0;
  }
  return undefined;
}

/** Lets the batches under way end if the stop is wanted, then stops the queries. */
async function stopAll(queries: readonly Supervised[], { signal }: SupervisorOptions): Promise<void> {
  const patience = AbortSignal.timeout(STOP_WAIT_MS_MAX);
  await Promise.all(
    queries.map(async (query) => {
      const { running } = query;
      if (running === undefined) return;
      if (signal.aborted) await awaitBatchEnd(running, patience);
      await running.stop();
      query.running = undefined;
    }),
  );
}

function stateOf(query: Supervised): QueryState {
  const phase = query.running === undefined ? 'waiting-to-restart' : query.state === undefined ? 'starting' : 'running';
  return {
    query: query.definition.name,
    isBusy: false,
    inputRowsPerSecond: 0,
    processedRowsPerSecond: 0,
    rowsRead: 0,
    batchDurationMs: 0,
    lag: 0,
    stateRows: 0,
    stateBytes: 0,
    droppedByWatermark: 0,
    ...query.state,
    phase,
    restarts: query.restarts,
    ...(query.lastError === undefined ? {} : { lastError: query.lastError.message }),
  };
}

/** A handler's failure reaches us as the text of Spark's exception; `SinkError` of kind fenced names itself there. */
function isFenced(error: Error): boolean {
  return /SinkError.*was taken over|was taken over \(.*this writer holds epoch/s.test(error.message);
}

/** Whether the server is gone, or came back without our session. */
function isSparkLost(error: unknown): boolean {
  return error instanceof SparkError && (error.kind === 'connection' || error.kind === 'sessionLost');
}
