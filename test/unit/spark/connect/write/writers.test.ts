import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecutePlanResponseOutput } from '../../../../../proto/messages.js';
import type { Command } from '../../../../../spark/connect/plan/command.js';
import { createRelation } from '../../../../../spark/connect/plan/relation.js';
import { DataFrameWriter } from '../../../../../spark/connect/write/batch-writer.js';
import { DataStreamWriter } from '../../../../../spark/connect/write/stream-writer.js';
import { TableWriter } from '../../../../../spark/connect/write/table-writer.js';
import { Trigger } from '../../../../../spark/connect/write/trigger.js';
import { type FakeConnection, fakeConnection } from '../fake-connection.js';

const relation = createRelation({ kind: 'range', start: 0n, end: 1n, step: 1n });
const ID = '00000000-0000-4000-8000-000000000001';
const RUN_ID = '00000000-0000-4000-8000-000000000002';

/** Answers a start with the query's ids. */
function starting(): FakeConnection {
  const response = {
    responseType: 'writeStreamOperationStartResult',
    writeStreamOperationStartResult: { queryId: { id: ID, runId: RUN_ID }, name: 'q' },
  } as unknown as ExecutePlanResponseOutput;
  return fakeConnection([{ kind: 'response', response }]);
}

function commandOf(connection: FakeConnection): Command {
  const [plan] = connection.executed;
  assert.equal(plan?.kind, 'command');
  return (plan as { command: Command }).command;
}

test('a write carries its mode, target, partitions and options', async () => {
  const connection = fakeConnection();
  await new DataFrameWriter(connection, relation)
    .format('parquet')
    .mode('overwrite')
    .option('partitionOverwriteMode', 'dynamic')
    .partitionBy('event_date', 'batch_id')
    .save('/lake');
  assert.deepEqual(commandOf(connection), {
    kind: 'write',
    input: relation,
    format: 'parquet',
    target: { kind: 'path', path: '/lake' },
    mode: 'overwrite',
    options: { partitionOverwriteMode: 'dynamic' },
    partitionBy: ['event_date', 'batch_id'],
    sortBy: [],
    clusterBy: [],
  });
});

test('a write leaves it to Spark to refuse or to append, unless told to overwrite', async () => {
  const save = fakeConnection();
  await new DataFrameWriter(save, relation).parquet('/x');
  assert.equal((commandOf(save) as { mode?: string }).mode, undefined);
  const insert = fakeConnection();
  await new DataFrameWriter(insert, relation).insertInto('t');
  assert.equal((commandOf(insert) as { mode?: string }).mode, undefined);
  const overwrite = fakeConnection();
  await new DataFrameWriter(overwrite, relation).mode('overwrite').insertInto('t');
  assert.equal((commandOf(overwrite) as { mode?: string }).mode, 'overwrite');
});

test('a sink without a path has no target', async () => {
  const connection = fakeConnection();
  await new DataFrameWriter(connection, relation).format('noop').mode('overwrite').save();
  assert.equal((commandOf(connection) as { target?: unknown }).target, undefined);
});

test('a table writer replaces what its condition says', async () => {
  const connection = fakeConnection();
  await new TableWriter(connection, relation, 't').option('a', 1).overwritePartitions();
  const command = commandOf(connection);
  assert.equal(command.kind === 'writeV2' && command.mode, 'overwritePartitions');
});

test('a started query has the server’s ids and name', async () => {
  const connection = starting();
  const query = await new DataStreamWriter(connection, relation)
    .queryName('q')
    .outputMode('update')
    .trigger(Trigger.processingTime('1 second'))
    .option('checkpointLocation', '/c')
    .format('noop')
    .start();
  assert.deepEqual([query.id, query.runId, query.name], [ID, RUN_ID, 'q']);
  assert.deepEqual((commandOf(connection) as { trigger?: unknown }).trigger, {
    kind: 'processingTime',
    interval: '1 second',
  });
});

test('a foreachBatch function is encoded once, when the query starts, with the query’s name', async () => {
  const names: (string | undefined)[] = [];
  const handler = {
    encode: async (name: string | undefined) => {
      names.push(name);
      return { command: Uint8Array.of(7), pythonVersion: 'sluice-1' };
    },
  };
  const connection = starting();
  const writer = new DataStreamWriter(connection, relation).foreachBatch(handler).queryName('events');
  assert.deepEqual(names, []);
  await writer.start();
  assert.deepEqual(names, ['events']);
  const command = commandOf(connection);
  assert.deepEqual(command.kind === 'writeStream' && command.foreachBatch?.command, Uint8Array.of(7));
});

test('foreachBatch refuses another sink beside it', async () => {
  const handler = { encode: async () => ({ command: new Uint8Array(), pythonVersion: '' }) };
  const writer = new DataStreamWriter(starting(), relation).foreachBatch(handler);
  await assert.rejects(writer.format('console').start(), /"console"/);
  await assert.rejects(writer.start('/out'), /a path or table/);
  await assert.rejects(writer.toTable('t'), /a path or table/);
});

test('a handler that cannot be encoded starts no query', async () => {
  const connection = starting();
  const handler = { encode: () => Promise.reject(new Error('no such export')) };
  await assert.rejects(new DataStreamWriter(connection, relation).foreachBatch(handler).start(), /no such export/);
  assert.deepEqual(connection.executed, []);
});

test('a writer is not changed by what is made of it', async () => {
  const connection = starting();
  const writer = new DataStreamWriter(connection, relation).format('noop');
  writer.queryName('other').option('a', 1).trigger(Trigger.availableNow());
  await writer.start();
  const command = commandOf(connection);
  assert.ok(command.kind === 'writeStream');
  assert.equal(command.queryName, undefined);
  assert.equal(command.trigger, undefined);
  assert.deepEqual(command.options, {});
});
