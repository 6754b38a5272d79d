// What a server before 4.2 is asked instead: it has no message for schemas made and dropped, tables dropped, truncated and analysed, partitions and
// properties, but a statement for each.
import { isSparkError } from './errors/spark-error.js';
import { lit } from './frame/functions/index.js';
import type { CatalogOperation } from './plan/catalog.js';
import type { RelationNode } from './plan/relation.js';

/**
 * Whether the server did not know the message: it then sees a Catalog without content. Nothing has happened, and there is nothing but the text to tell
 * by: 4.0 says "CATTYPE_NOT_SET not supported", 4.1 "This oneOf field in spark.connect.Catalog is not set: CATTYPE_NOT_SET".
 */
export function isUnknownOperation(error: unknown): boolean {
  return isSparkError(error) && error.message.includes('CATTYPE_NOT_SET');
}

/** The statement that stands for `operation`; undefined if every server has its message, or none stands for it. Names go as parameters. */
export function statementFor(operation: CatalogOperation): RelationNode | undefined {
  switch (operation.kind) {
    case 'createDatabase': {
      const entries = Object.entries(operation.properties).map(([key, value]) => `${quoted(key)} = ${quoted(value)}`);
      const properties = entries.length === 0 ? '' : ` WITH DBPROPERTIES (${entries.join(', ')})`;
      const ifNotExists = operation.ifNotExists ? 'IF NOT EXISTS ' : '';
      return statement(`CREATE SCHEMA ${ifNotExists}IDENTIFIER(:name)${properties}`, operation.dbName);
    }
    case 'dropDatabase': {
      const cascade = operation.cascade ? ' CASCADE' : ' RESTRICT';
      return statement(`DROP SCHEMA ${ifExists(operation)}IDENTIFIER(:name)${cascade}`, operation.dbName);
    }
    case 'dropTable': {
      const purge = operation.purge ? ' PURGE' : '';
      return statement(`DROP TABLE ${ifExists(operation)}IDENTIFIER(:name)${purge}`, operation.tableName);
    }
    case 'dropView':
      return statement(`DROP VIEW ${ifExists(operation)}IDENTIFIER(:name)`, operation.viewName);
    case 'truncateTable':
      return statement('TRUNCATE TABLE IDENTIFIER(:name)', operation.tableName);
    case 'analyzeTable': {
      const noScan = operation.noScan ? ' NOSCAN' : '';
      return statement(`ANALYZE TABLE IDENTIFIER(:name) COMPUTE STATISTICS${noScan}`, operation.tableName);
    }
    case 'listPartitions':
      return statement('SHOW PARTITIONS IDENTIFIER(:name)', operation.tableName);
    case 'getTableProperties':
      return statement('SHOW TBLPROPERTIES IDENTIFIER(:name)', operation.tableName);
    case 'getCreateTableString': {
      const asSerde = operation.asSerde ? ' AS SERDE' : '';
      return statement(`SHOW CREATE TABLE IDENTIFIER(:name)${asSerde}`, operation.tableName);
    }
    default:
      return undefined;
  }
}

function statement(query: string, name: string): RelationNode {
  return { kind: 'sql', query, args: { name: lit(name).expression } };
}

function ifExists(operation: { readonly ifExists: boolean }): string {
  return operation.ifExists ? 'IF EXISTS ' : '';
}

/** Properties take no parameters. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
