import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { count, expr, SparkError, SparkSession, Trigger } from '../../../spark/connect/index.js';
import { openSession, sparkRemote } from './open-session.js';

const spark = await openSession();

function startRate(name: string) {
  return spark.readStream
    .format('rate')
    .option('rowsPerSecond', 100)
    .load()
    .writeStream.format('memory')
    .queryName(name)
    .outputMode('append')
    .trigger(Trigger.processingTime('100 milliseconds'))
    .start();
}

const uniqueName = () => `q_${randomUUID().replaceAll('-', '_')}`;

test('a query runs, reports progress, is found from elsewhere, and stops', async () => {
  const name = uniqueName();
  const query = await startRate(name);
  assert.equal(query.name, name);
  assert.equal(await query.isActive(), true);
  let progress = await query.lastProgress();
  while (progress === undefined || progress.numInputRows === 0) {
    assert.equal(await query.awaitTermination(50), false);
    progress = await query.lastProgress();
  }
  assert.equal(progress.id, query.id);
  assert.equal(progress.runId, query.runId);
  assert.ok(progress.batchId >= 0n);
  assert.ok((progress.durationsMs.triggerExecution ?? 0) > 0);
  assert.match(progress.sources[0]?.description ?? '', /Rate/);
  assert.ok((await query.recentProgress()).length > 0);
  assert.equal(typeof (await query.status()).message, 'string');
  assert.match(await query.explain(), /Physical Plan/);
  assert.equal(await query.exception(), undefined);

  const elsewhere = await SparkSession.connect(sparkRemote(), { userId: 'sluice-test', sessionId: spark.sessionId });
  try {
    const found = await elsewhere.streams.get(query.id);
    assert.equal(found?.name, name);
    await found?.stop();
  } finally {
    elsewhere.close();
  }
  assert.equal(await query.isActive(), false);
  assert.equal(await query.awaitTermination(), true);
  assert.ok((await spark.table(name).count()) > 0);
});

test('a progress has what the frame observes, by name', async () => {
  const query = await spark.readStream
    .format('rate')
    .option('rowsPerSecond', 100)
    .load()
    .observe('seen', count('*').as('rows'), expr("named_struct('least', min(value))").as('values'))
    .writeStream.format('noop')
    .trigger(Trigger.processingTime('100 milliseconds'))
    .queryName(uniqueName())
    .start();
  let progress = await query.lastProgress();
  while (progress === undefined || progress.numInputRows === 0) {
    assert.equal(await query.awaitTermination(50), false);
    progress = await query.lastProgress();
  }
  await query.stop();
  const { rows, values } = progress.observedMetrics.seen as { rows: number; values: { least: number } };
  assert.equal(rows, progress.numInputRows);
  assert.equal(typeof values.least, 'number');
});

test('a query that fails says why, in awaitTermination and in exception', async () => {
  const name = uniqueName();
  const query = await spark.readStream
    .format('rate')
    .load()
    .selectExpr("raise_error('the cause') as x")
    .writeStream.format('noop')
    .queryName(name)
    .start();
  await assert.rejects(query.awaitTermination(), (error) => {
    assert.ok(error instanceof SparkError);
    assert.equal(error.kind, 'query');
    assert.equal(error.queryName, name);
    assert.match(`${error.message} ${error.causes.map((cause) => cause.message).join(' ')}`, /the cause/);
    return true;
  });
  const exception = await query.exception();
  assert.equal(exception?.kind, 'query');
  assert.deepEqual([exception?.condition, exception?.sqlState], ['STREAM_FAILED', 'XXKST']);
  assert.equal(exception?.queryName, name);
  assert.match(`${exception?.message} ${exception?.causes.map((cause) => cause.message).join(' ')}`, /the cause/);
});

test('waiting for any query ends when one of them has ended, and resets', async () => {
  await spark.streams.resetTerminated();
  const [first, second] = await Promise.all([startRate(uniqueName()), startRate(uniqueName())]);
  assert.equal(await spark.streams.awaitAnyTermination(50), false);
  const waiting = spark.streams.awaitAnyTermination();
  await first.stop();
  assert.equal(await waiting, true);
  await spark.streams.resetTerminated();
  assert.equal(await spark.streams.awaitAnyTermination(50), false);
  await second.stop();
});

test('available-now ends by itself', async () => {
  const query = await spark.readStream
    .format('rate')
    .load()
    .writeStream.format('noop')
    .queryName(uniqueName())
    .trigger(Trigger.availableNow())
    .start();
  assert.equal(await query.awaitTermination({ timeoutMs: 60_000 }), true);
  assert.equal(await query.isActive(), false);
});

test('a wait for termination can be aborted', async () => {
  const query = await startRate(uniqueName());
  const waiting = query.awaitTermination({ signal: AbortSignal.timeout(200) });
  await assert.rejects(waiting, (error) => error instanceof SparkError && error.kind === 'cancelled');
  assert.equal(await query.isActive(), true);
  await query.stop();
});
