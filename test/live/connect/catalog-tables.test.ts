// Schemas, tables and functions of a real catalog: made, described, changed, dropped.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { col, integer, notNull, SparkError, string, structType } from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const spark = await openSession();
const { catalog } = spark;
const database = `db_${randomUUID().replaceAll('-', '_')}`;
const table = `${database}.visits`;
const note = "it's a \\ note";
await catalog.createDatabase(database, { properties: { owner_team: 'web', note } });

test('a schema exists once it is made, and can be described', async () => {
  assert.equal(await catalog.databaseExists(database), true);
  assert.equal(await catalog.databaseExists(`${database}_not`), false);
  const described = await catalog.getDatabase(database);
  assert.equal(described.name, database);
  assert.equal(described.catalog, 'spark_catalog');
  assert.match(described.locationUri, new RegExp(database));
  const properties = (await spark.sql<{ info_value: string }>(`describe schema extended ${database}`).collect()).at(-1);
  assert.equal(properties?.info_value, `((note,${note}), (owner_team,web))`);
  assert.deepEqual(
    (await catalog.listDatabases(`${database.slice(0, 20)}*`)).map(({ name }) => name),
    [database],
  );
  await assert.rejects(
    catalog.createDatabase(database),
    (error) => error instanceof SparkError && error.condition === 'SCHEMA_ALREADY_EXISTS',
  );
});

test('a table has the columns, partitions and properties that it was made with', async () => {
  const schema = structType({ page: notNull(string()), views: integer() });
  await catalog.createTable(table, { source: 'parquet', schema, description: 'what was seen' });
  const { name, namespace, tableType, isTemporary, description } = await catalog.getTable(table);
  assert.deepEqual(
    { name, namespace, tableType, isTemporary, description },
    { name: 'visits', namespace: [database], tableType: 'MANAGED', isTemporary: false, description: 'what was seen' },
  );
  const columns = await catalog.listColumns(table);
  assert.deepEqual(
    columns.map((column) => [column.name, column.dataType]),
    [
      ['page', 'string'],
      ['views', 'int'],
    ],
  );
  assert.match(await catalog.getCreateTableString(table), /CREATE TABLE .*visits/s);
  await spark.sql(`alter table ${table} set tblproperties ('seen' = 'often')`).collect();
  assert.equal((await catalog.getTableProperties(table)).get('seen'), 'often');

  const parted = `${database}.parted`;
  await spark.range(4).withColumn('day', col('id').mod(2)).write.partitionBy('day').saveAsTable(parted);
  assert.deepEqual([...(await catalog.listPartitions(parted))].sort(), ['day=0', 'day=1']);
  await catalog.analyzeTable(parted);
  await catalog.truncateTable(parted);
  await catalog.refreshTable(parted);
  assert.equal(await spark.table(parted).count(), 0n);
  await catalog.dropTable(parted);
  assert.equal(await catalog.tableExists(parted), false);
});

test('a table is cached until it is uncached', async () => {
  const name = `${database}.cached`;
  await spark.range(3).write.saveAsTable(name);
  assert.equal(await catalog.isCached(name), false);
  await catalog.cacheTable(name);
  assert.equal(await catalog.isCached(name), true);
  await catalog.uncacheTable(name);
  assert.equal(await catalog.isCached(name), false);
});

test('views are listed apart from tables, and dropped', async () => {
  const name = `${database}.seen`;
  await spark.sql(`create view ${name} as select 1 as one`).collect();
  assert.deepEqual(
    (await catalog.listViews(database)).filter(({ isTemporary }) => !isTemporary).map((view) => view.name),
    ['seen'],
  );
  await catalog.dropView(name);
  assert.equal(await catalog.tableExists(name), false);
});

test('functions of the server are found by name', async () => {
  assert.equal(await catalog.functionExists('upper'), true);
  assert.equal(await catalog.functionExists('no_such_function'), false);
  const { name, isTemporary, className } = await catalog.getFunction('upper');
  assert.equal(name, 'upper');
  assert.equal(isTemporary, true);
  assert.match(className, /Upper$/);
  assert.ok((await catalog.listFunctions(undefined, 'up*')).some((found) => found.name === 'upper'));
});

test('a schema that has tables is dropped only with them', async () => {
  await spark.range(1).write.saveAsTable(`${database}.last`);
  await assert.rejects(
    catalog.dropDatabase(database),
    (error) => error instanceof SparkError && error.condition === 'SCHEMA_NOT_EMPTY',
  );
  await catalog.dropDatabase(database, { cascade: true });
  assert.equal(await catalog.databaseExists(database), false);
  await catalog.dropDatabase(database, { ifExists: true });
});
