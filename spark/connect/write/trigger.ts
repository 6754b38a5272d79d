// When a streaming query runs its next micro-batch. Durations are Spark's intervals in words: `1 second`, `500 milliseconds`.
import type { StreamTrigger } from '../plan/command.js';

/** Mirrors `Trigger` of Spark 4.2. */
export const Trigger = {
  /** A micro-batch every so often; at once if the last one took longer. `0 seconds`, Spark's default: as soon as there is data. */
  processingTime: (interval: string): StreamTrigger => ({ kind: 'processingTime', interval }),
  /** Everything that is there, in as many micro-batches as the source's limits ask for; then the query ends. */
  availableNow: (): StreamTrigger => ({ kind: 'availableNow' }),
  /** Everything that is there, in one micro-batch whatever the limits; then the query ends. Prefer `availableNow`. */
  once: (): StreamTrigger => ({ kind: 'once' }),
  /** Row by row, with a checkpoint every so often; few sources, no aggregation, at least once. */
  continuous: (checkpointInterval: string): StreamTrigger => ({ kind: 'continuous', interval: checkpointInterval }),
  /** Rows flow as they come, in batches of so long (at least 5 seconds; 5 minutes is Spark's default), each with a checkpoint at its end. */
  realTime: (batchDuration = '5 minutes'): StreamTrigger => ({ kind: 'realTime', interval: batchDuration }),
} as const;
