import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtocol } from '../../../../../proto/load.js';
import type { Command } from '../../../../../spark/connect/plan/command.js';
import { createRelation } from '../../../../../spark/connect/plan/relation.js';
import type { DataType } from '../../../../../spark/connect/types/data-type.js';
import { decodeDataType } from '../../../../../spark/connect/wire/decode-type.js';
import { encodeCommand } from '../../../../../spark/connect/wire/encode-command.js';
import { encodeLiteral } from '../../../../../spark/connect/wire/encode-expression.js';
import { encodeRelation } from '../../../../../spark/connect/wire/encode-relation.js';
import { encodeDataType } from '../../../../../spark/connect/wire/encode-type.js';
import { fakeConnection } from '../fake-connection.js';
import { programs } from '../programs.js';

const { codecs } = loadProtocol();
const input = createRelation({ kind: 'range', start: -5n, end: 2n ** 62n, step: 1n, partitions: 3 });

/** What the protocol does not know is dropped silently; so everything that goes in has to be found again. */
function assertSurvives(sent: unknown, received: unknown, path: string): void {
  if (sent === undefined || sent === null) return;
  if (sent instanceof Uint8Array) {
    assert.deepEqual(Buffer.from(received as Uint8Array), Buffer.from(sent), path);
    return;
  }
  if (typeof sent === 'object') {
    assert.ok(typeof received === 'object' && received !== null, `${path} is lost`);
    for (const [name, value] of Object.entries(sent)) {
      assertSurvives(value, (received as Record<string, unknown>)[name], `${path}.${name}`);
    }
    return;
  }
  assert.deepEqual(String(received), String(sent), path);
}

for (const [name, program] of Object.entries(programs(fakeConnection()))) {
  test(`every field of the program ${name} survives the wire`, () => {
    const message = encodeRelation(program().relation);
    assertSurvives(message, codecs.relation.deserialize(codecs.relation.serialize(message)), name);
  });
}

const QUERY = { queryId: '00000000-0000-4000-8000-000000000001', runId: '00000000-0000-4000-8000-000000000002' };
const STREAM = { kind: 'writeStream', input, options: { path: '/x' }, partitionBy: ['d'], clusterBy: ['c'] } as const;
const WRITE = {
  kind: 'write',
  input,
  mode: 'overwrite',
  options: { compression: 'snappy' },
  partitionBy: ['event_date', 'batch_id'],
  sortBy: ['a'],
  clusterBy: ['b'],
} as const;

const COMMANDS: readonly Command[] = [
  { ...WRITE, format: 'parquet', target: { kind: 'path', path: '/lake' }, bucketBy: { buckets: 4, columns: ['k'] } },
  { ...WRITE, target: { kind: 'table', name: 't', method: 'insertInto' } },
  { ...WRITE, mode: 'ignore', target: { kind: 'table', name: 't', method: 'saveAsTable' } },
  {
    kind: 'writeV2',
    input,
    table: 'cat.t',
    mode: 'overwrite',
    provider: 'iceberg',
    options: { a: '1' },
    tableProperties: { b: '2' },
    partitionBy: [{ kind: 'attribute', name: 'd' }],
    clusterBy: [],
    overwriteCondition: { kind: 'sql', text: 'd = 1' },
  },
  { kind: 'createView', input, name: 'v', isGlobal: true, replace: true },
  { kind: 'sql', input },
  { ...STREAM, format: 'memory', queryName: 'q', outputMode: 'update', target: { kind: 'path', path: '/out' } },
  { ...STREAM, target: { kind: 'table', name: 't' } },
  ...(['processingTime', 'continuous', 'realTime'] as const).map(
    (kind) => ({ ...STREAM, trigger: { kind, interval: '1 second' } }) as const,
  ),
  ...(['availableNow', 'once'] as const).map((kind) => ({ ...STREAM, trigger: { kind } }) as const),
  { ...STREAM, foreachBatch: { command: Uint8Array.of(1, 2, 3), pythonVersion: 'sluice-1' } },
  ...(['status', 'lastProgress', 'recentProgress', 'stop', 'processAllAvailable', 'exception'] as const).map(
    (kind) => ({ kind: 'streamingQuery', ...QUERY, operation: { kind } }) as const,
  ),
  { kind: 'streamingQuery', ...QUERY, operation: { kind: 'explain', extended: true } },
  { kind: 'streamingQuery', ...QUERY, operation: { kind: 'awaitTermination', timeoutMs: 5 } },
  { kind: 'streamingQueryManager', operation: { kind: 'active' } },
  { kind: 'streamingQueryManager', operation: { kind: 'get', id: QUERY.queryId } },
  { kind: 'streamingQueryManager', operation: { kind: 'awaitAnyTermination', timeoutMs: 7 } },
  { kind: 'streamingQueryManager', operation: { kind: 'resetTerminated' } },
  { kind: 'listenerBus', action: 'add' },
  { kind: 'listenerBus', action: 'remove' },
  { kind: 'checkpoint', input, isLocal: true, isEager: false },
];

