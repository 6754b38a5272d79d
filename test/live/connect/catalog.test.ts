import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  long,
  notNull,
  SparkError,
  string,
  structType,
  timestamp,
  timestampMicros,
} from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const spark = await openSession();

test('a temporary view is listed, read, and dropped once', async () => {
  const name = `view_${randomUUID().replaceAll('-', '_')}`;
  assert.equal(await spark.catalog.tableExists(name), false);
  await spark.range(3).createTempView(name);
  assert.equal(await spark.catalog.tableExists(name), true);
  const listed = (await spark.catalog.listTables()).filter((table) => table.name === name);
  const view = { catalog: null, namespace: [], description: null, tableType: 'TEMPORARY', isTemporary: true };
  assert.deepEqual(listed, [{ name, ...view }]);
  await spark.catalog.cacheTable(name);
  assert.equal(await spark.table(name).count(), 3n);
  await spark.catalog.uncacheTable(name);
  assert.equal(await spark.catalog.dropTempView(name), true);
  assert.equal(await spark.catalog.dropTempView(name), false);
});

test('the current schema is one of the schemas, and can be set', async () => {
  const current = await spark.catalog.currentDatabase();
  assert.ok((await spark.catalog.listDatabases()).some(({ name }) => name === current));
  assert.equal(await spark.catalog.currentCatalog(), 'spark_catalog');
  await spark.catalog.setCurrentDatabase(current);
  await assert.rejects(
    spark.catalog.setCurrentDatabase('no_such_schema; drop table t'),
    (error) => error instanceof SparkError && error.kind !== 'input',
  );
});

test('rows of this process come back from the server as they went, typed', async () => {
  const schema = structType({ id: notNull(long()), name: string(), at: timestamp() });
  const rows = [
    { id: 1n, name: 'é', at: timestampMicros('2026-01-31T12:00:00.123456Z') },
    { id: 2n ** 62n, name: null, at: null },
  ];
  const frame = spark.createDataFrame(rows, schema);
  const back = await frame.collect();
  assert.deepEqual(back, rows);
  const ids: readonly bigint[] = back.map((row) => row.id);
  assert.deepEqual(ids, [1n, 2n ** 62n]);
  assert.deepEqual(
    (await frame.schema()).fields.map(({ name, nullable }) => [name, nullable]),
    [
      ['id', false],
      ['name', true],
      ['at', true],
    ],
  );
});

test('ten thousand local rows survive a join with themselves', async () => {
  const schema = structType({ id: notNull(long()), text: string() });
  const rows = Array.from({ length: 10_000 }, (_, index) => ({
    id: BigInt(index),
    text: index % 3 === 0 ? null : `t${index}`,
  }));
  const frame = spark.createDataFrame(rows, schema);
  const joined = await frame.join(frame.select('id'), 'id').orderBy('id').collect();
  assert.deepEqual(joined, rows);
});
