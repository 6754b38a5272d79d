// What the session can name: catalogs, schemas, tables, views, functions. Each method is one message of Spark's catalog protocol.
import { isUnknownOperation, statementFor } from './catalog-statements.js';
import { SparkError } from './errors/spark-error.js';
import { type ActionOptions, collectRelation } from './frame/actions.js';
import type { CatalogOperation } from './plan/catalog.js';
import { type OptionValue, withOptions } from './plan/options.js';
import { createRelation } from './plan/relation.js';
import type { StorageLevel } from './plan/storage-level.js';
import type { CallOptions, Connection } from './rpc/connection.js';
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
export interface CreateTableOptions extends CallOptions {
  readonly path?: string | undefined;
  readonly source?: string | undefined;
  readonly schema?: StructType | undefined;
  readonly description?: string | undefined;
  readonly options?: Readonly<Record<string, OptionValue>> | undefined;
}

/**
 * Mirrors `Catalog` of Spark 4.2. A name may be qualified; parts with dots or spaces stand in backquotes. A pattern is as in `SHOW TABLES LIKE`:
 * `*` is any text, `|` an alternative. What Spark 4.2 added (views, partitions, schemas made and dropped, tables dropped, truncated and analysed) is
 * done by SQL statements on an older server.
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
  async currentCatalog(options?: ActionOptions): Promise<string> {
    return this.#value({ kind: 'currentCatalog' }, options);
  }

  /**
   * Where names without a catalog are looked for from now on, in this session.
   * @throws SparkError if there is none of that name.
   * @example await spark.catalog.setCurrentCatalog('lake');
   */
  async setCurrentCatalog(name: string, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'setCurrentCatalog', catalogName: name }, options);
  }

  /**
   * The catalogs that the session has used so far, and `spark_catalog`: Spark loads others when they are first named.
   * @example const names = (await spark.catalog.listCatalogs()).map(({ name }) => name);
   */
  async listCatalogs(pattern?: string, options?: ActionOptions): Promise<readonly CatalogMetadata[]> {
    return this.#rows({ kind: 'listCatalogs', pattern }, options);
  }

  // Schemas, which Spark calls databases too.

  /**
   * Where names without a schema are looked for; `default` at the beginning.
   * @example const schema = await spark.catalog.currentDatabase();
   */
  async currentDatabase(options?: ActionOptions): Promise<string> {
    return this.#value({ kind: 'currentDatabase' }, options);
  }

  /**
   * Where names without a schema are looked for from now on, in this session.
   * @throws SparkError if there is none of that name.
   * @example await spark.catalog.setCurrentDatabase('sales');
   */
  async setCurrentDatabase(name: string, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'setCurrentDatabase', dbName: name }, options);
  }

  /**
   * The schemas of the current catalog.
   * @example const ofSales = await spark.catalog.listDatabases('sales_*');
   */
  async listDatabases(pattern?: string, options?: ActionOptions): Promise<readonly CatalogDatabase[]> {
    return this.#rows({ kind: 'listDatabases', pattern }, options);
  }

  /**
   * What is known of a schema.
   * @throws SparkError if there is none of that name.
   * @example const { locationUri } = await spark.catalog.getDatabase('sales');
   */
  async getDatabase(name: string, options?: ActionOptions): Promise<CatalogDatabase> {
    return this.#row({ kind: 'getDatabase', dbName: name }, options);
  }

  /**
   * Whether there is a schema of that name.
   * @example if (!(await spark.catalog.databaseExists('sales'))) await spark.catalog.createDatabase('sales');
   */
  async databaseExists(name: string, options?: ActionOptions): Promise<boolean> {
    return this.#value({ kind: 'databaseExists', dbName: name }, options);
  }

  /**
   * Makes a schema.
   * @param options.ifNotExists leaves one that is there as it is; otherwise it is an error.
   * @example await spark.catalog.createDatabase('sales', { ifNotExists: true, properties: { owner: 'Ada' } });
   */
  async createDatabase(
    name: string,
    {
      ifNotExists = false,
      properties = {},
      ...options
    }: { ifNotExists?: boolean; properties?: Readonly<Record<string, string>> } & ActionOptions = {},
  ): Promise<void> {
    await this.#rows({ kind: 'createDatabase', dbName: name, ifNotExists, properties }, options);
  }

  /**
   * Drops a schema.
   * @param options.ifExists without it one that is not there is an error.
   * @param options.cascade drops its tables too; without it a schema that has some is refused.
   * @example await spark.catalog.dropDatabase('sales', { ifExists: true, cascade: true });
   */
  async dropDatabase(
    name: string,
    { ifExists = false, cascade = false, ...options }: { ifExists?: boolean; cascade?: boolean } & ActionOptions = {},
  ): Promise<void> {
    await this.#rows({ kind: 'dropDatabase', dbName: name, ifExists, cascade }, options);
  }

  // Tables and views.

  /**
   * The tables and views of a schema, the current one if none is given, and the session's temporary views.
   * @example for (const { name, tableType } of await spark.catalog.listTables('sales', 'order*')) console.log(name, tableType);
   */
  async listTables(database?: string, pattern?: string, options?: ActionOptions): Promise<readonly CatalogTable[]> {
    return this.#rows({ kind: 'listTables', dbName: database, pattern }, options);
  }

  /**
   * What is known of a table or view, temporary ones included.
   * @throws SparkError if there is none of that name.
   * @example const { tableType } = await spark.catalog.getTable('sales.orders');
   */
  async getTable(name: string, options?: ActionOptions): Promise<CatalogTable> {
    return this.#row({ kind: 'getTable', tableName: name }, options);
  }

  /**
   * Whether a query could read a table or view of that name.
   * @example if (await spark.catalog.tableExists('sales.orders')) await spark.table('sales.orders').show();
   */
  async tableExists(name: string, options?: ActionOptions): Promise<boolean> {
    return this.#value({ kind: 'tableExists', tableName: name }, options);
  }

  /**
   * The columns of a table or view, in their order.
   * @throws SparkError if there is none of that name.
   * @example const names = (await spark.catalog.listColumns('sales.orders')).map(({ name }) => name);
   */
  async listColumns(table: string, options?: ActionOptions): Promise<readonly CatalogColumn[]> {
    return this.#rows({ kind: 'listColumns', tableName: table }, options);
  }

  /**
   * The partitions of a table, each as `day=2026-01-02/hour=3`.
   * @throws SparkError if the table has no partitions.
   * @example const [newest] = (await spark.catalog.listPartitions('sales.orders')).toReversed();
   */
  async listPartitions(table: string, options?: ActionOptions): Promise<readonly string[]> {
    return this.#values({ kind: 'listPartitions', tableName: table }, options);
  }

  /**
   * What `TBLPROPERTIES` has set, and what Spark keeps beside it.
   * @example const owner = (await spark.catalog.getTableProperties('sales.orders')).get('owner');
   */
  async getTableProperties(table: string, options?: ActionOptions): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#rows<Readonly<Record<string, string>>>(
      { kind: 'getTableProperties', tableName: table },
      options,
    );
    return new Map(rows.map((row) => Object.values(row) as [string, string]));
  }

  /**
   * The statement that would make the table.
   * @param asSerde in Hive's words.
   * @example console.log(await spark.catalog.getCreateTableString('sales.orders'));
   */
  async getCreateTableString(table: string, asSerde = false, options?: ActionOptions): Promise<string> {
    return this.#value({ kind: 'getCreateTableString', tableName: table, asSerde }, options);
  }

  /**
   * Makes a table; of files that are there if a path is given. `spark.table(name)` reads it.
   * @throws SparkError if there is one of that name.
   * @example await spark.catalog.createTable('sales.orders', { source: 'parquet', schema: struct({ id: long() }) });
   */
  async createTable(
    name: string,
    { options = {}, path, source, schema, description, ...actionOptions }: CreateTableOptions = {},
  ): Promise<void> {
    const table = { options: withOptions({}, options), path, source, schema, description };
    await this.#rows({ kind: 'createTable', tableName: name, ...table }, actionOptions);
  }

  /**
   * Drops a table, with its rows unless it is external.
   * @param options.ifExists without it one that is not there is an error.
   * @param options.purge without a trash, where the catalog has one.
   * @example await spark.catalog.dropTable('sales.orders', { ifExists: true });
   */
  async dropTable(
    name: string,
    { ifExists = false, purge = false, ...options }: { ifExists?: boolean; purge?: boolean } & ActionOptions = {},
  ): Promise<void> {
    await this.#rows({ kind: 'dropTable', tableName: name, ifExists, purge }, options);
  }

  /**
   * Drops the rows and keeps the table.
   * @example await spark.catalog.truncateTable('sales.orders');
   */
  async truncateTable(name: string, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'truncateTable', tableName: name }, options);
  }

  /**
   * Counts rows and bytes for the planner.
   * @param noScan bytes only, which takes no job.
   * @example await spark.catalog.analyzeTable('sales.orders');
   */
  async analyzeTable(name: string, noScan = false, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'analyzeTable', tableName: name, noScan }, options);
  }

  /**
   * Finds partitions that something else has put into the table's folder.
   * @example await spark.catalog.recoverPartitions('sales.orders');
   */
  async recoverPartitions(table: string, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'recoverPartitions', tableName: table }, options);
  }

  /**
   * Looks at a table's files anew, after something else has changed them.
   * @example await spark.catalog.refreshTable('sales.orders');
   */
  async refreshTable(name: string, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'refreshTable', tableName: name }, options);
  }

  /**
   * As `refreshTable`, for every kept frame that reads below a path.
   * @example await spark.catalog.refreshByPath('/data/orders');
   */
  async refreshByPath(path: string, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'refreshByPath', path }, options);
  }

  /**
   * The views of a schema, the current one if none is given, and the session's temporary views.
   * @example const views = await spark.catalog.listViews('sales');
   */
  async listViews(database?: string, pattern?: string, options?: ActionOptions): Promise<readonly CatalogTable[]> {
    // The server wants to know where a pattern is meant to be looked for.
    const dbName = database ?? (pattern === undefined ? undefined : await this.currentDatabase(options));
    try {
      return await this.#rows({ kind: 'listViews', dbName, pattern }, options);
    } catch (error) {
      if (!isUnknownOperation(error)) throw error;
      const tables = await this.listTables(dbName, pattern, options);
      return tables.filter(({ tableType }) => /^(?:VIEW|TEMPORARY)$/.test(tableType));
    }
  }

  /**
   * Drops a view of the catalog; never a table.
   * @param options.ifExists without it one that is not there is an error.
   * @example await spark.catalog.dropView('sales.recent_orders', { ifExists: true });
   */
  async dropView(
    name: string,
    { ifExists = false, ...options }: { ifExists?: boolean } & ActionOptions = {},
  ): Promise<void> {
    await this.#rows({ kind: 'dropView', viewName: name, ifExists }, options);
  }

  /**
   * Forgets a temporary view; never touches a table or view of the catalog. Answers whether there was one.
   * @example const wasThere = await spark.catalog.dropTempView('people');
   */
  async dropTempView(name: string, options?: ActionOptions): Promise<boolean> {
    return this.#value({ kind: 'dropTempView', viewName: name }, options);
  }

  /**
   * As `dropTempView`, for a view that `createGlobalTempView` has made; its name is without `global_temp`.
   * @example const wasThere = await spark.catalog.dropGlobalTempView('people');
   */
  async dropGlobalTempView(name: string, options?: ActionOptions): Promise<boolean> {
    return this.#value({ kind: 'dropGlobalTempView', viewName: name }, options);
  }

  // What the server keeps.

  /**
   * Keeps a table's rows at the server when they are first read.
   * @param storageLevel where and in what form; in memory, and on disk what does not fit, if not given.
   * @example await spark.catalog.cacheTable('sales.orders');
   */
  async cacheTable(name: string, storageLevel?: StorageLevel, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'cacheTable', tableName: name, storageLevel }, options);
  }

  /**
   * Whether the server keeps the table's rows, or will when they are first read.
   * @example if (await spark.catalog.isCached('sales.orders')) await spark.catalog.uncacheTable('sales.orders');
   */
  async isCached(table: string, options?: ActionOptions): Promise<boolean> {
    return this.#value({ kind: 'isCached', tableName: table }, options);
  }

  /**
   * Forgets the kept rows of a table.
   * @example await spark.catalog.uncacheTable('sales.orders');
   */
  async uncacheTable(name: string, options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'uncacheTable', tableName: name }, options);
  }

  /**
   * Forgets every kept table and frame of the session.
   * @example await spark.catalog.clearCache();
   */
  async clearCache(options?: ActionOptions): Promise<void> {
    await this.#rows({ kind: 'clearCache' }, options);
  }

  // Functions.

  /**
   * The functions that the session can name: Spark's own, those of a schema (the current one if none is given) and temporary ones.
   * @example const forUrls = await spark.catalog.listFunctions(undefined, '*url*');
   */
  async listFunctions(
    database?: string,
    pattern?: string,
    options?: ActionOptions,
  ): Promise<readonly CatalogFunction[]> {
    return this.#rows({ kind: 'listFunctions', dbName: database, pattern }, options);
  }

  /**
   * What is known of a function.
   * @throws SparkError if there is none of that name.
   * @example const { description } = await spark.catalog.getFunction('upper');
   */
  async getFunction(name: string, options?: ActionOptions): Promise<CatalogFunction> {
    return this.#row({ kind: 'getFunction', functionName: name }, options);
  }

  /**
   * Whether the session can name the function.
   * @example const canSketch = await spark.catalog.functionExists('hll_sketch_agg');
   */
  async functionExists(name: string, options?: ActionOptions): Promise<boolean> {
    return this.#value({ kind: 'functionExists', functionName: name }, options);
  }

  async #rows<R>(operation: CatalogOperation, options: ActionOptions | undefined): Promise<R[]> {
    try {
      return await collectRelation<R>(this.#connection, createRelation({ kind: 'catalog', operation }), options);
    } catch (error) {
      const statement = isUnknownOperation(error) ? statementFor(operation) : undefined;
      if (statement === undefined) throw error;
      return collectRelation<R>(this.#connection, createRelation(statement), options);
    }
  }

  async #row<R>(operation: CatalogOperation, options: ActionOptions | undefined): Promise<R> {
    const [row] = await this.#rows<R>(operation, options);
    if (row === undefined)
      throw new SparkError(`The server answered nothing to ${operation.kind}.`, { kind: 'protocol' });
    return row;
  }

  /** The first column, row by row. */
  async #values<T>(operation: CatalogOperation, options: ActionOptions | undefined): Promise<T[]> {
    const rows = await this.#rows<Readonly<Record<string, T>>>(operation, options);
    return rows.flatMap((row) => Object.values(row).slice(0, 1));
  }

  async #value<T>(operation: CatalogOperation, options: ActionOptions | undefined): Promise<T> {
    return Object.values(await this.#row<Readonly<Record<string, T>>>(operation, options))[0] as T;
  }
}
