import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataFrame } from '../../../../../spark/connect/frame/dataframe.js';
import { col, count, lit } from '../../../../../spark/connect/frame/functions/index.js';
import { createRelation } from '../../../../../spark/connect/plan/relation.js';
import { batchOf, fakeConnection } from '../fake-connection.js';

const range = (connection = fakeConnection()) =>
  new DataFrame<{ id: number }>(connection, createRelation({ kind: 'range', start: 0n, end: 9n, step: 1n }));

test('nothing is sent before an action', () => {
  const connection = fakeConnection();
  range(connection).filter(col('id').gt(1)).groupBy('id').agg(count('*')).orderBy('id').limit(1);
  assert.deepEqual(connection.executed, []);
  assert.deepEqual(connection.analyzed, []);
});

test('collect gives the rows of all batches in their order', async () => {
  const connection = fakeConnection([batchOf('id', [1, 2]), batchOf('id', []), batchOf('id', [3])]);
  assert.deepEqual(await range(connection).collect(), [{ id: 1 }, { id: 2 }, { id: 3 }]);
});

test('leaving the rows early ends the query', async () => {
  const connection = fakeConnection([batchOf('id', [1, 2]), batchOf('id', [3])]);
  for await (const row of range(connection).rows()) {
    assert.equal(row.id, 1);
    break;
  }
  assert.equal(connection.ended.count, 1);
});

test('an action tells of progress and of what was observed', async () => {
  const connection = fakeConnection([
    { kind: 'progress', progress: { stages: [], inflightTasks: 2 } },
    batchOf('id', [1]),
    { kind: 'observed', name: 'seen', values: new Map([['rows', 1n]]) },
  ]);
  const told: unknown[] = [];
  await range(connection).collect({
    onProgress: (progress) => told.push(progress.inflightTasks),
    onObserved: (name, values) => told.push(name, values.get('rows')),
  });
  assert.deepEqual(told, [2, 'seen', 1n]);
});

test('take asks the server for no more rows than are wanted', async () => {
  const connection = fakeConnection([batchOf('id', [1])]);
  assert.deepEqual(await range(connection).first(), { id: 1 });
  const [plan] = connection.executed;
  assert.equal(plan?.kind === 'relation' && plan.relation.kind === 'limit' && plan.relation.rows, 1);
});

test('a transformation leaves the frame that it starts from as it was', () => {
  const frame = range();
  const before = String(frame);
  frame.withColumn('x', lit(1)).drop('id').distinct();
  assert.equal(String(frame), before);
});

test('a frame’s own column names the frame, whatever is derived from it', () => {
  const frame = range();
  const { expression } = frame.col('id');
  assert.deepEqual(expression, { kind: 'attribute', name: 'id', planId: frame.relation.planId });
  assert.notEqual(frame.alias('a').relation.planId, frame.relation.planId);
});

test('persist is asked for with a storage level, and the frame stays itself', async () => {
  const connection = fakeConnection([], { persist: undefined });
  const frame = range(connection);
  assert.equal(await frame.persist(), frame);
  const [request] = connection.analyzed;
  assert.equal(request?.kind === 'persist' && request.storageLevel?.useMemory, true);
});

test('random splits share one seed and leave no gap between them', () => {
  const parts = range().randomSplit([1, 2, 1], 7n);
  const bounds = parts.map(
    ({ relation }) => relation.kind === 'sample' && [relation.lowerBound, relation.upperBound, relation.seed],
  );
  assert.deepEqual(bounds, [
    [0, 0.25, 7n],
    [0.25, 0.75, 7n],
    [0.75, 1, 7n],
  ]);
  assert.throws(() => range().randomSplit([1, -1]), /positive/);
});

test('pivot follows groupBy, and only once', () => {
  assert.throws(() => range().groupBy('id').pivot('id').pivot('id'), /only once/);
  assert.throws(() => range().groupBy('id').agg(), /at least one/);
});
