// A job to interrupt. Two rules, both learnt: it is finite, because Spark can lose an interrupt (see ExecuteOptions.signal) and
// then nobody can stop the job over Connect; and it is interrupted only when its tasks run, because before that is when interrupts get lost.
import assert from 'node:assert/strict';
import type { DataFrame, SparkSession } from '../../../spark/connect/index.js';

/** Long enough for Spark to report running tasks before it ends (seen on two cores); how long it takes when left alone was not measured. */
const ROWS = 20_000_000_000n;

/** @param tasks how many of the server's task slots it takes; the suite's has two. */
export function slowFrame(spark: SparkSession, tasks: 1 | 2 = 2): DataFrame<{ id: bigint }> {
  return spark.range(0, (ROWS / 2n) * BigInt(tasks), 1, tasks).filter('id % 7 = -1');
}

/** Far below what the slow job takes, far above what a small one takes on a busy machine. */
const SLOT_WAIT_MS = 15_000;

/** A small job gets through: nothing holds the server's task slots any more. */
export async function assertSlotsFree(spark: SparkSession): Promise<void> {
  const signal = AbortSignal.timeout(SLOT_WAIT_MS);
  assert.equal(await spark.range(0, 10, 1, 2).count({ signal }), 10n);
}
