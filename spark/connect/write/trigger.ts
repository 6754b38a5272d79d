// When a streaming query runs its next micro-batch. Durations are Spark's intervals in words: `1 second`, `500 milliseconds`.
import type { StreamTrigger } from '../plan/command.js';

/** Mirrors `Trigger` of Spark 4.2. */
export const Trigger = {
  /**
   * A micro-batch every so often; at once if the last one took longer. `0 seconds`, Spark's default: as soon as there is data.
   * @example await clicks.writeStream.trigger(Trigger.processingTime('10 seconds')).format('console').start();
   */
  processingTime: (interval: string): StreamTrigger => ({ kind: 'processingTime', interval }),
  /**
   * Everything that is there, in as many micro-batches as the source's limits ask for; then the query ends.
   * @example
   * ```ts
   * const catchUp = await clicks.writeStream.trigger(Trigger.availableNow()).format('noop').start();
   * await catchUp.awaitTermination();
   * ```
   */
  availableNow: (): StreamTrigger => ({ kind: 'availableNow' }),
  /**
   * Everything that is there, in one micro-batch whatever the limits; then the query ends. Prefer `availableNow`.
   * @example await clicks.writeStream.trigger(Trigger.once()).format('noop').start();
   */
  once: (): StreamTrigger => ({ kind: 'once' }),
  /**
   * Row by row, with a checkpoint every so often; few sources, no aggregation, at least once.
   * @example
   * ```ts
   * const live = clicks.writeStream.trigger(Trigger.continuous('1 second')).option('checkpointLocation', '/state/live');
   * await live.format('console').start();
   * ```
   */
  continuous: (checkpointInterval: string): StreamTrigger => ({ kind: 'continuous', interval: checkpointInterval }),
  /**
   * Rows flow as they come, in batches of so long (at least 5 seconds; 5 minutes is Spark's default), each with a checkpoint at its end.
   * @example
   * ```ts
   * const live = clicks.writeStream.trigger(Trigger.realTime('1 minute')).option('checkpointLocation', '/state/live');
   * await live.outputMode('update').format('console').start();
   * ```
   */
  realTime: (batchDuration = '5 minutes'): StreamTrigger => ({ kind: 'realTime', interval: batchDuration }),
} as const;
