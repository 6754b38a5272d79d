// What the session can name: catalogs, schemas, tables, views, functions. Each method is one message of Spark's catalog protocol.
import { SparkError } from './errors/spark-error.js';
import { collectRelation } from './frame/actions.js';
import type { CatalogOperation } from './plan/catalog.js';
import { type OptionValue, withOptions } from './plan/options.js';
import { createRelation } from './plan/relation.js';
import type { StorageLevel } from './plan/storage-level.js';
import type { Connection } from './rpc/connection.js';
import type { StructType } from './types/data-type.js';

/** A catalog, as `listCatalogs` tells of it. */
export interface CatalogMetadata {
  readonly name: string;
  readonly description: string | null;
}

/** A schema, as `listDatabases` tells of it. Spark calls it database too. */
export interface CatalogDatabase {
  readonly name: string;
  readonly catalog: string | null;
  readonly description: string | null;
  readonly locationUri: string;
}

/** A table or view, as `listTables` tells of it. */
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

/** A table's column, as `listColumns` tells of it. */
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

/** A function, as `listFunctions` tells of it. Those of Spark itself are among them. */
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

  /**
   * Where names without a catalog are looked for; `spark_catalog` unless something else is configured.
   * @example const catalog = await spark.catalog.currentCatalog();
   */
  async currentCatalog(): Promise<string> {
    return this.#value({ kind: 'currentCatalog' });
  }

  /**
   * Where names without a catalog are looked for from now on, in this session.
   * @throws SparkError if there is none of that name.
   * @example await spark.catalog.setCurrentCatalog('lake');
   */
  async setCurrentCatalog(name: string): Promise<void> {
    await this.#rows({ kind: 'setCurrentCatalog', catalogName: name });
  }

  /**
   * The catalogs that the session has used so far, and `spark_catalog`: Spark loads others when they are first named.
   * @example const names = (await spark.catalog.listCatalogs()).map(({ name }) => name);
   */
  async listCatalogs(pattern?: string): Promise<readonly CatalogMetadata[]> {
    return this.#rows({ kind: 'listCatalogs', pattern });
  }

  // Schemas, which Spark calls databases too.

  /**
   * Where names without a schema are looked for; `default` at the beginning.
   * @example const schema = await spark.catalog.currentDatabase();
   */
  async currentDatabase(): Promise<string> {
    return this.#value({ kind: 'currentDatabase' });
  }

  /**
   * Where names without a schema are looked for from now on, in this session.
   * @throws SparkError if there is none of that name.
   * @example await spark.catalog.setCurrentDatabase('sales');
   */
  async setCurrentDatabase(name: string): Promise<void> {
    await this.#rows({ kind: 'setCurrentDatabase', dbName: name });
  }

  /**
   * The schemas of the current catalog.
   * @example const ofSales = await spark.catalog.listDatabases('sales_*');
   */
  async listDatabases(pattern?: string): Promise<readonly CatalogDatabase[]> {
    return this.#rows({ kind: 'listDatabases', pattern });
  }

  /**
   * What is known of a schema.
   * @throws SparkError if there is none of that name.
   * @example const { locationUri } = await spark.catalog.getDatabase('sales');
   */
  async getDatabase(name: string): Promise<CatalogDatabase> {
    return this.#row({ kind: 'getDatabase', dbName: name });
  }

  /**
   * Whether there is a schema of that name.
   * @example if (!(await spark.catalog.databaseExists('sales'))) await spark.catalog.createDatabase('sales');
   */
  async databaseExists(name: string): Promise<boolean> {
    return this.#value({ kind: 'databaseExists', dbName: name });
  }

  /**
   * Makes a schema. Needs a server of 4.2.
   * @param options.ifNotExists leaves one that is there as it is; otherwise it is an error.
   * @example await spark.catalog.createDatabase('sales', { ifNotExists: true, properties: { owner: 'Ada' } });
   */
  async createDatabase(
    name: string,
    {
      ifNotExists = false,
      properties = {},
    }: { ifNotExists?: boolean; properties?: Readonly<Record<string, string>> } = {},
  ): Promise<void> {
    await this.#rows({ kind: 'createDatabase', dbName: name, ifNotExists, properties });
  }

  /**
   * Drops a schema. Needs a server of 4.2.
   * @param options.ifExists without it one that is not there is an error.
   * @param options.cascade drops its tables too; without it a schema that has some is refused.
   * @example await spark.catalog.dropDatabase('sales', { ifExists: true, cascade: true });
   */
  async dropDatabase(
    name: string,
    { ifExists = false, cascade = false }: { ifExists?: boolean; cascade?: boolean } = {},
  ): Promise<void> {
    await this.#rows({ kind: 'dropDatabase', dbName: name, ifExists, cascade });
  }

  // Tables and views.

  /**
   * The tables and views of a schema, the current one if none is given, and the session's temporary views.
   * @example for (const { name, tableType } of await spark.catalog.listTables('sales', 'order*')) console.log(name, tableType);
   */
  async listTables(database?: string, pattern?: string): Promise<readonly CatalogTable[]> {
    return this.#rows({ kind: 'listTables', dbName: database, pattern });
  }

  /**
   * What is known of a table or view, temporary ones included.
   * @throws SparkError if there is none of that name.
   * @example const { tableType } = await spark.catalog.getTable('sales.orders');
   */
  async getTable(name: string): Promise<CatalogTable> {
    return this.#row({ kind: 'getTable', tableName: name });
  }

  /**
   * Whether a query could read a table or view of that name.
   * @example if (await spark.catalog.tableExists('sales.orders')) await spark.table('sales.orders').show();
   */
  async tableExists(name: string): Promise<boolean> {
    return this.#value({ kind: 'tableExists', tableName: name });
  }

  /**
   * The columns of a table or view, in their order.
   * @throws SparkError if there is none of that name.
   * @example const names = (await spark.catalog.listColumns('sales.orders')).map(({ name }) => name);
   */
  async listColumns(table: string): Promise<readonly CatalogColumn[]> {
    return this.#rows({ kind: 'listColumns', tableName: table });
  }

  /**
   * The partitions of a table, each as `day=2026-01-02/hour=3`. Needs a server of 4.2.
   * @throws SparkError if the table has no partitions.
   * @example const [newest] = (await spark.catalog.listPartitions('sales.orders')).toReversed();
   */
  async listPartitions(table: string): Promise<readonly string[]> {
    return this.#values({ kind: 'listPartitions', tableName: table });
  }

  /**
   * What `TBLPROPERTIES` has set, and what Spark keeps beside it. Needs a server of 4.2.
   * @example const owner = (await spark.catalog.getTableProperties('sales.orders')).get('owner');
   */
  async getTableProperties(table: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#rows<Readonly<Record<string, string>>>({ kind: 'getTableProperties', tableName: table });
    return new Map(rows.map((row) => Object.values(row) as [string, string]));
  }

  /**
   * The statement that would make the table. Needs a server of 4.2.
   * @param asSerde in Hive's words.
   * @example console.log(await spark.catalog.getCreateTableString('sales.orders'));
   */
  async getCreateTableString(table: string, asSerde = false): Promise<string> {
    return this.#value({ kind: 'getCreateTableString', tableName: table, asSerde });
  }

  /**
   * Makes a table; of files that are there if a path is given. `spark.table(name)` reads it.
   * @throws SparkError if there is one of that name.
   * @example await spark.catalog.createTable('sales.orders', { source: 'parquet', schema: struct({ id: long() }) });
   */
  async createTable(name: string, { options = {}, ...rest }: CreateTableOptions = {}): Promise<void> {
    await this.#rows({ kind: 'createTable', tableName: name, options: withOptions({}, options), ...rest });
  }

  /**
   * Drops a table, with its rows unless it is external. Needs a server of 4.2.
   * @param options.ifExists without it one that is not there is an error.
   * @param options.purge without a trash, where the catalog has one.
   * @example await spark.catalog.dropTable('sales.orders', { ifExists: true });
   */
  async dropTable(
    name: string,
    { ifExists = false, purge = false }: { ifExists?: boolean; purge?: boolean } = {},
  ): Promise<void> {
    await this.#rows({ kind: 'dropTable', tableName: name, ifExists, purge });
  }

  /**
   * Drops the rows and keeps the table.
   * @example await spark.catalog.truncateTable('sales.orders');
   */
  async truncateTable(name: string): Promise<void> {
    await this.#rows({ kind: 'truncateTable', tableName: name });
  }

  /**
   * Counts rows and bytes for the planner. Needs a server of 4.2.
   * @param noScan bytes only, which takes no job.
   * @example await spark.catalog.analyzeTable('sales.orders');
   */
  async analyzeTable(name: string, noScan = false): Promise<void> {
    await this.#rows({ kind: 'analyzeTable', tableName: name, noScan });
  }

  /**
   * Finds partitions that something else has put into the table's folder.
   * @example await spark.catalog.recoverPartitions('sales.orders');
   */
  async recoverPartitions(table: string): Promise<void> {
    await this.#rows({ kind: 'recoverPartitions', tableName: table });
  }

  /**
   * Looks at a table's files anew, after something else has changed them.
   * @example await spark.catalog.refreshTable('sales.orders');
   */
  async refreshTable(name: string): Promise<void> {
    await this.#rows({ kind: 'refreshTable', tableName: name });
  }

  /**
   * As `refreshTable`, for every kept frame that reads below a path.
   * @example await spark.catalog.refreshByPath('/data/orders');
   */
  async refreshByPath(path: string): Promise<void> {
    await this.#rows({ kind: 'refreshByPath', path });
  }

  /**
   * The views of a schema, the current one if none is given, and the session's temporary views. Needs a server of 4.2.
   * @example const views = await spark.catalog.listViews('sales');
   */
  async listViews(database?: string, pattern?: string): Promise<readonly CatalogTable[]> {
    // The server wants to know where a pattern is meant to be looked for.
    const dbName = database ?? (pattern === undefined ? undefined : await this.currentDatabase());
    return this.#rows({ kind: 'listViews', dbName, pattern });
  }

  /**
   * Drops a view of the catalog; never a table. Needs a server of 4.2.
   * @param options.ifExists without it one that is not there is an error.
   * @example await spark.catalog.dropView('sales.recent_orders', { ifExists: true });
   */
  async dropView(name: string, { ifExists = false }: { ifExists?: boolean } = {}): Promise<void> {
    await this.#rows({ kind: 'dropView', viewName: name, ifExists });
  }

  /**
   * Forgets a temporary view; never touches a table or view of the catalog. Answers whether there was one.
   * @example const wasThere = await spark.catalog.dropTempView('people');
   */
  async dropTempView(name: string): Promise<boolean> {
    return this.#value({ kind: 'dropTempView', viewName: name });
  }

  /**
   * As `dropTempView`, for a view that `createGlobalTempView` has made; its name is without `global_temp`.
   * @example const wasThere = await spark.catalog.dropGlobalTempView('people');
   */
  async dropGlobalTempView(name: string): Promise<boolean> {
    return this.#value({ kind: 'dropGlobalTempView', viewName: name });
  }

  // What the server keeps.

  /**
   * Keeps a table's rows at the server when they are first read.
   * @param storageLevel where and in what form; in memory, and on disk what does not fit, if not given.
   * @example await spark.catalog.cacheTable('sales.orders');
   */
  async cacheTable(name: string, storageLevel?: StorageLevel): Promise<void> {
    await this.#rows({ kind: 'cacheTable', tableName: name, storageLevel });
  }

  /**
   * Whether the server keeps the table's rows, or will when they are first read.
   * @example if (await spark.catalog.isCached('sales.orders')) await spark.catalog.uncacheTable('sales.orders');
   */
  async isCached(table: string): Promise<boolean> {
    return this.#value({ kind: 'isCached', tableName: table });
  }

  /**
   * Forgets the kept rows of a table.
   * @example await spark.catalog.uncacheTable('sales.orders');
   */
  async uncacheTable(name: string): Promise<void> {
    await this.#rows({ kind: 'uncacheTable', tableName: name });
  }

  /**
   * Forgets every kept table and frame of the session.
   * @example await spark.catalog.clearCache();
   */
  async clearCache(): Promise<void> {
    await this.#rows({ kind: 'clearCache' });
  }

  // Functions.

  /**
   * The functions that the session can name: Spark's own, those of a schema (the current one if none is given) and temporary ones.
   * @example const forUrls = await spark.catalog.listFunctions(undefined, '*url*');
   */
  async listFunctions(database?: string, pattern?: string): Promise<readonly CatalogFunction[]> {
    return this.#rows({ kind: 'listFunctions', dbName: database, pattern });
  }

  /**
   * What is known of a function.
   * @throws SparkError if there is none of that name.
   * @example const { description } = await spark.catalog.getFunction('upper');
   */
  async getFunction(name: string): Promise<CatalogFunction> {
    return this.#row({ kind: 'getFunction', functionName: name });
  }

  /**
   * Whether the session can name the function.
   * @example const canSketch = await spark.catalog.functionExists('hll_sketch_agg');
   */
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
