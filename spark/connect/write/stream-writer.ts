// Runs a frame as a streaming query. Immutable: every method answers a new writer, until `start` or `toTable`.
import { SparkError } from '../errors/spark-error.js';
import type { Command, StreamTrigger } from '../plan/command.js';
import { type OptionValue, withOptions } from '../plan/options.js';
import type { Relation } from '../plan/relation.js';
import { commandResult } from '../rpc/command-result.js';
import type { Connection, ExecuteOptions } from '../rpc/connection.js';
import type { ForeachBatchFunction } from './foreach-batch.js';
import { decodeStarted, StreamingQuery } from './query.js';

/** Which rows of the result a micro-batch delivers: new ones that never change, new and changed ones, or all. */
export type OutputMode = 'append' | 'update' | 'complete';

type StreamCommand = Extract<Command, { readonly kind: 'writeStream' }>;
type StreamSettings = Omit<StreamCommand, 'kind' | 'input' | 'target' | 'foreachBatch'> & {
  readonly foreachBatch?: ForeachBatchFunction | undefined;
};

const EMPTY: StreamSettings = { options: {}, partitionBy: [], clusterBy: [] };

/** Mirrors `DataStreamWriter` of Spark 4.2. */
export class DataStreamWriter {
  readonly #connection: Connection;
  readonly #relation: Relation;
  readonly #settings: StreamSettings;

  constructor(connection: Connection, relation: Relation, settings: StreamSettings = EMPTY) {
    this.#connection = connection;
    this.#relation = relation;
    this.#settings = settings;
  }

  /**
   * Where the rows go.
   * @param name `kafka`, `parquet`, `console`, `memory`, `noop`, … or a class; parquet if not given.
   * @example await clicks.writeStream.format('memory').queryName('clicks').start();
   */
  format(name: string): DataStreamWriter {
    return this.#with({ format: name });
  }

  /**
   * Which rows a micro-batch delivers. Without one, Spark takes `append`, which an aggregation without a watermark refuses.
   * @example await clicks.groupBy('page').count().writeStream.outputMode('complete').format('console').start();
   */
  outputMode(mode: OutputMode): DataStreamWriter {
    return this.#with({ outputMode: mode });
  }

  /**
   * When micro-batches run; without one, as soon as there is data.
   * @example await clicks.writeStream.trigger(Trigger.processingTime('10 seconds')).format('console').start();
   */
  trigger(trigger: StreamTrigger): DataStreamWriter {
    return this.#with({ trigger });
  }

  /**
   * A name for the Spark UI and for progress; unique among the running queries of the session. The memory sink's table is called so.
   * @example await clicks.writeStream.queryName('clicks_to_lake').option('checkpointLocation', '/state/clicks').start('/data/clicks');
   */
  queryName(name: string): DataStreamWriter {
    return this.#with({ queryName: name });
  }

  /**
   * An option of the sink, as Spark's documents name it. `checkpointLocation` is where the query keeps its offsets and state; the same location takes
   * up where a former run ended.
   * @example await clicks.writeStream.option('checkpointLocation', '/state/clicks').start('/data/clicks');
   */
  option(name: string, value: OptionValue): DataStreamWriter {
    return this.options({ [name]: value });
  }

  /**
   * Several options at once.
   * @example
   * ```ts
   * await clicks.select(f.to_json(f.struct('*')).as('value')).writeStream
   *   .format('kafka')
   *   .options({ 'kafka.bootstrap.servers': 'localhost:9092', topic: 'copy', checkpointLocation: '/state/copy' })
   *   .start();
   * ```
   */
  options(options: Readonly<Record<string, OptionValue>>): DataStreamWriter {
    return this.#with({ options: withOptions(this.#settings.options, options) });
  }

  /**
   * A directory per value of these columns. File sinks only.
   * @example await clicks.writeStream.partitionBy('page').option('checkpointLocation', '/state/clicks').start('/data/clicks');
   */
  partitionBy(...columns: readonly string[]): DataStreamWriter {
    return this.#with({ partitionBy: columns });
  }

  /**
   * Columns by whose values the table's format keeps rows together. Only for tables of formats that can.
   * @example await clicks.writeStream.clusterBy('user_id').option('checkpointLocation', '/state/clicks').toTable('lake.clicks');
   */
  clusterBy(...columns: readonly string[]): DataStreamWriter {
    return this.#with({ clusterBy: columns });
  }

  /**
   * Calls a function once per micro-batch, in a process beside the Spark driver; `batchHandler` of the worker makes such functions of TypeScript
   * modules.
   *
   * After a crash Spark repeats a batch with the same id, so the function must be idempotent. It must run the batch's plan even when the rows are in
   * the sink already; otherwise a stateful query does not commit its state.
   * @example
   * ```ts
   * import { batchHandler } from 'sluice/worker';
   * const save = batchHandler({ module: new URL('./save.js', import.meta.url), export: 'save' });
   * await clicks.writeStream.option('checkpointLocation', '/state/save').foreachBatch(save).start();
   * ```
   */
  foreachBatch(handler: ForeachBatchFunction): DataStreamWriter {
    return this.#with({ foreachBatch: handler });
  }

  /**
   * Starts the query at the server, where it goes on when this process ends.
   * @param path of file sinks.
   * @throws SparkError of kind `input` if the settings contradict each other, of the server if the plan cannot be run as a stream.
   * @example const running = await clicks.writeStream.option('checkpointLocation', '/state/clicks').start('/data/clicks');
   */
  async start(path?: string, options?: ExecuteOptions): Promise<StreamingQuery> {
    return this.#start(path === undefined ? undefined : { kind: 'path', path }, options);
  }

  /**
   * Starts the query with a table as its sink, made if there is none.
   * @example const running = await clicks.writeStream.option('checkpointLocation', '/state/clicks').toTable('lake.clicks');
   */
  async toTable(name: string, options?: ExecuteOptions): Promise<StreamingQuery> {
    return this.#start({ kind: 'table', name }, options);
  }

  #with(settings: Partial<StreamSettings>): DataStreamWriter {
    return new DataStreamWriter(this.#connection, this.#relation, { ...this.#settings, ...settings });
  }

  async #start(target: StreamCommand['target'], options: ExecuteOptions | undefined): Promise<StreamingQuery> {
    const { foreachBatch, ...settings } = this.#settings;
    if (foreachBatch !== undefined && (settings.format !== undefined || target !== undefined)) {
      const other = settings.format === undefined ? 'a path or table' : `the format "${settings.format}"`;
      throw new SparkError(`foreachBatch is the sink itself; it does not go with ${other}.`, { kind: 'input' });
    }
    const command: StreamCommand = {
      kind: 'writeStream',
      input: this.#relation,
      target,
      ...settings,
      foreachBatch: await foreachBatch?.encode(settings.queryName),
    };
    const result = await commandResult(this.#connection, command, 'writeStreamOperationStartResult', options);
    const { queryStartedEventJson: event } = result;
    if (event) for (const tell of this.#connection.queryStarted) tell(event);
    return new StreamingQuery(this.#connection, decodeStarted(result));
  }
}
