// Frames of streams. Immutable: every method answers a new reader, and nothing is read before a streaming query is started.
import { SparkError } from '../errors/spark-error.js';
import { DataFrame } from '../frame/dataframe.js';
import { type OptionValue, withOptions } from '../plan/options.js';
import { createRelation, type Options } from '../plan/relation.js';
import type { Connection } from '../rpc/connection.js';
import type { Any } from '../types/any.js';
import type { StructType } from '../types/data-type.js';
import type { Typed } from '../types/row-of.js';
import { schemaJson } from '../types/schema.js';
import type { TimestampMicros } from '../types/time.js';

interface ReaderSettings {
  readonly format?: string | undefined;
  readonly schema?: string | undefined;
  readonly options: Options;
  readonly sourceName?: string | undefined;
}

/** The rows of Spark's Kafka source: `const records: DataFrame<KafkaRow> = spark.readStream.format('kafka')….load()`. */
export interface KafkaRow {
  key: Uint8Array | null;
  value: Uint8Array | null;
  topic: string;
  partition: number;
  offset: bigint;
  timestamp: TimestampMicros;
  /** 0: the producer's own time, 1: the broker's. */
  timestampType: number;
}

/** Mirrors `DataStreamReader` of Spark 4.2. */
export class DataStreamReader<R = Any> {
  readonly #connection: Connection;
  readonly #settings: ReaderSettings;

  constructor(connection: Connection, settings: ReaderSettings = { options: {} }) {
    this.#connection = connection;
    this.#settings = settings;
  }

  /**
   * Names the source in the query's checkpoint, so that sources may later be added, removed or put in another order. Spark 4.2 takes names only
   * with `spark.sql.streaming.queryEvolution.enableSourceEvolution`, and then every source of a query must have one.
   * @throws SparkError of kind `input` unless the name is of ASCII letters, digits and underscores.
   * @example spark.readStream.name('ticks').format('rate').load()
   */
  name(sourceName: string): DataStreamReader<R> {
    if (!/^\w+$/.test(sourceName)) {
      throw new SparkError(`A source's name has letters, digits and underscores; found "${sourceName}".`, {
        kind: 'input',
      });
    }
    return new DataStreamReader<R>(this.#connection, { ...this.#settings, sourceName });
  }

  /**
   * Where the stream comes from.
   * @param name `kafka`, `rate`, `socket`, `parquet`, … or a class.
   * @example spark.readStream.format('rate').option('rowsPerSecond', 100).load()
   */
  format(name: string): DataStreamReader<R> {
    return new DataStreamReader(this.#connection, { ...this.#settings, format: name });
  }

  /**
   * The columns of the files: a type, which also types the rows, or DDL. File sources need one; others have their own.
   * @example spark.readStream.schema(struct({ user_id: string(), time: timestamp() })).json('/data/clicks')
   */
  schema<T>(schema: Typed<T, StructType> | string): DataStreamReader<unknown extends T ? Any : T> {
    const text = typeof schema === 'string' ? schema : schemaJson(schema);
    return new DataStreamReader(this.#connection, { ...this.#settings, schema: text });
  }

  /**
   * An option of the source, as Spark's documents name it. The case of a name does not matter; a later value replaces an earlier one.
   * @example spark.readStream.format('kafka').option('kafka.bootstrap.servers', 'localhost:9092').option('subscribe', 'clicks').load()
   */
  option(name: string, value: OptionValue): DataStreamReader<R> {
    return this.options({ [name]: value });
  }

  /**
   * Several options at once.
   * @example
   * ```ts
   * const records: DataFrame<KafkaRow> = spark.readStream
   *   .format('kafka')
   *   .options({ 'kafka.bootstrap.servers': 'localhost:9092', subscribe: 'clicks', startingOffsets: 'earliest' })
   *   .load();
   * ```
   */
  options(options: Readonly<Record<string, OptionValue>>): DataStreamReader<R> {
    return new DataStreamReader(this.#connection, {
      ...this.#settings,
      options: withOptions(this.#settings.options, options),
    });
  }

  /**
   * The stream, as a frame; it is run by `writeStream`.
   * @param path a directory in which files appear; none for sources that have no path.
   * @example spark.readStream.format('rate').load()
   */
  load(path?: string): DataFrame<R> {
    const paths = path === undefined ? [] : [path];
    const source = { kind: 'data', ...this.#settings, paths, predicates: [] } as const;
    return new DataFrame(this.#connection, createRelation({ kind: 'read', isStreaming: true, source }));
  }

  /**
   * A table of the catalog that can be read as a stream.
   * @example spark.readStream.table('lake.sales.orders')
   */
  table(name: string): DataFrame<R> {
    const source = { kind: 'table', name, options: this.#settings.options } as const;
    return new DataFrame(this.#connection, createRelation({ kind: 'read', isStreaming: true, source }));
  }

  /**
   * Parquet files as they appear in a directory. Like all sources of files it needs a schema.
   * @example spark.readStream.schema('id BIGINT, amount DOUBLE').parquet('/data/orders')
   */
  parquet(path: string): DataFrame<R> {
    return this.format('parquet').load(path);
  }

  /**
   * A JSON object per line, in files as they appear.
   * @example spark.readStream.schema('id BIGINT, amount DOUBLE').json('/data/orders')
   */
  json(path: string): DataFrame<R> {
    return this.format('json').load(path);
  }

  /**
   * Text with separators, in files as they appear.
   * @example spark.readStream.schema('id BIGINT, amount DOUBLE').option('header', true).csv('/data/orders')
   */
  csv(path: string): DataFrame<R> {
    return this.format('csv').load(path);
  }

  /**
   * ORC files as they appear.
   * @example spark.readStream.schema('id BIGINT, amount DOUBLE').orc('/data/orders')
   */
  orc(path: string): DataFrame<R> {
    return this.format('orc').load(path);
  }

  /**
   * XML files as they appear; the option `rowTag` says which element is a row.
   * @example spark.readStream.schema('id BIGINT, amount DOUBLE').option('rowTag', 'order').xml('/data/orders')
   */
  xml(path: string): DataFrame<R> {
    return this.format('xml').load(path);
  }

  /**
   * A table's changes as they come; its format must keep them.
   * @example spark.readStream.changes('lake.sales.orders')
   */
  changes(table: string): DataFrame {
    const node = { kind: 'changes', table, isStreaming: true, options: this.#settings.options } as const;
    return new DataFrame(this.#connection, createRelation(node));
  }

  /**
   * A row per line of files as they appear, in a column `value`.
   * @example spark.readStream.text('/var/log/app').filter("value LIKE '%ERROR%'")
   */
  text(path: string): DataFrame<{ value: string }> {
    return new DataStreamReader<{ value: string }>(this.#connection, { ...this.#settings, format: 'text' }).load(path);
  }
}
