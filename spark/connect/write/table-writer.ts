// Writes to tables of a catalog, by the names of their columns. Spark calls it DataFrameWriterV2. Immutable until a method that writes.
import { type ColumnLike, toExpression } from '../frame/literal.js';
import type { Command } from '../plan/command.js';
import { type OptionValue, withOptions } from '../plan/options.js';
import type { Relation } from '../plan/relation.js';
import { runCommand } from '../rpc/command-result.js';
import type { Connection, ExecuteOptions } from '../rpc/connection.js';

type TableCommand = Extract<Command, { readonly kind: 'writeV2' }>;
type TableSettings = Omit<TableCommand, 'kind' | 'input' | 'table' | 'mode' | 'overwriteCondition'>;

const EMPTY: TableSettings = { options: {}, tableProperties: {}, partitionBy: [], clusterBy: [] };

/** Mirrors `DataFrameWriterV2` of Spark 4.2. */
export class TableWriter {
  readonly #connection: Connection;
  readonly #relation: Relation;
  readonly #table: string;
  readonly #settings: TableSettings;

  constructor(connection: Connection, relation: Relation, table: string, settings: TableSettings = EMPTY) {
    this.#connection = connection;
    this.#relation = relation;
    this.#table = table;
    this.#settings = settings;
  }

  /**
   * The format of a table that is made: `parquet`, `iceberg`, …
   * @example await orders.writeTo('lake.sales.orders').using('iceberg').create();
   */
  using(provider: string): TableWriter {
    return this.#with({ provider });
  }

  /**
   * An option of the write, as the table's format names it.
   * @example await orders.writeTo('lake.sales.orders').option('merge-schema', true).append();
   */
  option(name: string, value: OptionValue): TableWriter {
    return this.options({ [name]: value });
  }

  /**
   * Several options at once.
   * @example await orders.writeTo('lake.sales.orders').options({ 'merge-schema': true, 'check-nullability': false }).append();
   */
  options(options: Readonly<Record<string, OptionValue>>): TableWriter {
    return this.#with({ options: withOptions(this.#settings.options, options) });
  }

  /**
   * A property of a table that is made.
   * @example await orders.writeTo('sales.orders').using('parquet').tableProperty('owner', 'Ada').create();
   */
  tableProperty(name: string, value: string): TableWriter {
    return this.#with({ tableProperties: { ...this.#settings.tableProperties, [name]: value } });
  }

  /**
   * How a table that is made is partitioned: columns, or `years`, `months`, `days`, `hours` and `bucket` of columns.
   * @example await orders.writeTo('lake.sales.orders').using('iceberg').partitionedBy(f.days('ordered_at'), col('customer')).create();
   */
  partitionedBy(...columns: readonly ColumnLike[]): TableWriter {
    return this.#with({ partitionBy: columns.map(toExpression) });
  }

  /**
   * Columns by whose values a table that is made keeps rows together, if its format can.
   * @example await orders.writeTo('sales.orders').using('delta').clusterBy('customer').create();
   */
  clusterBy(...columns: readonly string[]): TableWriter {
    return this.#with({ clusterBy: columns });
  }

  /**
   * Makes the table, with the frame's columns and rows.
   * @throws SparkError if it exists.
   * @example await orders.writeTo('sales.orders').using('parquet').create();
   */
  async create(options?: ExecuteOptions): Promise<void> {
    await this.#write('create', undefined, options);
  }

  /**
   * Makes the table anew: columns, properties and rows.
   * @throws SparkError if it does not exist, or if its catalog cannot replace tables.
   * @example await orders.writeTo('lake.sales.orders').using('iceberg').replace();
   */
  async replace(options?: ExecuteOptions): Promise<void> {
    await this.#write('replace', undefined, options);
  }

  /**
   * As `replace`, or as `create` if there is no such table.
   * @example await orders.writeTo('lake.sales.orders').using('iceberg').createOrReplace();
   */
  async createOrReplace(options?: ExecuteOptions): Promise<void> {
    await this.#write('createOrReplace', undefined, options);
  }

  /**
   * Adds the rows to the table; columns are matched by name.
   * @throws SparkError if there is no such table, or if a column of its is missing.
   * @example await orders.writeTo('sales.orders').append();
   */
  async append(options?: ExecuteOptions): Promise<void> {
    await this.#write('append', undefined, options);
  }

  /**
   * Replaces the rows that the condition is true for.
   * @example await orders.writeTo('lake.sales.orders').overwrite(col('customer').eq('Ada'));
   */
  async overwrite(condition: ColumnLike, options?: ExecuteOptions): Promise<void> {
    await this.#write('overwrite', condition, options);
  }

  /**
   * Replaces the partitions that the frame has rows for.
   * @example await orders.writeTo('lake.sales.orders').overwritePartitions();
   */
  async overwritePartitions(options?: ExecuteOptions): Promise<void> {
    await this.#write('overwritePartitions', undefined, options);
  }

  #with(settings: Partial<TableSettings>): TableWriter {
    return new TableWriter(this.#connection, this.#relation, this.#table, { ...this.#settings, ...settings });
  }

  async #write(
    mode: TableCommand['mode'],
    condition: ColumnLike | undefined,
    options: ExecuteOptions | undefined,
  ): Promise<void> {
    const command: TableCommand = {
      kind: 'writeV2',
      input: this.#relation,
      table: this.#table,
      mode,
      overwriteCondition: condition?.expression,
      ...this.#settings,
    };
    await runCommand(this.#connection, command, options);
  }
}
