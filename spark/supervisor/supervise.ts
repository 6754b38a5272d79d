/**
 * Runs a pipeline: takes it over (a new epoch, so that no older writer can still commit), starts its queries, restarts what fails and takes over
 * anew when Spark comes back from a crash. Ends when told to, when fenced, or when a query fails again and again without getting anywhere.
 */
import type { SparkSession } from '../connect/index.js';
import { isRetriedPostgresError } from '../sinks/postgres.js';
import { Backoff, RESTART } from './backoff.js';
import { isSparkLost } from './failure.js';
import { followHandlerLog } from './handler-log.js';
import type { SupervisorOptions, SupervisorOutcome } from './options.js';
import { REAL_RUNTIME, type Runtime, type Session, type SparkAddress } from './runtime.js';
import { SupervisedQuery } from './supervised-query.js';
import { watchTurn } from './turn.js';

/**
 * @throws StartError when ledger, checkpoints, tables and topic do not belong together.
 * @throws SparkError when Spark cannot be reached at first, or refuses a plan.
 */
export function supervise(options: SupervisorOptions): Promise<SupervisorOutcome> {
  return superviseWith<SparkSession>(REAL_RUNTIME, options);
}

/** @internal exported for its test */
export async function superviseWith<S extends Session>(
  runtime: Runtime<S>,
  options: SupervisorOptions,
): Promise<SupervisorOutcome> {
  await runtime.assertCanStart(options);
  const ended = new AbortController();
  const following =
    options.handlerLog === undefined
      ? undefined
      : followHandlerLog(options.handlerLog, ended.signal, (output) =>
          options.onEvent?.({ kind: 'handler-output', output }),
        );
  try {
    return await superviseTurns(runtime, options);
  } finally {
    ended.abort();
    await following;
  }
}

/** Turn after turn: a new one begins when Spark has come back. What goes wrong before the first one is the caller's to hear of. */
async function superviseTurns<S extends Session>(
  runtime: Runtime<S>,
  options: SupervisorOptions,
): Promise<SupervisorOutcome> {
  const { signal } = options;
  const queries = options.pipeline.queries.map((definition) => new SupervisedQuery(definition));
  const backoff = new Backoff();
  let at: SparkAddress = options.endpoints;
  for (let isFirst = true; ; ) {
    let session: S | undefined;
    const batchesBefore = batchesOf(queries);
    try {
      if (!isFirst) at = (await options.recoverSpark?.()) ?? at;
      session = await runtime.connect(at);
      if (isFirst) await runtime.assertCanStartOn(session, options);
      const epoch = await runtime.takeOver(options);
      const { sessionId, version: sparkVersion } = session;
      options.onEvent?.({ kind: 'took-over', epoch, sessionId, sparkVersion });
      isFirst = false;
      return await watchTurn({ session, runtime, options, queries, epoch });
    } catch (caught) {
      const error = caught instanceof Error ? caught : new Error(String(caught));
      if (isFirst) throw error;
      const outage = await runtime.findOutage(options.endpoints);
      const passes = isSparkLost(error) || isRetriedPostgresError(error) || outage !== undefined;
      if (session !== undefined && !passes) throw error;
      if (signal.aborted) return { kind: 'stopped' };
      if (batchesOf(queries) !== batchesBefore) backoff.succeeded();
      // A Spark of somebody else's that does not answer is waited for as long as it takes.
      const isOurs = session !== undefined || options.recoverSpark !== undefined;
      const retryInMs = backoff.failed(isOurs && outage === undefined);
      if (backoff.fruitless >= RESTART.fruitlessMax) return { kind: 'crash-loop', query: undefined, error };
      options.onEvent?.({ kind: 'spark-lost', error, retryInMs });
      for (const query of queries) query.lose();
      await runtime.sleep(retryInMs, signal);
      if (signal.aborted) return { kind: 'stopped' };
    } finally {
      session?.close();
    }
  }
}

/** Changes whenever a query finishes a batch. */
function batchesOf(queries: readonly SupervisedQuery[]): string {
  return queries.map((query) => query.state().batchId ?? '-').join();
}
