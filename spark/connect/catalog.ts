// What the session can name: catalogs, schemas, tables, views, functions. Each method is one message of Spark's catalog protocol.
import { SparkError } from './errors/spark-error.js';
import { collectRelation } from './frame/actions.js';
import type { CatalogOperation } from './plan/catalog.js';
import { type OptionValue, withOptions } from './plan/options.js';
import { createRelation } from './plan/relation.js';
import type { StorageLevel } from './plan/storage-level.js';
import type { Connection } from './rpc/connection.js';
import type { StructType } from './types/data-type.js';

export interface CatalogMetadata {
  readonly name: string;
  readonly description: string | null;
}

export interface CatalogDatabase {
  readonly name: string;
  readonly catalog: string | null;
  readonly description: string | null;
  readonly locationUri: string;
}

export interface CatalogTable {
  readonly name: string;
  readonly catalog: string | null;
  /** Empty or null for temporary views. */
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  /** `MANAGED`, `EXTERNAL`, `VIEW`, `TEMPORARY`, … */
  readonly tableType: string;
  readonly isTemporary: boolean;
}

export interface CatalogColumn {
  readonly name: string;
  readonly description: string | null;
  /** As DDL. */
  readonly dataType: string;
  readonly nullable: boolean;
  readonly isPartition: boolean;
  readonly isBucket: boolean;
  readonly isCluster: boolean;
}

export interface CatalogFunction {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  readonly className: string;
  readonly isTemporary: boolean;
}

/** How a table is made. Without a path its rows belong to it; without a source it has the session's format. */
export interface CreateTableOptions {
  readonly path?: string | undefined;
  readonly source?: string | undefined;
  readonly schema?: StructType | undefined;
  readonly description?: string | undefined;
  readonly options?: Readonly<Record<string, OptionValue>> | undefined;
}

/**
 * Mirrors `Catalog` of Spark 4.2. A name may be qualified; parts with dots or spaces stand in backquotes. A pattern is as in `SHOW TABLES LIKE`:
 * `*` is any text, `|` an alternative. What Spark 4.2 added (views, partitions, schemas made and dropped, tables dropped, truncated and analysed)
 * needs a server of that version.
 */
