// Writes a frame's rows to files, tables and databases. Immutable: every method answers a new writer, until one that writes.
import type { Command, SaveMode, SaveTarget } from '../plan/command.js';
import { type OptionValue, withOptions } from '../plan/options.js';
import type { Relation } from '../plan/relation.js';
import { runCommand } from '../rpc/command-result.js';
import type { Connection, ExecuteOptions } from '../rpc/connection.js';

/** What to do with what is there: Spark's names. */
export type SaveModeName = 'append' | 'overwrite' | 'error' | 'errorifexists' | 'ignore';

type WriterSettings = Omit<Extract<Command, { readonly kind: 'write' }>, 'kind' | 'input' | 'target'>;

const EMPTY: WriterSettings = { options: {}, partitionBy: [], sortBy: [], clusterBy: [] };

const MODES: Readonly<Record<SaveModeName, SaveMode>> = {
  append: 'append',
  overwrite: 'overwrite',
  error: 'errorIfExists',
  errorifexists: 'errorIfExists',
  ignore: 'ignore',
};

/** Mirrors `DataFrameWriter` of Spark 4.2. */
export class DataFrameWriter {
  readonly #connection: Connection;
  readonly #relation: Relation;
  readonly #settings: WriterSettings;

  constructor(connection: Connection, relation: Relation, settings: WriterSettings = EMPTY) {
    this.#connection = connection;
    this.#relation = relation;
    this.#settings = settings;
  }

  /**
   * What is written.
   * @param name `parquet`, `json`, `jdbc`, `kafka`, `noop`, … or a class; parquet if not given.
   * @example await orders.write.format('orc').save('/data/orders');
   */
  format(name: string): DataFrameWriter {
    return this.#with({ format: name });
  }

  /**
   * `error`, the default, refuses to write where something is. `overwrite` replaces all of it, or with `partitionOverwriteMode=dynamic` its partitions.
   * @example await orders.write.mode('append').parquet('/data/orders');
   */
  mode(mode: SaveModeName): DataFrameWriter {
    return this.#with({ mode: MODES[mode] });
  }

  /**
   * An option of the format, as Spark's documents name it. The case of a name does not matter; a later value replaces an earlier one.
   * @example await people.write.option('header', true).csv('/data/people');
   */
  option(name: string, value: OptionValue): DataFrameWriter {
    return this.options({ [name]: value });
  }

  /**
   * Several options at once.
   * @example await people.write.options({ header: true, sep: ';' }).csv('/data/people');
   */
  options(options: Readonly<Record<string, OptionValue>>): DataFrameWriter {
    return this.#with({ options: withOptions(this.#settings.options, options) });
  }

  /**
   * A directory per value of these columns, which are then not in the files.
   * @example await people.write.partitionBy('city').parquet('/data/people');
   */
  partitionBy(...columns: readonly string[]): DataFrameWriter {
    return this.#with({ partitionBy: columns });
  }

  /**
   * So many files per partition, by the hash of these columns. Only for tables.
   * @example await orders.write.bucketBy(8, 'customer').sortBy('ordered_at').saveAsTable('sales.orders');
   */
  bucketBy(buckets: number, ...columns: readonly [string, ...string[]]): DataFrameWriter {
    return this.#with({ bucketBy: { buckets, columns } });
  }

  /**
   * The order within each bucket.
   * @example await orders.write.bucketBy(8, 'customer').sortBy('customer', 'ordered_at').saveAsTable('sales.orders');
   */
  sortBy(...columns: readonly string[]): DataFrameWriter {
    return this.#with({ sortBy: columns });
  }

  /**
   * Columns by whose values the table's format keeps rows together. Only for tables of formats that can.
   * @example await orders.write.format('delta').clusterBy('customer').saveAsTable('sales.orders');
   */
  clusterBy(...columns: readonly string[]): DataFrameWriter {
    return this.#with({ clusterBy: columns });
  }

  /**
   * Writes.
   * @param path none for sinks that have no path (jdbc, kafka, noop).
   * @throws SparkError of the server if something is there and the mode is `error`, the default.
   * @example await orders.write.format('json').mode('overwrite').save('/data/orders');
   */
  async save(path?: string, options?: ExecuteOptions): Promise<void> {
    await this.#write(path === undefined ? undefined : { kind: 'path', path }, options);
  }

  /**
   * Writes to a table, and makes it if there is none; columns are matched by name.
   * @example await orders.write.mode('overwrite').saveAsTable('sales.orders');
   */
  async saveAsTable(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#write({ kind: 'table', name, method: 'saveAsTable' }, options);
  }

  /**
   * Writes to a table that is there; columns are matched by position. Rows are added, unless the mode is `overwrite`.
   * @throws SparkError of the server if the columns are not as many as the table's.
   * @example await orders.select('order_id', 'amount').write.insertInto('sales.amounts');
   */
  async insertInto(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#write({ kind: 'table', name, method: 'insertInto' }, options);
  }

  /**
   * Writes Parquet files into the directory `path`.
   * @example await orders.write.parquet('/data/orders');
   */
  async parquet(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('parquet').save(path, options);
  }

  /**
   * Writes a JSON object per line. Fields that are null are left out, unless `ignoreNullFields` is false.
   * @example await orders.write.json('/data/orders', { signal: AbortSignal.timeout(60_000) });
   */
  async json(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('json').save(path, options);
  }

  /**
   * Writes text with separators; without a line of names, unless the option `header` is set. Arrays, maps and structs are refused.
   * @example await people.write.option('header', true).csv('/data/people');
   */
  async csv(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('csv').save(path, options);
  }

  /**
   * Writes ORC files.
   * @example await orders.write.orc('/data/orders');
   */
  async orc(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('orc').save(path, options);
  }

  /**
   * Writes XML; the options `rootTag` and `rowTag` name the elements.
   * @example await orders.write.options({ rootTag: 'orders', rowTag: 'order' }).xml('/data/orders');
   */
  async xml(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('xml').save(path, options);
  }

  /**
   * Writes a line per row. The frame has one column, of text; columns of `partitionBy` do not count.
   * @example await people.select('name').write.text('/data/names');
   */
  async text(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('text').save(path, options);
  }

  /**
   * To a table of a database. The driver's jar must be at the server; user and password are options.
   * @example await orders.write.mode('append').options({ user: 'shop' }).jdbc('jdbc:postgresql://db/shop', 'orders');
   */
  async jdbc(url: string, table: string, options?: ExecuteOptions): Promise<void> {
    await this.format('jdbc').options({ url, dbtable: table }).save(undefined, options);
  }

  #with(settings: Partial<WriterSettings>): DataFrameWriter {
    return new DataFrameWriter(this.#connection, this.#relation, { ...this.#settings, ...settings });
  }

  async #write(target: SaveTarget | undefined, options?: ExecuteOptions): Promise<void> {
    await runCommand(this.#connection, { kind: 'write', input: this.#relation, target, ...this.#settings }, options);
  }
}
