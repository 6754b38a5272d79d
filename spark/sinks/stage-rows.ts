/**
 * Which way a batch's rows go to Postgres. Few go through the worker by one action of Spark's, which counts them on the way: that is a job and a
 * cache less than asking first. Only after a batch that was too large for it the next ones are kept and counted, until one is small again.
 */
import type { KeptRows, StagedRows } from './ports.js';
import { keptWhile } from './turn.js';

export interface StagingWays<Staged extends StagedRows> extends Pick<KeptRows, 'persist' | 'unpersist'> {
  readonly copyRowsMax: number;
  /** Undefined for more than `copyRowsMax` rows. */
  throughWorker(): Promise<Staged | undefined>;
  byExecutors(rows: bigint): Promise<Staged>;
  /** How many rows there are. */
  count(): Promise<bigint>;
}

/** What a worker process remembers from batch to batch. */
export interface StagingMemory {
  expectsMany: boolean;
}

export async function stageRows<Staged extends StagedRows>(
  ways: StagingWays<Staged>,
  memory: StagingMemory,
): Promise<Staged> {
  if (!memory.expectsMany) {
    const staged = await ways.throughWorker();
    if (staged !== undefined) return staged;
  }
  return keptWhile(ways, async () => {
    const rows = await ways.count();
    const few = rows <= BigInt(ways.copyRowsMax) ? await ways.throughWorker() : undefined;
    memory.expectsMany = few === undefined;
    return few ?? ways.byExecutors(rows);
  });
}