export class Catalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  // Catalogs.

  async currentCatalog(): Promise<string> {
    return this.#value({ kind: 'currentCatalog' });
  }

  async setCurrentCatalog(name: string): Promise<void> {
    await this.#rows({ kind: 'setCurrentCatalog', catalogName: name });
  }

  async listCatalogs(pattern?: string): Promise<readonly CatalogMetadata[]> {
    return this.#rows({ kind: 'listCatalogs', pattern });
  }

  // Schemas, which Spark calls databases too.

  async currentDatabase(): Promise<string> {
    return this.#value({ kind: 'currentDatabase' });
  }

  /** Where names without a schema are looked for from now on, in this session. */
  async setCurrentDatabase(name: string): Promise<void> {
    await this.#rows({ kind: 'setCurrentDatabase', dbName: name });
  }

  async listDatabases(pattern?: string): Promise<readonly CatalogDatabase[]> {
    return this.#rows({ kind: 'listDatabases', pattern });
  }

  /** @throws SparkError if there is none of that name. */
  async getDatabase(name: string): Promise<CatalogDatabase> {
    return this.#row({ kind: 'getDatabase', dbName: name });
  }

  async databaseExists(name: string): Promise<boolean> {
    return this.#value({ kind: 'databaseExists', dbName: name });
  }

  async createDatabase(
    name: string,
    {
      ifNotExists = false,
      properties = {},
    }: { ifNotExists?: boolean; properties?: Readonly<Record<string, string>> } = {},
  ): Promise<void> {
    await this.#rows({ kind: 'createDatabase', dbName: name, ifNotExists, properties });
  }

  /** @param options.cascade drops its tables too; without it a schema that has some is refused. */
  async dropDatabase(
    name: string,
    { ifExists = false, cascade = false }: { ifExists?: boolean; cascade?: boolean } = {},
  ): Promise<void> {
    await this.#rows({ kind: 'dropDatabase', dbName: name, ifExists, cascade });
  }

  // Tables and views.

  /** The tables and views of a schema, the current one if none is given, and the session's temporary views. */
  async listTables(database?: string, pattern?: string): Promise<readonly CatalogTable[]> {
    return this.#rows({ kind: 'listTables', dbName: database, pattern });
  }

  /** @throws SparkError if there is none of that name. */
  async getTable(name: string): Promise<CatalogTable> {
    return this.#row({ kind: 'getTable', tableName: name });
  }

  /** Whether a query could read a table or view of that name. */
  async tableExists(name: string): Promise<boolean> {
    return this.#value({ kind: 'tableExists', tableName: name });
  }

  async listColumns(table: string): Promise<readonly CatalogColumn[]> {
    return this.#rows({ kind: 'listColumns', tableName: table });
  }

  /** Each as `day=2026-01-02/hour=3`. */
  async listPartitions(table: string): Promise<readonly string[]> {
    return this.#values({ kind: 'listPartitions', tableName: table });
  }

  async getTableProperties(table: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#rows<Readonly<Record<string, string>>>({ kind: 'getTableProperties', tableName: table });
    return new Map(rows.map((row) => Object.values(row) as [string, string]));
  }

  /** The statement that would make the table. @param asSerde in Hive's words. */
  async getCreateTableString(table: string, asSerde = false): Promise<string> {
    return this.#value({ kind: 'getCreateTableString', tableName: table, asSerde });
  }

  /** Makes a table; of files that are there if a path is given. `spark.table(name)` reads it. */
  async createTable(name: string, { options = {}, ...rest }: CreateTableOptions = {}): Promise<void> {
    await this.#rows({ kind: 'createTable', tableName: name, options: withOptions({}, options), ...rest });
  }

  /** @param options.purge without a trash, where the catalog has one. */
  async dropTable(
    name: string,
    { ifExists = false, purge = false }: { ifExists?: boolean; purge?: boolean } = {},
  ): Promise<void> {
    await this.#rows({ kind: 'dropTable', tableName: name, ifExists, purge });
  }

  /** Drops the rows and keeps the table. */
  async truncateTable(name: string): Promise<void> {
    await this.#rows({ kind: 'truncateTable', tableName: name });
  }

  /** Counts rows and bytes for the planner. @param noScan bytes only. */
  async analyzeTable(name: string, noScan = false): Promise<void> {
    await this.#rows({ kind: 'analyzeTable', tableName: name, noScan });
  }

  /** Finds partitions that something else has put into the table's folder. */
  async recoverPartitions(table: string): Promise<void> {
    await this.#rows({ kind: 'recoverPartitions', tableName: table });
  }

  /** Looks at a table's files anew, after something else has changed them. */
  async refreshTable(name: string): Promise<void> {
    await this.#rows({ kind: 'refreshTable', tableName: name });
  }

  /** As `refreshTable`, for every kept frame that reads below a path. */
  async refreshByPath(path: string): Promise<void> {
    await this.#rows({ kind: 'refreshByPath', path });
  }

  async listViews(database?: string, pattern?: string): Promise<readonly CatalogTable[]> {
    // The server wants to know where a pattern is meant to be looked for.
    const dbName = database ?? (pattern === undefined ? undefined : await this.currentDatabase());
    return this.#rows({ kind: 'listViews', dbName, pattern });
  }

  async dropView(name: string, { ifExists = false }: { ifExists?: boolean } = {}): Promise<void> {
    await this.#rows({ kind: 'dropView', viewName: name, ifExists });
  }

  /** Forgets a temporary view; never touches a table or view of the catalog. Answers whether there was one. */
  async dropTempView(name: string): Promise<boolean> {
    return this.#value({ kind: 'dropTempView', viewName: name });
  }

  async dropGlobalTempView(name: string): Promise<boolean> {
    return this.#value({ kind: 'dropGlobalTempView', viewName: name });
  }

  // What the server keeps.

  /** Keeps a table's rows at the server when they are first read. */
  async cacheTable(name: string, storageLevel?: StorageLevel): Promise<void> {
    await this.#rows({ kind: 'cacheTable', tableName: name, storageLevel });
  }

  async isCached(table: string): Promise<boolean> {
    return this.#value({ kind: 'isCached', tableName: table });
  }

  async uncacheTable(name: string): Promise<void> {
    await this.#rows({ kind: 'uncacheTable', tableName: name });
  }

  /** Forgets every kept table and frame of the session. */
  async clearCache(): Promise<void> {
    await this.#rows({ kind: 'clearCache' });
  }

  // Functions.

  async listFunctions(database?: string, pattern?: string): Promise<readonly CatalogFunction[]> {
    return this.#rows({ kind: 'listFunctions', dbName: database, pattern });
  }

  /** @throws SparkError if there is none of that name. */
  async getFunction(name: string): Promise<CatalogFunction> {
    return this.#row({ kind: 'getFunction', functionName: name });
  }

  async functionExists(name: string): Promise<boolean> {
    return this.#value({ kind: 'functionExists', functionName: name });
  }

  async #rows<R>(operation: CatalogOperation): Promise<R[]> {
    return collectRelation<R>(this.#connection, createRelation({ kind: 'catalog', operation }));
  }

  async #row<R>(operation: CatalogOperation): Promise<R> {
    const [row] = await this.#rows<R>(operation);
    if (row === undefined)
      throw new SparkError(`The server answered nothing to ${operation.kind}.`, { kind: 'protocol' });
    return row;
  }

  /** The first column, row by row. */
  async #values<T>(operation: CatalogOperation): Promise<T[]> {
    const rows = await this.#rows<Readonly<Record<string, T>>>(operation);
    return rows.flatMap((row) => Object.values(row).slice(0, 1));
  }

  async #value<T>(operation: CatalogOperation): Promise<T> {
    return Object.values(await this.#row<Readonly<Record<string, T>>>(operation))[0] as T;
  }
}
