// A catalog at a server that does not know the messages of 4.2.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Catalog } from '../../../../spark/connect/catalog.js';
import { SparkError } from '../../../../spark/connect/errors/index.js';
import type { Connection, ExecuteEvent, RootPlan } from '../../../../spark/connect/rpc/connection.js';
import { batchOf, fakeConnection } from './fake-connection.js';

/** Refuses catalog operations with `message`; answers one number to everything else. Keeps the statements that it was sent. */
function oldServer(message: string): { readonly catalog: Catalog; readonly statements: [string, unknown][] } {
  const statements: [string, unknown][] = [];
  const connection: Connection = {
    ...fakeConnection(),
    async *execute(plan: RootPlan): AsyncGenerator<ExecuteEvent, void, void> {
      const relation = plan.kind === 'relation' ? plan.relation : assert.fail('a command was sent');
      if (relation.kind === 'catalog') throw new SparkError(message, { kind: 'execution' });
      const { query, args } = relation.kind === 'sql' ? relation : assert.fail(relation.kind);
      statements.push([query, args && 'name' in args && 'value' in args.name ? args.name.value : args]);
      yield batchOf('n', [1]);
    },
  };
  return { catalog: new Catalog(connection), statements };
}

// As Spark 4.0.5 and 4.1.4 say it.
const REFUSALS = [
  'CATTYPE_NOT_SET not supported.',
  '[INTERNAL_ERROR] This oneOf field in spark.connect.Catalog is not set: CATTYPE_NOT_SET SQLSTATE: XX000',
];

test('what the server has no message for is done by a statement, with names as parameters', async () => {
  for (const refusal of REFUSALS) {
    const { catalog, statements } = oldServer(refusal);
    await catalog.createDatabase('a.b', { ifNotExists: true, properties: { k: "it's \\" } });
    await catalog.dropDatabase('a', { cascade: true });
    await catalog.dropTable('t', { ifExists: true, purge: true });
    await catalog.dropView('v');
    await catalog.truncateTable('t');
    await catalog.analyzeTable('t', true);
    await catalog.listPartitions('t');
    await catalog.getTableProperties('t');
    await catalog.getCreateTableString('t', true);
    assert.deepEqual(
      statements.map(([query]) => query),
      [
        "CREATE SCHEMA IF NOT EXISTS IDENTIFIER(:name) WITH DBPROPERTIES ('k' = 'it\\'s \\\\')",
        'DROP SCHEMA IDENTIFIER(:name) CASCADE',
        'DROP TABLE IF EXISTS IDENTIFIER(:name) PURGE',
        'DROP VIEW IDENTIFIER(:name)',
        'TRUNCATE TABLE IDENTIFIER(:name)',
        'ANALYZE TABLE IDENTIFIER(:name) COMPUTE STATISTICS NOSCAN',
        'SHOW PARTITIONS IDENTIFIER(:name)',
        'SHOW TBLPROPERTIES IDENTIFIER(:name)',
        'SHOW CREATE TABLE IDENTIFIER(:name) AS SERDE',
      ],
    );
    assert.match(JSON.stringify(statements[0]?.[1]), /"a\.b"/);
  }
});

test('any other refusal comes out as it is, and is not tried as a statement', async () => {
  const { catalog, statements } = oldServer('[SCHEMA_NOT_FOUND] The schema `a` cannot be found.');
  await assert.rejects(catalog.dropDatabase('a'), /SCHEMA_NOT_FOUND/);
  await assert.rejects(oldServer(REFUSALS[0] as string).catalog.currentDatabase(), /CATTYPE_NOT_SET/);
  assert.deepEqual(statements, []);
});
