// A result far larger than what the client may keep, read as it comes. What is kept is told after a garbage collection, so that the bound is on what
// is held, not on what has not been cleared away yet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expr, SparkSession } from '../../../spark/connect/index.js';
import { startCuttingProxy } from './cutting-proxy.js';
import { openSession, sparkEndpoint } from './open-session.js';

const ROWS = 1_000_000;
/** Each row's text alone has so many bytes: the result has some 110 MiB. */
const TEXT_BYTES = 100;
const MIB = 2 ** 20;
const HELD_BYTES_MAX = 32 * MIB;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
  // Twice: what native memory an object held is given back with the collection after its own.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const spark = await openSession();
const frame = spark.sql<{ id: bigint; text: string }>(
  `select id, rpad(cast(id as string), ${TEXT_BYTES}, 'x') as text from range(0, ${ROWS}, 1, 16)`,
);

test('a million rows are read as Arrow batches in a fraction of their memory, by a reader who dawdles, too', async () => {
  const before = heldBytes();
  let next = 0n;
  let bytes = 0;
  let heldMax = 0;
  let batches = 0;
  for await (const batch of frame.batches()) {
    const ids = batch.getChild('id')?.toArray() as BigInt64Array;
    for (const id of ids) if (id !== next++) assert.fail(`${id} in the place of ${next - 1n}`);
    bytes += batch.data.byteLength;
    if (++batches % 10 !== 0) continue;
    heldMax = Math.max(heldMax, heldBytes() - before);
    // Other work at the same server, through the same connection, while the result stands still.
    if (batches % 40 === 0) for (let i = 0; i < 5; i++) assert.equal(await spark.range(0, 1000, 1, 2).count(), 1000n);
  }
  assert.equal(next, BigInt(ROWS));
  assert.ok(bytes > 100 * MIB, `${bytes} bytes`);
  assert.ok(batches >= 50, `${batches} batches`);
  assert.ok(heldMax < HELD_BYTES_MAX, `${(heldMax / MIB).toFixed(1)} MiB were held at once`);
});

test('a million rows are read as objects in a fraction of their memory', async () => {
  const before = heldBytes();
  let next = 0n;
  let heldMax = 0;
  for await (const rows of frame.rowBatches()) {
    for (const { id, text } of rows) {
      if (id !== next || text.length !== TEXT_BYTES) assert.fail(`${id}, ${text} in the place of ${next}`);
      next++;
    }
    if (next % 100_000n === 0n) heldMax = Math.max(heldMax, heldBytes() - before);
  }
  assert.equal(next, BigInt(ROWS));
  assert.ok(heldMax > 0 && heldMax < HELD_BYTES_MAX, `${(heldMax / MIB).toFixed(1)} MiB were held at once`);
});

test('a batch larger than the client wants in one message comes in pieces, and as one', async () => {
  const { host, port } = sparkEndpoint();
  const proxy = await startCuttingProxy(host, port);
  const through = await SparkSession.connect(`sc://127.0.0.1:${proxy.port}`, { userId: 'sluice-test' });
  try {
    await through.conf.set('spark.sql.execution.arrow.maxRecordsPerBatch', 200_000);
    const table = await through.range(0, 200_000, 1, 1).select('id', expr('repeat(id, 20) as text')).toArrow();
    const [batch] = table.batches;
    assert.ok(batch !== undefined);
    assert.equal(table.batches.length, 1);
    assert.equal(batch.numRows, 200_000);
    assert.ok(batch.data.byteLength > 17 * MIB, `${batch.data.byteLength} bytes`);
    assert.ok(proxy.messageBytesMax < 17 * MIB, `a message of ${proxy.messageBytesMax} bytes`);
  } finally {
    await through.release();
    await proxy[Symbol.asyncDispose]();
  }
});
