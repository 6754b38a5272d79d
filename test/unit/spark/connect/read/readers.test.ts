import assert from 'node:assert/strict';
import { test } from 'node:test';
import { struct } from '../../../../../spark/connect/frame/functions/index.js';
import { DataFrameReader } from '../../../../../spark/connect/read/batch-reader.js';
import { DataStreamReader } from '../../../../../spark/connect/read/stream-reader.js';
import { long } from '../../../../../spark/connect/types/index.js';
import { fakeConnection } from '../fake-connection.js';

const reader = new DataFrameReader(fakeConnection());

interface Source {
  readonly options: unknown;
  readonly schema?: unknown;
  readonly predicates?: unknown;
}

function sourceOf(frame: { readonly relation: unknown }) {
  const { source, isStreaming } = frame.relation as { source: Source; isStreaming: boolean };
  return { ...source, isStreaming };
}

test('options are texts, and a name in another case replaces the older one', () => {
  const { options } = sourceOf(
    reader.format('csv').option('Header', true).options({ header: false, maxColumns: 5, sep: undefined }).load(),
  );
  assert.deepEqual(options, { header: 'false', maxColumns: '5' });
});

test('a reader is not changed by what is made of it', () => {
  const parquet = reader.format('parquet');
  parquet.option('a', 1).schema('id BIGINT');
  assert.deepEqual(sourceOf(parquet.load('/x')), {
    kind: 'data',
    format: 'parquet',
    options: {},
    paths: ['/x'],
    predicates: [],
    isStreaming: false,
  });
});

test('a schema travels as JSON, with its nullability', () => {
  const { schema } = sourceOf(reader.schema(struct({ id: long() })).parquet('/x', '/y'));
  assert.match(String(schema), /"name":"id","type":"long","nullable":true/);
});

test('a JDBC table is read in ranges or by predicates', () => {
  const range = { column: 'id', lowerBound: 1, upperBound: 9, partitions: 4 };
  assert.deepEqual(sourceOf(reader.jdbc('jdbc:x', 't', range)).options, {
    url: 'jdbc:x',
    dbtable: 't',
    partitionColumn: 'id',
    lowerBound: '1',
    upperBound: '9',
    numPartitions: '4',
  });
  assert.deepEqual(sourceOf(reader.jdbc('jdbc:x', 't', { predicates: ['a = 1', 'a = 2'] })).predicates, [
    'a = 1',
    'a = 2',
  ]);
});

test('a stream is read as a stream, from a source or a table', () => {
  const streams = new DataStreamReader(fakeConnection());
  assert.equal(sourceOf(streams.format('rate').load()).isStreaming, true);
  assert.deepEqual(sourceOf(streams.option('x', 'y').table('t')), {
    kind: 'table',
    name: 't',
    options: { x: 'y' },
    isStreaming: true,
  });
});
