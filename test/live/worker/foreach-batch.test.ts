/** foreachBatch in TypeScript on a real Spark: what a handler gets, does and says. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OperationId } from '../../../spark/connect/index.js';
import { hasSessionPerBatch } from '../../../spark/worker/batch-host.js';
import type { BatchRecord } from '../../fixtures/handlers/record-batches.js';
import { eventually, isRunning } from '../../support/eventually.js';
import { openSession } from '../connect/open-session.js';
import { failureOf, handlerFile, ROWS_PER_BATCH, readLines, readLog, startQuery, temporaryFolder } from './queries.js';

const spark = await openSession();

test('batches come in order, each once, with the ids of their query', async (t) => {
  const file = join(await temporaryFolder(t), 'batches');
  const query = await startQuery(t, spark, 'in_order', {
    module: handlerFile('record-batches'),
    export: 'recordBatch',
    params: { file },
  });
  const records = await readLines<BatchRecord>(file, 5);
  const expected = records.map((_, batch) => ({
    batch,
    rows: ROWS_PER_BATCH,
    pid: records[0]?.pid,
    queryName: 'in_order',
    queryId: query.id,
    runId: query.runId,
  }));
  assert.deepEqual(records, expected);
  assert.equal(await query.exception(), undefined);
});

test('a handler reads the rows and writes them with Spark, on one persisted batch', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'batches');
  await startQuery(t, spark, 'write_rows', {
    module: handlerFile('write-rows'),
    export: 'writeRows',
    params: { folder, file },
  });
  const [first, second] = await readLines<{ values: string[]; readBack: number }>(file, 2);
  const numbers = (from: number): string[] =>
    Array.from({ length: ROWS_PER_BATCH }, (_, index) => String(from + index));
  assert.deepEqual(first, { batch: 0, values: numbers(0), readBack: ROWS_PER_BATCH });
  assert.deepEqual(second, { batch: 1, values: numbers(ROWS_PER_BATCH), readBack: ROWS_PER_BATCH });
});

test('what a handler prints reaches the log with query, batch and level, a text of several lines as one record', async (t) => {
  await startQuery(t, spark, 'printing', { module: handlerFile('print'), export: 'print' });
  const records = await readLog('printing', (found) => found.filter(({ batch }) => batch === 1).length === 4);
  const [first, second, third, fourth] = records.filter(({ batch }) => batch === 1);
  assert.deepEqual([first?.level, first?.text], ['log', `batch 1 has { rows: ${ROWS_PER_BATCH} }`]);
  assert.deepEqual([second?.level, second?.text], ['warn', 'two\nlines']);
  assert.deepEqual([third?.level, third?.text], ['debug', 'by the log']);
  assert.equal(fourth?.level, 'error');
  assert.match(fourth?.text ?? '', /^Error: an error, printed\n {4}at .*test\/fixtures\/handlers\/print\.ts:\d+:\d+/);
  assert.match(first?.time ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('two queries have a worker each, and each ends with its own query', async (t) => {
  const folder = await temporaryFolder(t);
  const start = async (name: string) => {
    const file = join(folder, name);
    const spec = { module: handlerFile('record-batches'), export: 'recordBatch', params: { file } };
    const query = await startQuery(t, spark, name, spec);
    const [record] = await readLines<BatchRecord>(file, 1);
    return { query, file, pid: record?.pid ?? 0 };
  };
  const [one, other] = await Promise.all([start('first_of_two'), start('second_of_two')]);
  assert.notEqual(one.pid, other.pid);

  await one.query.stop();
  await eventually('the end of the worker', async () => ((await isRunning(one.pid)) ? undefined : true), 5000);
  const before = (await readLines(other.file, 1)).length;
  await readLines(other.file, before + 1);
  assert.equal(await isRunning(other.pid), true);
});

test('a query that is stopped tells the handler of its running batch, and the worker ends', async (t) => {
  const query = await startQuery(t, spark, 'told_to_end', { module: handlerFile('fail'), export: 'waitForEnd' });
  const [waiting] = await readLog('told_to_end', (found) => found.length > 0);
  const pid = Number(/waiting in (\d+)/.exec(waiting?.text ?? '')?.[1]);
  await query.stop();
  const records = await readLog('told_to_end', (found) => found.length > 1);
  assert.match(records[1]?.text ?? '', /^giving up: Spark has (stopped|ended) the query/);
  assert.equal(records[1]?.level, 'warn');
  await eventually('the end of the worker', async () => ((await isRunning(pid)) ? undefined : true), 5000);
});

test('a handler that computes without pause ends with its query all the same', async (t) => {
  const query = await startQuery(t, spark, 'computing', { module: handlerFile('fail'), export: 'computeForever' });
  const [record] = await readLog('computing', (found) => found.length > 0);
  const pid = Number(/computing in (\d+)/.exec(record?.text ?? '')?.[1]);
  assert.equal(await isRunning(pid), true);
  await query.stop();
  await eventually('the end of the worker', async () => ((await isRunning(pid)) ? undefined : true), 10_000);
});

test('what a handler runs at the server does not outlive its query', async (t) => {
  const file = join(await temporaryFolder(t), 'runs');
  const spec = { module: handlerFile('run-long'), export: 'runLong', params: { file } };
  const query = await startQuery(t, spark, 'stopped_while_long', spec);
  await readLines(file, 1);
  await query.stop();
  // The operation has no signal of its own, so that it was cancelled can only have come from the server. From Spark 4.3 on the query has a session of its
  // own, which is closed with it: whether the operation hears of that or of the interrupt is chance.
  const [record] = await readLog('stopped_while_long', (found) => found.length > 0);
  const ends = hasSessionPerBatch(spark.version)
    ? /^ended: true, (?:cancelled|sessionLost)$/
    : /^ended: true, cancelled$/;
  assert.match(record?.text ?? '', ends);
});

test('what a killed worker has left running at the server is ended by its successor', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'runs');
  const spec = { module: handlerFile('run-long'), export: 'runLong', params: { file } };
  const first = await startQuery(t, spark, 'killed_while_long', spec, join(folder, 'checkpoint'));
  const [run] = await readLines<{ pid: number; id: OperationId }>(file, 1);
  process.kill(run?.pid ?? 0, 'SIGKILL');
  await failureOf(first);
  const before = (await readLines(file, 1)).length;

  const second = await startQuery(t, spark, 'killed_while_long', spec, join(folder, 'checkpoint'));
  assert.equal(second.id, first.id);
  await readLines(file, before + 1);
  // What can still be interrupted has not ended.
  assert.deepEqual(await spark.interruptOperation(run?.id as OperationId), []);
});
