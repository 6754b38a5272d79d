// Frames of data at rest: files, tables, databases. Immutable: every method answers a new reader, and nothing is read before the frame is used.
import { DataFrame } from '../frame/dataframe.js';
import { type OptionValue, withOptions } from '../plan/options.js';
import { createRelation, type Options } from '../plan/relation.js';
import type { Connection } from '../rpc/connection.js';
import type { Any } from '../types/any.js';
import type { StructType } from '../types/data-type.js';
import type { Typed } from '../types/row-of.js';
import { schemaJson } from '../types/schema.js';

interface ReaderSettings {
  readonly format?: string | undefined;
  readonly schema?: string | undefined;
  readonly options: Options;
}

/** How a table of a database is read in parallel. */
export type JdbcPartitions =
  /** Equal ranges of a numeric, date or timestamp column between two bounds; rows beyond them are read too. */
  | {
      readonly column: string;
      readonly lowerBound: string | number;
      readonly upperBound: string | number;
      readonly partitions: number;
    }
  /** One partition per WHERE clause. */
  | { readonly predicates: readonly string[] };

/** Mirrors `DataFrameReader` of Spark 4.2. */
export class DataFrameReader<R = Any> {
  readonly #connection: Connection;
  readonly #settings: ReaderSettings;

  constructor(connection: Connection, settings: ReaderSettings = { options: {} }) {
    this.#connection = connection;
    this.#settings = settings;
  }

  /**
   * What the data is in.
   * @param name `parquet`, `json`, `csv`, `jdbc`, … or a class; parquet if not given.
   * @example spark.read.format('orc').load('/data/orders')
   */
  format(name: string): DataFrameReader<R> {
    return new DataFrameReader(this.#connection, { ...this.#settings, format: name });
  }

  /**
   * The columns to read: a type, which also types the rows, or DDL. Without one Spark finds out, which may read the data.
   * @example spark.read.schema(struct({ id: notNull(long()), name: string() })).json('/data/customers')
   * @example spark.read.schema('id BIGINT, name STRING').csv('/data/customers.csv')
   */
  schema<T>(schema: Typed<T, StructType> | string): DataFrameReader<unknown extends T ? Any : T> {
    const text = typeof schema === 'string' ? schema : schemaJson(schema);
    return new DataFrameReader(this.#connection, { ...this.#settings, schema: text });
  }

  /**
   * An option of the format, as Spark's documents name it. The case of a name does not matter; a later value replaces an earlier one.
   * @example spark.read.option('header', true).csv('/data/orders.csv')
   */
  option(name: string, value: OptionValue): DataFrameReader<R> {
    return this.options({ [name]: value });
  }

  /**
   * Several options at once.
   * @example spark.read.options({ header: true, sep: ';' }).csv('/data/orders.csv')
   */
  options(options: Readonly<Record<string, OptionValue>>): DataFrameReader<R> {
    return new DataFrameReader(this.#connection, {
      ...this.#settings,
      options: withOptions(this.#settings.options, options),
    });
  }

  /**
   * The rows, read when the frame is used.
   * @param paths files, directories or globs; none for sources that have no path.
   * @example spark.read.format('json').load('/data/2026-01-*.json', '/data/late')
   */
  load(...paths: readonly string[]): DataFrame<R> {
    return this.#load(paths, []);
  }

  /**
   * A table or view of the catalog.
   * @example spark.read.option('versionAsOf', 3).table('lake.sales.orders')
   */
  table(name: string): DataFrame<R> {
    const source = { kind: 'table', name, options: this.#settings.options } as const;
    return new DataFrame(this.#connection, createRelation({ kind: 'read', isStreaming: false, source }));
  }

  /**
   * Parquet files, which bring their schema.
   * @example spark.read.parquet('/data/orders')
   */
  parquet(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('parquet').load(...paths);
  }

  /**
   * A JSON object per line, unless the option `multiLine` is set.
   * @example spark.read.option('multiLine', true).json('/data/orders.json')
   */
  json(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('json').load(...paths);
  }

  /**
   * Text with separators. All columns are strings, unless a schema or the option `inferSchema` says otherwise.
   * @example spark.read.option('header', true).schema('name STRING, age INT').csv('/data/people.csv')
   */
  csv(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('csv').load(...paths);
  }

  /**
   * ORC files, which bring their schema.
   * @example spark.read.orc('/data/orders')
   */
  orc(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('orc').load(...paths);
  }

  /**
   * XML files; the option `rowTag` says which element is a row.
   * @example spark.read.option('rowTag', 'order').xml('/data/orders.xml')
   */
  xml(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('xml').load(...paths);
  }

  /**
   * A table's changes instead of its rows; its format must keep them. Options say from where to where.
   * @example spark.read.option('startingVersion', 3).changes('lake.sales.orders')
   */
  changes(table: string): DataFrame {
    const node = { kind: 'changes', table, isStreaming: false, options: this.#settings.options } as const;
    return new DataFrame(this.#connection, createRelation(node));
  }

  /**
   * A row per line, in a column `value`.
   * @example spark.read.text('/var/log/app').filter("value LIKE '%ERROR%'")
   */
  text(...paths: readonly [string, ...string[]]): DataFrame<{ value: string }> {
    return new DataFrameReader<{ value: string }>(this.#connection, { ...this.#settings, format: 'text' }).load(
      ...paths,
    );
  }

  /**
   * A table of a database. The driver's jar must be at the server; user and password are options, which stand in the plan.
   * @param partitions how it is read in parallel; without it by one task.
   * @example spark.read.jdbc('jdbc:postgresql://db/shop', 'orders', { column: 'id', lowerBound: 0, upperBound: 1_000_000, partitions: 8 })
   */
  jdbc(url: string, table: string, partitions?: JdbcPartitions): DataFrame<R> {
    const reader = this.format('jdbc').options({ url, dbtable: table });
    if (partitions === undefined) return reader.load();
    if ('predicates' in partitions) return reader.#load([], partitions.predicates);
    const { column, lowerBound, upperBound, partitions: numPartitions } = partitions;
    return reader.options({ partitionColumn: column, lowerBound, upperBound, numPartitions }).load();
  }

  #load(paths: readonly string[], predicates: readonly string[]): DataFrame<R> {
    const source = { kind: 'data', ...this.#settings, paths, predicates } as const;
    return new DataFrame(this.#connection, createRelation({ kind: 'read', isStreaming: false, source }));
  }
}
