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

  /** @param name `parquet`, `json`, `csv`, `jdbc`, … or a class; parquet if not given. */
  format(name: string): DataFrameReader<R> {
    return new DataFrameReader(this.#connection, { ...this.#settings, format: name });
  }

  /** The columns to read: a type, which also types the rows, or DDL. Without one Spark finds out, which may read the data. */
  schema<T>(schema: Typed<T, StructType> | string): DataFrameReader<unknown extends T ? Any : T> {
    const text = typeof schema === 'string' ? schema : schemaJson(schema);
    return new DataFrameReader(this.#connection, { ...this.#settings, schema: text });
  }

  option(name: string, value: OptionValue): DataFrameReader<R> {
    return this.options({ [name]: value });
  }

  options(options: Readonly<Record<string, OptionValue>>): DataFrameReader<R> {
    return new DataFrameReader(this.#connection, {
      ...this.#settings,
      options: withOptions(this.#settings.options, options),
    });
  }

  /** @param paths files, directories or globs; none for sources that have no path. */
  load(...paths: readonly string[]): DataFrame<R> {
    return this.#load(paths, []);
  }

  /** A table or view of the catalog. */
  table(name: string): DataFrame<R> {
    const source = { kind: 'table', name, options: this.#settings.options } as const;
    return new DataFrame(this.#connection, createRelation({ kind: 'read', isStreaming: false, source }));
  }

  parquet(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('parquet').load(...paths);
  }

  /** A JSON object per line, unless the option `multiLine` is set. */
  json(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('json').load(...paths);
  }

  csv(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('csv').load(...paths);
  }

  orc(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('orc').load(...paths);
  }

  xml(...paths: readonly [string, ...string[]]): DataFrame<R> {
    return this.format('xml').load(...paths);
  }

  /** A table's changes instead of its rows; its format must keep them. Options say from where to where. */
  changes(table: string): DataFrame {
    const node = { kind: 'changes', table, isStreaming: false, options: this.#settings.options } as const;
    return new DataFrame(this.#connection, createRelation(node));
  }

  /** A row per line, in a column `value`. */
  text(...paths: readonly [string, ...string[]]): DataFrame<{ value: string }> {
    return new DataFrameReader<{ value: string }>(this.#connection, { ...this.#settings, format: 'text' }).load(
      ...paths,
    );
  }

  /** A table of a database. The driver's jar must be at the server. */
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
