import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageRows } from '../../../../spark/sinks/stage-rows.js';

/** A batch of `rows` rows where the worker takes three; answers what was asked of Spark, in order, and where the rows went. */
async function stage(rows: number, memory: { expectsMany: boolean }): Promise<readonly string[]> {
  const asked: string[] = [];
  const staged = await stageRows(
    {
      copyRowsMax: 3,
      async throughWorker() {
        asked.push('read');
        return rows <= 3 ? { rows: BigInt(rows), way: 'worker', discard: async () => {} } : undefined;
      },
      async byExecutors(counted) {
        asked.push('write');
        return { rows: counted, way: 'executors', discard: async () => {} };
      },
      async count() {
        asked.push('count');
        return BigInt(rows);
      },
      async persist() {
        asked.push('keep');
      },
      async unpersist() {
        asked.push('let go');
      },
    },
    memory,
  );
  assert.equal(staged.rows, BigInt(rows));
  return [...asked, staged.way];
}

test('few rows take one action of Spark, and nothing is kept', async () => {
  const memory = { expectsMany: false };
  for (const rows of [0, 3]) assert.deepEqual(await stage(rows, memory), ['read', 'worker']);
});

test('too many rows are written by the executors; from then on rows are kept and counted first, until a batch is small again', async () => {
  const memory = { expectsMany: false };
  assert.deepEqual(await stage(4, memory), ['read', 'keep', 'count', 'write', 'let go', 'executors']);
  assert.deepEqual(await stage(5, memory), ['keep', 'count', 'write', 'let go', 'executors']);
  assert.deepEqual(await stage(2, memory), ['keep', 'count', 'read', 'let go', 'worker']);
  assert.deepEqual(await stage(2, memory), ['read', 'worker']);
});
