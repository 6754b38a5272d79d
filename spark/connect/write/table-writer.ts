// Writes to tables of a catalog, by the names of their columns. Spark calls it DataFrameWriterV2. Immutable until a method that writes.
import { type ColumnLike, toExpression } from '../frame/literal.js';
import type { Command } from '../plan/command.js';
import { type OptionValue, withOptions } from '../plan/options.js';
import type { Relation } from '../plan/relation.js';
import { runCommand } from '../rpc/command-result.js';
import type { Connection } from '../rpc/connection.js';

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

  /** The format of a table that is made: `parquet`, `iceberg`, … */
  using(provider: string): TableWriter {
    return this.#with({ provider });
  }

  option(name: string, value: OptionValue): TableWriter {
    return this.options({ [name]: value });
  }

  options(options: Readonly<Record<string, OptionValue>>): TableWriter {
    return this.#with({ options: withOptions(this.#settings.options, options) });
  }

  tableProperty(name: string, value: string): TableWriter {
    return this.#with({ tableProperties: { ...this.#settings.tableProperties, [name]: value } });
  }

  /** Columns, or `years`, `months`, `days`, `hours` and `bucket` of columns. */
  partitionedBy(...columns: readonly ColumnLike[]): TableWriter {
    return this.#with({ partitionBy: columns.map(toExpression) });
  }

  clusterBy(...columns: readonly string[]): TableWriter {
    return this.#with({ clusterBy: columns });
  }

  /** Makes the table. @throws SparkError if it exists. */
  async create(): Promise<void> {
    await this.#write('create');
  }

  /** Makes the table anew. @throws SparkError if it does not exist. */
  async replace(): Promise<void> {
    await this.#write('replace');
  }

  async createOrReplace(): Promise<void> {
    await this.#write('createOrReplace');
  }

  async append(): Promise<void> {
    await this.#write('append');
  }

  /** Replaces the rows that the condition is true for. */
  async overwrite(condition: ColumnLike): Promise<void> {
    await this.#write('overwrite', condition);
  }

  /** Replaces the partitions that the frame has rows for. */
  async overwritePartitions(): Promise<void> {
    await this.#write('overwritePartitions');
  }

  #with(settings: Partial<TableSettings>): TableWriter {
    return new TableWriter(this.#connection, this.#relation, this.#table, { ...this.#settings, ...settings });
  }

  async #write(mode: TableCommand['mode'], condition?: ColumnLike): Promise<void> {
    await runCommand(this.#connection, {
      kind: 'writeV2',
      input: this.#relation,
      table: this.#table,
      mode,
      overwriteCondition: condition?.expression,
      ...this.#settings,
    });
  }
}
