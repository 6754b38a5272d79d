import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  SparkSession,
  type StreamingQuery,
  type StreamingQueryEvent,
  type StreamingQueryListener,
  Trigger,
} from '../../../spark/connect/index.js';
import { startCuttingProxy } from './cutting-proxy.js';
import { openSession, sparkEndpoint } from './open-session.js';

const PATIENCE_MS = 120_000;

function startRate(spark: SparkSession, expression = 'value'): Promise<StreamingQuery> {
  return spark.readStream
    .format('rate')
    .option('rowsPerSecond', '50')
    .load()
    .selectExpr(expression)
    .writeStream.format('noop')
    .trigger(Trigger.processingTime('100 milliseconds'))
    .queryName('rates')
    .start();
}

/** A listener that collects, and lets a test wait for what it looks for. */
function collector() {
  const events: StreamingQueryEvent[] = [];
  const failures: Error[] = [];
  let wake = (): void => {};
  const take = (event: StreamingQueryEvent): void => {
    events.push(event);
    wake();
  };
  const listener: StreamingQueryListener = {
    onQueryStarted: take,
    onQueryProgress: take,
    onQueryIdle: take,
    onQueryTerminated: take,
    onError: (error) => {
      failures.push(error);
      wake();
    },
  };
  const until = async (holds: () => boolean): Promise<void> => {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (!holds()) {
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        deadline.addEventListener('abort', () => reject(deadline.reason as Error), { once: true });
      });
    }
  };
  const of = <Kind extends StreamingQueryEvent['kind']>(kind: Kind) =>
    events.filter((event): event is Extract<StreamingQueryEvent, { kind: Kind }> => event.kind === kind);
  return { listener, events, failures, until, of };
}

test('a listener hears of the start, the batches and the end of a query, each with its types', async () => {
  const spark = await openSession();
  const { listener, until, of } = collector();
  await spark.streams.addListener(listener);
  assert.deepEqual(spark.streams.listListeners(), [listener]);
  const query = await startRate(spark);
  await until(() => of('progress').some(({ progress }) => progress.numInputRows > 0));
  await query.stop();
  await until(() => of('terminated').length > 0);
  const [started] = of('started');
  assert.deepEqual([started?.id, started?.runId, started?.name], [query.id, query.runId, 'rates']);
  assert.equal(typeof started?.at, 'bigint');
  for (const { progress } of of('progress')) assert.deepEqual([progress.id, progress.name], [query.id, 'rates']);
  assert.deepEqual(of('terminated'), [{ kind: 'terminated', id: query.id, runId: query.runId, failure: undefined }]);
  await spark.streams.removeListener(listener);
  assert.deepEqual(spark.streams.listListeners(), []);
});

test('the end of a query that failed says why, with the error class', async () => {
  const spark = await openSession();
  const { listener, until, of } = collector();
  await spark.streams.addListener(listener);
  await startRate(spark, "raise_error('on purpose')");
  await until(() => of('terminated').length > 0);
  const [ended] = of('terminated');
  assert.match(ended?.failure?.message ?? '', /on purpose/);
  assert.equal(ended?.failure?.errorClass, 'USER_RAISED_EXCEPTION');
  await spark.streams.removeListener(listener);
});

test('an idle query gives signs of life', async () => {
  const spark = await openSession();
  await spark.conf.set('spark.sql.streaming.noDataProgressEventInterval', '200');
  const { listener, until, of } = collector();
  await spark.streams.addListener(listener);
  const query = await startRate(spark);
  await until(() => of('idle').length > 0);
  await query.stop();
  await spark.streams.removeListener(listener);
  for (const { id, runId, at } of of('idle'))
    assert.deepEqual([id, runId, typeof at], [query.id, query.runId, 'bigint']);
});

test('the events are an iterator, too, beside listeners; leaving the loop ends it, and listening can begin again', async () => {
  const spark = await openSession();
  const { listener, until, of } = collector();
  await spark.streams.addListener(listener);
  const query = await startRate(spark);
  for (let round = 0; round < 2; round++) {
    for await (const event of spark.streams.events()) {
      assert.equal(event.kind, 'progress');
      break;
    }
    // The first round leaves a listener behind, the second nobody: then the server is asked anew.
    if (round === 0) await spark.streams.removeListener(listener);
  }
  const heard = of('progress').length;
  assert.ok(heard > 0);
  const gone = new AbortController();
  for await (const event of spark.streams.events({ signal: gone.signal })) if (event.kind === 'progress') gone.abort();
  assert.equal(of('progress').length, heard, 'a listener that was removed hears nothing');
  await spark.streams.addListener(listener);
  await until(() => of('progress').length > heard);
  await spark.streams.removeListener(listener);
  await query.stop();
});

test('no event is lost or told twice when the connection is cut again and again', async () => {
  const { host, port } = sparkEndpoint();
  const proxy = await startCuttingProxy(host, port);
  after(() => proxy[Symbol.asyncDispose]());
  const spark = await SparkSession.connect(`sc://127.0.0.1:${proxy.port}`, {
    userId: 'sluice-test',
    retry: { waitMsFirst: 5, waitMsMax: 50 },
  });
  try {
    const { listener, until, of } = collector();
    await spark.streams.addListener(listener);
    const query = await startRate(spark);
    proxy.cutAfterEach(2);
    await until(() => of('progress').length >= 12);
    proxy.cutAfterEach(0);
    const cuts = proxy.cuts;
    assert.ok(cuts >= 3, `${cuts} cuts`);
    await query.stop();
    await until(() => of('terminated').length > 0);
    const batches = of('progress').map(({ progress }) => Number(progress.batchId));
    assert.deepEqual(
      batches,
      batches.map((_, i) => (batches[0] ?? 0) + i),
    );
    await spark.streams.removeListener(listener);
  } finally {
    proxy.cutAfterEach(0);
    await spark.release();
    await spark[Symbol.asyncDispose]();
  }
});

test('a second client of the session is told that somebody listens already', async () => {
  const spark = await openSession();
  const { listener } = collector();
  await spark.streams.addListener(listener);
  const other = await SparkSession.connect(process.env.SPARK_REMOTE ?? '', {
    userId: 'sluice-test',
    sessionId: spark.sessionId,
  });
  await assert.rejects(other.streams.addListener(collector().listener), { kind: 'input', message: /another client/ });
  await other[Symbol.asyncDispose]();
  await spark.streams.removeListener(listener);
});

test('when the session is released, who listens is told that it is over', async () => {
  const spark = await openSession();
  const { listener, failures, until } = collector();
  await spark.streams.addListener(listener);
  await spark.release();
  await until(() => failures.length > 0);
  assert.deepEqual(spark.streams.listListeners(), []);
});