for (const command of COMMANDS) {
  const detail =
    'trigger' in command ? ` ${command.trigger?.kind}` : 'operation' in command ? ` ${command.operation.kind}` : '';
  test(`every field of the command ${command.kind}${detail} survives the wire`, () => {
    const message = encodeCommand(command);
    const received = codecs.command.deserialize(codecs.command.serialize(message));
    assertSurvives(message, received, command.kind);
    assert.notEqual(received.commandType, undefined);
  });
}

test('a foreachBatch function travels as a Python function without an output type', () => {
  const { writeStreamOperationStart: start } = encodeCommand({
    ...STREAM,
    foreachBatch: { command: Uint8Array.of(9), pythonVersion: 'sluice-1' },
  });
  assert.deepEqual(start?.foreachBatch, {
    pythonFunction: { evalType: 0, command: Uint8Array.of(9), pythonVer: 'sluice-1' },
  });
});

test('64-bit numbers keep all their digits', () => {
  const { long } = encodeLiteral({ kind: 'long', value: 9_223_372_036_854_775_807n });
  assert.equal(long, '9223372036854775807');
  const { range } = codecs.relation.deserialize(codecs.relation.serialize(encodeRelation(input)));
  assert.equal(range?.end, String(2n ** 62n));
});

const TYPES: readonly DataType[] = [
  ...(
    [
      'null',
      'boolean',
      'byte',
      'short',
      'integer',
      'long',
      'float',
      'double',
      'binary',
      'date',
      'timestamp',
      'timestampNtz',
      'calendarInterval',
      'variant',
    ] as const
  ).map((kind) => ({ kind })),
  { kind: 'string' },
  { kind: 'string', collation: 'UNICODE_CI' },
  { kind: 'char', length: 3 },
  { kind: 'varchar', length: 4 },
  { kind: 'decimal', precision: 38, scale: 0 },
  { kind: 'time', precision: 0 },
  { kind: 'yearMonthInterval', startField: 0, endField: 0 },
  { kind: 'dayTimeInterval', startField: 0, endField: 3 },
  { kind: 'array', elementType: { kind: 'long' }, containsNull: false },
  { kind: 'map', keyType: { kind: 'string' }, valueType: { kind: 'double' }, valueContainsNull: true },
  {
    kind: 'struct',
    fields: [
      { name: 'a', type: { kind: 'long' }, nullable: false },
      { name: 'b', type: { kind: 'struct', fields: [] }, nullable: true, metadata: '{"k":1}' },
    ],
  },
];

for (const type of TYPES) {
  test(`the type ${JSON.stringify(type)} comes back as it went`, () => {
    const message = encodeRelation(createRelation({ kind: 'toSchema', input, schema: type }));
    const { toSchema } = codecs.relation.deserialize(codecs.relation.serialize(message));
    assert.ok(toSchema?.schema);
    assert.deepEqual(decodeDataType(toSchema.schema), type);
    assert.ok(encodeDataType(type));
  });
}
