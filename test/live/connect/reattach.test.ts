import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SparkSession } from '../../../spark/connect/index.js';
import { startCuttingProxy } from './cutting-proxy.js';
import { sparkEndpoint } from './open-session.js';

const { host, port } = sparkEndpoint();
const proxy = await startCuttingProxy(host, port);
after(() => proxy[Symbol.asyncDispose]());

const ROWS = 200_000;

test('a result survives twenty cut connections without a row lost or repeated', async () => {
  let reattached = 0;
  const spark = await SparkSession.connect(`sc://127.0.0.1:${proxy.port}`, {
    userId: 'sluice-test',
    retry: { waitMsFirst: 5, waitMsMax: 50 },
    onReattach: () => reattached++,
  });
  try {
    // Small batches, so that cuts fall into the middle of the stream as well as into the middle of a batch.
    await spark.conf.set('spark.sql.execution.arrow.maxRecordsPerBatch', '2000');
    const frame = spark.sql(`select id, repeat(cast(id as string), 4) as text from range(0, ${ROWS}, 1, 4)`);
    const cutsBefore = proxy.cuts;
    proxy.cutAfter(150_000, 20);
    let next = 0n;
    for await (const { id } of frame.rows()) {
      assert.equal(id, next);
      next++;
    }
    assert.equal(next, BigInt(ROWS));
    assert.equal(proxy.cuts - cutsBefore, 20);
    assert.ok(reattached > 0, `${reattached} streams were taken up again`);
  } finally {
    proxy.cutAfter(0, 0);
    await spark.release();
    await spark[Symbol.asyncDispose]();
  }
});

test('a command whose connection is cut before it answers runs once', async () => {
  const spark = await SparkSession.connect(`sc://127.0.0.1:${proxy.port}`, {
    userId: 'sluice-test',
    retry: { waitMsFirst: 5, waitMsMax: 50 },
  });
  try {
    const started = spark.readStream.format('rate').load().writeStream.format('memory').queryName(`cut_${Date.now()}`);
    proxy.cutAfter(0, 3);
    const query = await started.start();
    proxy.cutAfter(0, 0);
    const active = await spark.streams.active();
    assert.deepEqual(
      active.map(({ id }) => id),
      [query.id],
    );
    await query.stop();
  } finally {
    proxy.cutAfter(0, 0);
    await spark.release();
    await spark[Symbol.asyncDispose]();
  }
});

test('every row of 100,000 comes once and in order, cut after every n-th message, for n from 1 to 50', async () => {
  const spark = await SparkSession.connect(`sc://127.0.0.1:${proxy.port}`, {
    userId: 'sluice-test',
    retry: { waitMsFirst: 2, waitMsMax: 20 },
  });
  try {
    await spark.conf.set('spark.sql.execution.arrow.maxRecordsPerBatch', '1500');
    const rows = 100_000;
    const frame = spark.range(0, rows, 1, 4);
    for (let n = 1; n <= 50; n++) {
      const cutsBefore = proxy.cuts;
      proxy.cutAfterEach(n);
      let next = 0n;
      for await (const batch of frame.batches()) {
        const ids = batch.getChildAt(0)?.toArray() as BigInt64Array;
        for (const id of ids) if (id !== next++) assert.fail(`cut after ${n}: ${id} in the place of ${next - 1n}`);
      }
      proxy.cutAfterEach(0);
      assert.equal(next, BigInt(rows), `cut after ${n}`);
      assert.ok(proxy.cuts > cutsBefore, `cut after ${n}: no connection was cut`);
    }
  } finally {
    proxy.cutAfterEach(0);
    await spark.release();
    await spark[Symbol.asyncDispose]();
  }
});
