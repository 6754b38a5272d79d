/**
 * A turn: one session with Spark, in which the queries are started, watched and started again. Over when told to stop, when fenced, when a query
 * gets nowhere; broken off by an error when Spark is lost.
 */
import type { StreamingQuery } from '../connect/index.js';
import { RESTART } from './backoff.js';
import { BatchRecorder } from './batch-record.js';
import { isSparkLost, judgeFailure } from './failure.js';
import type { SupervisorOptions, SupervisorOutcome } from './options.js';
import type { Runtime, Session } from './runtime.js';
import type { SupervisedQuery } from './supervised-query.js';
import { awaitBatchEnd } from './watch.js';

const WATCH_INTERVAL_MS = 1_000;
/** How long a stop waits for the batch under way before it interrupts it; the batch is then repeated at the next start. */
const STOP_WAIT_MS_MAX = 30_000;

export interface Turn<S extends Session> {
  readonly session: S;
  readonly runtime: Runtime<S>;
  readonly options: SupervisorOptions;
  readonly queries: readonly SupervisedQuery[];
  readonly epoch: bigint;
}

/** @throws SparkError of kind connection or sessionLost when Spark is lost; whatever the first start of a query fails with. */
export async function watchTurn<S extends Session>(turn: Turn<S>): Promise<SupervisorOutcome> {
  const { runtime, options, queries } = turn;
  const { signal, onEvent } = options;
  const recorder = new BatchRecorder(options.pipeline.name, (_, records) => runtime.writeBatches(options, records));
  while (!signal.aborted) {
    for (const query of queries) {
      const failure = await advance(turn, query, recorder);
      if (failure === undefined) continue;
      const outcome = await judge(turn, query, failure);
      if (outcome === undefined) continue;
      await stopAll(turn, recorder);
      return outcome;
    }
    await recorder.flush();
    onEvent?.({ kind: 'progress', queries: queries.map((query) => query.state()) });
    await runtime.sleep(WATCH_INTERVAL_MS, signal);
  }
  onEvent?.({ kind: 'stopping' });
  await stopAll(turn, recorder);
  onEvent?.({ kind: 'stopped' });
  return { kind: 'stopped' };
}

/** Starts the query if its time has come, looks at it, and answers with what it failed of. */
async function advance<S extends Session>(
  { session, runtime, options, epoch }: Turn<S>,
  query: SupervisedQuery,
  recorder: BatchRecorder,
): Promise<Error | undefined> {
  if (query.running === undefined) {
    if (runtime.now() < query.restartAt) return undefined;
    try {
      query.running = await runtime.startQuery(session, options, query.definition, epoch);
    } catch (error) {
      // A plan that Spark refuses the first time is a mistake to hear of at once; later it is one more failure.
      if (isSparkLost(error) || !query.wasStarted) throw error;
      return error instanceof Error ? error : new Error(String(error));
    }
    query.wasStarted = true;
    const { id, runId } = query.running;
    options.onEvent?.({ kind: 'query-started', query: query.name, queryId: id, runId });
  }
  const { failure, hasAdvanced } = await query.look(query.running);
  if (hasAdvanced) await recorder.see(query.name, query.running);
  return failure;
}

/** The end of the run that a failure means; undefined when the query is to be started again, which is then settled. */
async function judge<S extends Session>(
  { runtime, options }: Turn<S>,
  query: SupervisedQuery,
  error: Error,
): Promise<SupervisorOutcome | undefined> {
  query.running = undefined;
  const kind = judgeFailure(error);
  if (kind === 'fenced') return { kind: 'fenced', error };
  const outage = await outageBehind(kind === 'no-space', runtime, options);
  const restartInMs = query.backoff.failed(outage === undefined);
  if (kind === 'lost' && query.backoff.fruitless >= RESTART.lostMax) {
    const remedy = `\`sluice reset --checkpoint --query ${query.name}\` computes it again from the topic.`;
    return { kind: 'crash-loop', query: query.name, error, remedy };
  }
  if (query.backoff.fruitless >= RESTART.fruitlessMax) return { kind: 'crash-loop', query: query.name, error };
  query.restarts++;
  query.lastError = error;
  query.restartAt = runtime.now() + restartInMs;
  options.onEvent?.({
    kind: 'query-failed',
    query: query.name,
    error,
    restartInMs,
    ...(outage === undefined ? {} : { outage }),
  });
  return undefined;
}

async function outageBehind<S extends Session>(
  isDiskFull: boolean,
  runtime: Runtime<S>,
  { endpoints }: SupervisorOptions,
): Promise<string | undefined> {
  if (isDiskFull) return 'a disk is full';
  const away = await runtime.findOutage(endpoints);
  return away === undefined ? undefined : `${away} does not answer`;
}

/** Lets the batches under way end if the stop is wanted, then stops the queries. */
async function stopAll<S extends Session>(
  { queries, options: { signal } }: Turn<S>,
  recorder: BatchRecorder,
): Promise<void> {
  const patience = AbortSignal.timeout(STOP_WAIT_MS_MAX);
  await Promise.all(
    queries.map(async (query) => {
      const { running } = query;
      if (running === undefined) return;
      if (signal.aborted) await awaitBatchEnd(running, patience);
      await stop(running);
      await recorder.see(query.name, running);
      query.running = undefined;
    }),
  );
  await recorder.flush();
}

async function stop(running: StreamingQuery): Promise<void> {
  try {
    await running.stop();
  } catch (error) {
    // A query that fails while it is being stopped is stopped all the same.
    if (isSparkLost(error)) throw error;
  }
}
