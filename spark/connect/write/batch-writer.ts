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

  /** @param name `parquet`, `json`, `jdbc`, `kafka`, `noop`, … or a class; parquet if not given. */
  format(name: string): DataFrameWriter {
    return this.#with({ format: name });
  }

  /** `error`, the default, refuses to write where something is. `overwrite` replaces all of it, or with `partitionOverwriteMode=dynamic` its partitions. */
  mode(mode: SaveModeName): DataFrameWriter {
    return this.#with({ mode: MODES[mode] });
  }

  option(name: string, value: OptionValue): DataFrameWriter {
    return this.options({ [name]: value });
  }

  options(options: Readonly<Record<string, OptionValue>>): DataFrameWriter {
    return this.#with({ options: withOptions(this.#settings.options, options) });
  }

  /** A directory per value of these columns, which are then not in the files. */
  partitionBy(...columns: readonly string[]): DataFrameWriter {
    return this.#with({ partitionBy: columns });
  }

  /** So many files per partition, by the hash of these columns. Only for tables. */
  bucketBy(buckets: number, ...columns: readonly [string, ...string[]]): DataFrameWriter {
    return this.#with({ bucketBy: { buckets, columns } });
  }

  /** The order within each bucket. */
  sortBy(...columns: readonly string[]): DataFrameWriter {
    return this.#with({ sortBy: columns });
  }

  clusterBy(...columns: readonly string[]): DataFrameWriter {
    return this.#with({ clusterBy: columns });
  }

  /** Writes. @param path none for sinks that have no path (jdbc, kafka, noop). */
  async save(path?: string, options?: ExecuteOptions): Promise<void> {
    await this.#write(path === undefined ? undefined : { kind: 'path', path }, options);
  }

  /** Writes to a table, and makes it if there is none; columns are matched by name. */
  async saveAsTable(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#write({ kind: 'table', name, method: 'saveAsTable' }, options);
  }

  /** Writes to a table that is there; columns are matched by position. Rows are added, unless the mode is `overwrite`. */
  async insertInto(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#write({ kind: 'table', name, method: 'insertInto' }, options);
  }

  async parquet(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('parquet').save(path, options);
  }

  async json(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('json').save(path, options);
  }

  async csv(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('csv').save(path, options);
  }

  async orc(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('orc').save(path, options);
  }

  async xml(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('xml').save(path, options);
  }

  async text(path: string, options?: ExecuteOptions): Promise<void> {
    await this.format('text').save(path, options);
  }

  /** To a table of a database. The driver's jar must be at the server; user and password are options. */
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
