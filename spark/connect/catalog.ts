// What the session can name: tables, views, schemas. Asked in SQL, which has had these statements since Spark 3; names go as parameters of
// IDENTIFIER, so that nothing in a name is ever parsed as SQL.
import { SparkError } from './errors/spark-error.js';
import { collectRelation } from './frame/actions.js';
import { createRelation } from './plan/relation.js';
import type { Connection } from './rpc/connection.js';

export interface CatalogTable {
  readonly name: string;
  /** Empty for temporary views. */
  readonly namespace: string;
  readonly isTemporary: boolean;
}

/** The part of `Catalog` of Spark 4.2 that programs use. A name may be qualified; parts with dots or spaces stand in backquotes. */
export class Catalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async currentCatalog(): Promise<string> {
    return this.#one('select current_catalog() as name');
  }

  async currentDatabase(): Promise<string> {
    return this.#one('select current_schema() as name');
  }

  /** Where names without a schema are looked for from now on, in this session. */
  async setCurrentDatabase(name: string): Promise<void> {
    await this.#run('use identifier(:name)', name);
  }

  async listDatabases(): Promise<readonly string[]> {
    const rows = await this.#run<{ readonly namespace: string }>('show schemas');
    return rows.map(({ namespace }) => namespace);
  }

  /** The tables and views of a schema, the current one if none is given, and the session's temporary views. */
  async listTables(database?: string): Promise<readonly CatalogTable[]> {
    const rows = await this.#run<{
      readonly tableName: string;
      readonly namespace: string;
      readonly isTemporary: boolean;
    }>(database === undefined ? 'show tables' : 'show tables in identifier(:name)', database);
    return rows.map(({ tableName, namespace, isTemporary }) => ({ name: tableName, namespace, isTemporary }));
  }

  /** Whether a query could read a table or view of that name. */
  async tableExists(name: string): Promise<boolean> {
    const relation = createRelation({ kind: 'read', isStreaming: false, source: { kind: 'table', name, options: {} } });
    try {
      await this.#connection.analyze({ kind: 'schema', relation });
      return true;
    } catch (error) {
      if (error instanceof SparkError && error.condition === 'TABLE_OR_VIEW_NOT_FOUND') return false;
      throw error;
    }
  }

  /** Forgets a temporary view; never touches a table or view of the catalog. Answers whether there was one. */
  async dropTempView(name: string): Promise<boolean> {
    const isThere = (await this.listTables()).some((table) => table.isTemporary && table.name === name);
    // A temporary view hides a permanent one of its name, so this drops the temporary one.
    if (isThere) await this.#run('drop view if exists identifier(:name)', quoted(name));
    return isThere;
  }

  /** Keeps a table's rows at the server when they are first read. */
  async cacheTable(name: string): Promise<void> {
    await this.#run('cache lazy table identifier(:name)', name);
  }

  async uncacheTable(name: string): Promise<void> {
    await this.#run('uncache table if exists identifier(:name)', name);
  }

  /** Looks at a table's files anew, after something else has changed them. */
  async refreshTable(name: string): Promise<void> {
    await this.#run('refresh table identifier(:name)', name);
  }

  async #one(query: string): Promise<string> {
    const [row] = await this.#run<{ readonly name: string }>(query);
    if (row === undefined) throw new SparkError('The server answered no name.', { kind: 'protocol' });
    return row.name;
  }

  #run<R = unknown>(query: string, name?: string): Promise<R[]> {
    const args =
      name === undefined ? undefined : { name: { kind: 'literal', literal: { kind: 'string', value: name } } as const };
    return collectRelation<R>(this.#connection, createRelation({ kind: 'sql', query, args }));
  }
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
