/** Carries out what people ask of a query while its pipeline runs. Stopping takes as long as the batch under way: see `endStop`. */
import type { StreamingQuery, StreamingQueryProgress } from '../connect/index.js';
import { isSparkLost } from './failure.js';
import type { QueryRequest } from './query-requests.js';
import type { SupervisedQuery } from './supervised-query.js';

/** How long a stop waits for the batch under way before it interrupts it; the batch is then repeated at the next start. */
export const STOP_WAIT_MS_MAX = 30_000;

/** @throws SparkError when Spark is lost meanwhile; the asker then hears so. */
export async function carryOut(
  request: QueryRequest,
  queries: readonly SupervisedQuery[],
  nowMs: number,
): Promise<void> {
  const query = queries.find(({ name }) => name === request.query);
  if (query === undefined) {
    const names = queries.map(({ name }) => name).join(', ');
    request.answer({ kind: 'refused', message: `There is no query ${request.query}; there are ${names}.` });
    return;
  }
  if (request.action === 'explain') {
    await explain(request, query);
    return;
  }
  switch (query.phase.kind) {
    case 'running': {
      const { handle } = query.phase;
      query.phase = { kind: 'stopping', handle, request, batchId: query.lastBatch, deadline: nowMs + STOP_WAIT_MS_MAX };
      return;
    }
    case 'stopping':
      request.answer({ kind: 'refused', message: `Query ${query.name} is being stopped already.` });
      return;
    case 'due':
    case 'stopped':
      query.awaitsStart?.answer({
        kind: 'failed',
        message: `Somebody asked to ${request.action} the query meanwhile.`,
      });
      query.awaitsStart = undefined;
      query.settleStop(request);
  }
}

/** Stops a query that is to be stopped, once its batch has ended. @returns whether it has stopped. @throws SparkError when Spark is lost. */
export async function endStop(query: SupervisedQuery, nowMs: number): Promise<boolean> {
  if (query.phase.kind !== 'stopping') return false;
  const { handle, request, batchId, deadline } = query.phase;
  const [{ isTriggerActive }, progress] = await Promise.all([handle.status(), handle.lastProgress()]);
  // A query that lags begins the next batch at once and is hardly ever seen idle; that its number has moved shows the end, too.
  if (isTriggerActive && batchOf(progress) === batchId && nowMs < deadline) return false;
  await stopQuery(handle);
  query.settleStop(request);
  return true;
}

function batchOf(progress: StreamingQueryProgress | undefined): string | undefined {
  return progress === undefined ? undefined : String(progress.batchId);
}

export async function stopQuery(running: StreamingQuery): Promise<void> {
  try {
    await running.stop();
  } catch (error) {
    // A query that fails while it is being stopped is stopped all the same.
    if (isSparkLost(error)) throw error;
  }
}

async function explain(request: QueryRequest, query: SupervisedQuery): Promise<void> {
  if (query.phase.kind !== 'running') {
    request.answer({ kind: 'refused', message: `Query ${query.name} does not run: Spark has no plan of it.` });
    return;
  }
  try {
    request.answer({ kind: 'plan', text: await query.phase.handle.explain(false) });
  } catch (error) {
    request.answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    // Any other failure is of the question, not of the query.
    if (isSparkLost(error)) throw error;
  }
}
