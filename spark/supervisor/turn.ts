/**
 * A turn: one session with Spark, in which the queries are started, watched and started again. Over when told to stop, when fenced, when a query
 * gets nowhere; broken off by an error when Spark is lost.
 */
import { RESTART } from './backoff.js';
import { BatchRecorder } from './batch-record.js';
import { carryOut, endStop, STOP_WAIT_MS_MAX, stopQuery } from './carry-out.js';
import { isSparkLost, judgeFailure } from './failure.js';
import type { SupervisorOptions, SupervisorOutcome } from './options.js';
import type { Runtime, Session } from './runtime.js';
import type { SupervisedQuery } from './supervised-query.js';
import { awaitBatchEnd } from './watch.js';

const WATCH_INTERVAL_MS = 1_000;
/** While somebody waits for a batch to end, so that the next one is not half done when it is noticed. */
const STOP_INTERVAL_MS = 100;

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
    for (const request of options.requests?.take() ?? []) await carryOut(request, queries, runtime.now());
    for (const [query, failure] of await advanceAll(turn, recorder)) {
      const outcome = await judge(turn, query, failure);
      if (outcome === undefined) continue;
      await stopAll(turn, recorder);
      return outcome;
    }
    await recorder.flush();
    onEvent?.({ kind: 'progress', queries: queries.map((query) => query.state()) });
    const isStopping = queries.some(({ phase }) => phase.kind === 'stopping');
    await runtime.sleep(isStopping ? STOP_INTERVAL_MS : WATCH_INTERVAL_MS, signal);
  }
  onEvent?.({ kind: 'stopping' });
  await stopAll(turn, recorder);
  onEvent?.({ kind: 'stopped' });
  return { kind: 'stopped' };
}

/** All queries at once: a start takes a second or two, and one does not wait for another. Answers which have failed, and of what. */
async function advanceAll<S extends Session>(
  turn: Turn<S>,
  recorder: BatchRecorder,
): Promise<readonly (readonly [SupervisedQuery, Error])[]> {
  const { queries } = turn;
  const looks = await Promise.allSettled(queries.map((query) => advance(turn, query, recorder)));
  // Only now: no start may be under way when the turn is broken off.
  const broken = looks.find((look) => look.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return queries.flatMap((query, index) => {
    const look = looks[index];
    return look?.status === 'fulfilled' && look.value !== undefined ? [[query, look.value] as const] : [];
  });
}

/** Starts or stops the query if its time has come, looks at it, and answers with what it failed of. */
async function advance<S extends Session>(
  turn: Turn<S>,
  query: SupervisedQuery,
  recorder: BatchRecorder,
): Promise<Error | undefined> {
  const { runtime, options } = turn;
  const { phase } = query;
  switch (phase.kind) {
    case 'stopped':
      return undefined;
    case 'stopping':
      if (!(await endStop(query, runtime.now()))) return undefined;
      await recorder.see(query.name, phase.handle);
      options.onEvent?.({ kind: 'query-stopped', query: query.name });
      return undefined;
    case 'due': {
      if (runtime.now() < phase.at) return undefined;
      const failure = await start(turn, query);
      if (failure !== undefined) return failure;
    }
  }
  const { handle } = query;
  if (handle === undefined) return undefined;
  const { failure, hasAdvanced } = await query.look(handle);
  if (hasAdvanced) await recorder.see(query.name, handle);
  return failure;
}

/** @throws whatever the first start of a query fails with, and when Spark is lost. */
async function start<S extends Session>(
  { session, runtime, options, epoch }: Turn<S>,
  query: SupervisedQuery,
): Promise<Error | undefined> {
  try {
    query.phase = {
      kind: 'running',
      handle: await runtime.startQuery(session, options, query.definition, epoch),
    };
  } catch (error) {
    // A plan that Spark refuses the first time is a mistake to hear of at once; later it is one more failure.
    if (isSparkLost(error) || !query.wasStarted) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
  query.wasStarted = true;
  const { id: queryId, runId } = query.phase.handle;
  query.awaitsStart?.answer({ kind: 'started', queryId, runId });
  query.awaitsStart = undefined;
  options.onEvent?.({ kind: 'query-started', query: query.name, queryId, runId });
  return undefined;
}

/** The end of the run that a failure means; undefined when the query is to be started again, which is then settled. */
async function judge<S extends Session>(
  { runtime, options }: Turn<S>,
  query: SupervisedQuery,
  error: Error,
): Promise<SupervisorOutcome | undefined> {
  query.awaitsStart?.answer({ kind: 'failed', message: error.message });
  query.awaitsStart = undefined;
  query.phase = { kind: 'due', at: Number.POSITIVE_INFINITY };
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
  query.phase = { kind: 'due', at: runtime.now() + restartInMs };
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
      const { handle } = query;
      if (handle === undefined) return;
      if (signal.aborted) await awaitBatchEnd(handle, patience);
      await stopQuery(handle);
      await recorder.see(query.name, handle);
      query.phase = { kind: 'stopped' };
    }),
  );
  await recorder.flush();
}
