/** What a running query says of itself, in the words of `QueryState`. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type StreamingQuery,
  type StreamingQueryIdentity,
  type StreamingQueryProgress,
  type StreamingQueryStatus,
  timestampToString,
} from '../connect/index.js';
import type { QueryState } from './options.js';

const BATCH_END_INTERVAL_MS = 50;

/** `before` carries what adds up over the run, and stands in while the query has made no progress yet. */
export function readQueryState(
  name: string,
  query: StreamingQueryIdentity,
  {
    status,
    progress,
  }: { readonly status: StreamingQueryStatus; readonly progress: StreamingQueryProgress | undefined },
  before: QueryState | undefined,
): QueryState {
  const isSameRun = before?.runId === query.runId;
  const base = {
    query: name,
    phase: 'running' as const,
    queryId: query.id,
    runId: query.runId,
    message: status.message,
    isBusy: status.isTriggerActive || status.isDataAvailable,
    restarts: before?.restarts ?? 0,
  };
  if (progress === undefined) {
    return {
      ...base,
      inputRowsPerSecond: 0,
      processedRowsPerSecond: 0,
      rowsRead: 0,
      batchDurationMs: 0,
      durationsMs: {},
      lag: 0,
      stateRows: 0,
      stateBytes: 0,
      droppedByWatermark: 0,
    };
  }
  const isNewBatch = !isSameRun || before?.batchId !== String(progress.batchId);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const { watermark } = progress.eventTime;
  return {
    ...base,
    batchId: String(progress.batchId),
    inputRowsPerSecond: progress.inputRowsPerSecond,
    processedRowsPerSecond: progress.processedRowsPerSecond,
    rowsRead: (isSameRun ? (before?.rowsRead ?? 0) : 0) + (isNewBatch ? progress.numInputRows : 0),
    batchDurationMs: progress.batchDurationMs,
    durationsMs: progress.durationsMs,
    // 1970 is how Spark says that there is none yet.
    ...(watermark === undefined || watermark === 0n ? {} : { watermark: timestampToString(watermark) }),
    lag: sum(progress.sources.map((source) => lagOf(source.endOffset, source.latestOffset))),
    stateRows: sum(progress.stateOperators.map((operator) => operator.numRowsTotal)),
    stateBytes: sum(progress.stateOperators.map((operator) => operator.memoryUsedBytes)),
    droppedByWatermark:
      (isSameRun ? (before?.droppedByWatermark ?? 0) : 0) +
      (isNewBatch ? sum(progress.stateOperators.map((operator) => operator.numRowsDroppedByWatermark)) : 0),
  };
}

/**
 * Resolves when the micro-batch under way, if there is one, has ended. A query that lags begins the next batch at once and is hardly ever seen
 * idle, so the end of a batch also shows in its progress.
 */
export async function awaitBatchEnd(query: StreamingQuery, signal: AbortSignal): Promise<void> {
  const before = (await query.lastProgress())?.batchId;
  while (!signal.aborted) {
    const [{ isTriggerActive }, progress] = await Promise.all([query.status(), query.lastProgress()]);
    if (!isTriggerActive || progress?.batchId !== before) return;
    await delay(BATCH_END_INTERVAL_MS, undefined, { signal }).catch(() => {
      // Aborted: the loop ends.
    });
  }
}

type Offsets = Record<string, Record<string, number>>;

function lagOf(end: unknown, latest: unknown): number {
  if (!end || !latest || typeof end !== 'object' || typeof latest !== 'object') return 0;
  let lag = 0;
  for (const [topic, partitions] of Object.entries(latest as Offsets)) {
    for (const [partition, offset] of Object.entries(partitions)) {
      lag += Math.max(0, offset - ((end as Offsets)[topic]?.[partition] ?? 0));
    }
  }
  return lag;
}
