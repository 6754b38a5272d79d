// The frame: a plan and the connection that can run it. Its families stand in classes of their own below it: what runs (actions), columns
// (projections), rows (row-choices), several frames (combinations); here are those that lead out of frames.
import { SparkError } from '../errors/spark-error.js';
import type { Expression } from '../plan/expression.js';
import { createRelation, type Relation, type RelationNode } from '../plan/relation.js';
import { commandResult } from '../rpc/command-result.js';
import type { ExecuteOptions } from '../rpc/connection.js';
import type { Any } from '../types/any.js';
import { DataFrameWriter } from '../write/batch-writer.js';
import { MergeWriter } from '../write/merge-writer.js';
import { DataStreamWriter } from '../write/stream-writer.js';
import { TableWriter } from '../write/table-writer.js';
import { type ActionOptions, collectRelation } from './actions.js';
import type { Column } from './column.js';
import { Combinations } from './combinations.js';
import { argument } from './functions/call.js';
import { GroupedData } from './grouped.js';
import type { Derive, FrameKind } from './kind.js';
import { MissingValues } from './na.js';
import type { ColumnIn, RowName, Selectable, SelectedRow } from './row.js';
import { Statistics } from './stat.js';
import type { PartitionFunction } from './user-function.js';

/** What a row is called that has become a value. */
const WHOLE_ROW = 'row';

/** Lets GroupedData and the like answer frames. */
export interface DataFrameKind extends FrameKind {
  readonly frame: DataFrame<this['row']>;
}

/** Rows in groups; `agg` makes a frame of them. */
export type Groups<R, Keys> = GroupedData<DataFrameKind, R, Keys>;

/**
 * Mirrors `DataFrame` of Spark 4.2.
 *
 * @typeParam R the type of its rows. `any`, the default, is as free as PySpark: names and types are checked by the server when the frame is used.
 * With a row type the compiler refuses names that are not there and comparisons that make no sense; it follows select, withColumn, groupBy.agg,
 * join and the rest. `frame.col('x')` is a typed column, `col('x')` an untyped one.
 */
export class DataFrame<R = Any> extends Combinations<DataFrameKind, R> {
  // Groups.

  /**
   * Rows with the same values in these columns, as groups. Without columns, all rows are one group.
   * @example orders.groupBy('customer').agg(f.sum('amount').as('spent'), f.count('*').as('orders'))
   */
  groupBy<const Keys extends readonly Selectable<R>[]>(...columns: Keys): Groups<R, SelectedRow<R, Keys>> {
    return this.#group({ grouping: 'groupBy', keys: columns.map(argument) });
  }

  /**
   * Groups by all columns, by all but the last, and so on down to none.
   * @example orders.rollup('customer', 'product').agg(f.sum('amount').as('total'))
   */
  rollup<const Keys extends readonly Selectable<R>[]>(...columns: Keys): Groups<R, Any> {
    return this.#group({ grouping: 'rollup', keys: columns.map(argument) });
  }

  /**
   * Groups by every choice of the columns.
   * @example orders.cube('customer', 'product').agg(f.sum('amount').as('total'))
   */
  cube<const Keys extends readonly Selectable<R>[]>(...columns: Keys): Groups<R, Any> {
    return this.#group({ grouping: 'cube', keys: columns.map(argument) });
  }

  /**
   * Groups by each of the sets, which choose from the columns.
   * @example orders.groupingSets([['customer'], ['product'], []], 'customer', 'product').agg(f.sum('amount').as('total'))
   */
  groupingSets(sets: readonly (readonly Selectable<R>[])[], ...columns: readonly Selectable<R>[]): Groups<R, Any> {
    const groupingSets = sets.map((set) => set.map(argument));
    return this.#group({ grouping: 'groupingSets', keys: columns.map(argument), groupingSets });
  }

  /**
   * Aggregates over all rows; `groupBy().agg(…)`.
   * @example orders.agg(f.sum('amount').as('total'), f.max('ordered_at').as('newest'))
   */
  agg<const Aggregates extends readonly ColumnIn<R>[]>(
    ...aggregates: Aggregates
  ): DataFrame<SelectedRow<R, Aggregates>> {
    return this.derive({
      kind: 'aggregate',
      input: this.relation,
      grouping: 'groupBy',
      keys: [],
      aggregates: aggregates.map((column) => column.expression),
    });
  }

  /**
   * Columns into rows: one row per id and value column, with the column's name. Without `values` all columns but the ids.
   * @example df.unpivot(['name'], ['amount', 'count'], 'what', 'value')
   */
  unpivot(
    ids: readonly Selectable<R>[],
    values: readonly Selectable<R>[] | undefined,
    variableName: string,
    valueName: string,
  ): DataFrame {
    const names = { variableName, valueName };
    const lists = { ids: ids.map(argument), values: values?.map(argument) };
    return this.derive({ kind: 'unpivot', input: this.relation, ...lists, ...names });
  }

  /**
   * Rows into columns.
   * @param index the column whose values become the names; the first if not given.
   * @example df.select('name', 'amount', 'count').transpose('name')
   */
  transpose(index?: Selectable<R>): DataFrame {
    return this.derive({
      kind: 'transpose',
      input: this.relation,
      indexColumns: index === undefined ? [] : [argument(index)],
    });
  }

  /**
   * The rows that a TypeScript function makes of each partition's, where those rows are: in processes beside the executors. It is given the rows batch
   * by batch and answers batches of any length. In a stream each micro-batch's partitions are given.
   * @param mapper made by `partitionMapper` of sluice/worker; mirrors `mapInArrow`.
   * @example
   * ```ts
   * const parse = await partitionMapper({ module: new URL('./parse.js', import.meta.url), export: 'parse', returns: structType({ user: string() }) });
   * const users = spark.read.text('/data/log').mapPartitions(parse);
   * ```
   */
  mapPartitions<Out>(mapper: PartitionFunction<R, Out>): DataFrame<Out> {
    // Which columns there are only the server knows.
    const whole: Expression = { kind: 'function', name: 'struct', arguments: [{ kind: 'star' }] };
    const row: Expression = { kind: 'alias', child: whole, names: [WHOLE_ROW] };
    return this.derive({
      kind: 'mapPartitions',
      input: createRelation({ kind: 'project', input: this.relation, expressions: [row] }),
      function: mapper.inlined,
      returns: mapper.returns,
      argument: { kind: 'attribute', name: WHOLE_ROW },
    });
  }

  /** What to do with missing values. */
  get na(): MissingValues<DataFrameKind, R> {
    return new MissingValues<DataFrameKind, R>(this.relation, this.#deriver());
  }

  /** Statistics of the whole frame: correlation, quantiles, contingency tables, samples. */
  get stat(): Statistics<DataFrameKind, R> {
    return new Statistics<DataFrameKind, R>(this.relation, this.#deriver(), (relation, options) =>
      this.#ask(relation, options),
    );
  }

  /**
   * Count, mean, standard deviation, least and greatest value of columns, as text.
   * @example orders.describe('amount', 'quantity')
   */
  describe(...columns: readonly RowName<R>[]): DataFrame {
    return this.derive({ kind: 'describe', input: this.relation, columns });
  }

  /**
   * As `describe`, with the statistics of one's choice: `count`, `75%`, `approx_count_distinct`, …
   * @example orders.summary('count', 'mean', '75%')
   */
  summary(...statistics: readonly string[]): DataFrame {
    return this.derive({ kind: 'summary', input: this.relation, statistics });
  }

  /**
   * Calls `change` with the frame and answers what it answers: for chains of one's own steps.
   * @example
   * ```ts
   * const adults = (frame: typeof people) => frame.filter('age >= 18');
   * people.transform(adults).groupBy('city').count();
   * ```
   */
  transform<Result>(change: (frame: this) => Result): Result {
    return change(this);
  }

  /**
   * Computes the rows now, on reliable storage of the server's, and forgets how. Needs a checkpoint directory.
   * @param eager computes at once; otherwise with the first action.
   * @throws SparkError of the server if it has no checkpoint directory (`spark.checkpoint.dir`).
   * @example const settled = await orders.groupBy('customer').agg(f.sum('amount')).checkpoint();
   */
  async checkpoint(eager = true, options?: ExecuteOptions): Promise<DataFrame<R>> {
    return this.#checkpoint(false, eager, options);
  }

  /**
   * As `checkpoint`, on the executors' own disks: faster, and lost with them.
   * @param eager computes at once; otherwise with the first action.
   * @example const settled = await orders.dropDuplicates('customer').localCheckpoint();
   */
  async localCheckpoint(eager = true, options?: ExecuteOptions): Promise<DataFrame<R>> {
    return this.#checkpoint(true, eager, options);
  }

  // Results.

  /** Writes the rows to files, a table or a data source. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.connection, this.relation);
  }

  /** Runs as a streaming query. */
  get writeStream(): DataStreamWriter {
    return new DataStreamWriter(this.connection, this.relation);
  }

  /**
   * Writes to a table of a catalog by the names of its columns. Spark's DataFrameWriterV2.
   * @example await orders.writeTo('lake.sales.orders').using('iceberg').createOrReplace();
   */
  writeTo(table: string): TableWriter {
    return new TableWriter(this.connection, this.relation, table);
  }

  /**
   * Changes a table by this frame's rows, by `condition` which rows belong together. In conditions and values an alias of the frame names its
   * columns, and the table's name the table's.
   * @example
   * ```ts
   * await people.alias('p').mergeInto('lake.people', expr('p.name = lake.people.name'))
   *   .whenMatched().updateAll().whenNotMatched().insertAll()
   *   .merge();
   * ```
   */
  mergeInto(table: string, condition: Column<boolean | null>): MergeWriter {
    return MergeWriter.into(this.connection, this.relation, table, condition);
  }

  protected derive<Row>(node: RelationNode): DataFrame<Row> {
    return new DataFrame<Row>(this.connection, createRelation(node));
  }

  #deriver(): Derive<DataFrameKind> {
    return <Row>(node: RelationNode) => this.derive<Row>(node);
  }

  #group<Keys>(grouping: ConstructorParameters<typeof GroupedData>[2]): Groups<R, Keys> {
    return new GroupedData<DataFrameKind, R, Keys>(this.relation, this.#deriver(), grouping);
  }

  async #checkpoint(isLocal: boolean, isEager: boolean, options: ExecuteOptions | undefined): Promise<DataFrame<R>> {
    const command = { kind: 'checkpoint', input: this.relation, isLocal, isEager } as const;
    const { relation } = await commandResult(this.connection, command, 'checkpointCommandResult', options);
    if (relation === null) throw new SparkError('The server made a checkpoint without a name.', { kind: 'protocol' });
    return this.derive({ kind: 'cachedRemoteRelation', relationId: relation.relationId });
  }

  async #ask<T>(relation: Relation, options: ActionOptions | undefined): Promise<T> {
    const [row] = await collectRelation<Readonly<Record<string, T>>>(this.connection, relation, options);
    const [value] = Object.values(row ?? {});
    if (value === undefined) throw new SparkError('The server answered a statistic with no row.', { kind: 'protocol' });
    return value;
  }
}

/**
 * Advises Spark to send the whole frame to every executor when it is joined, instead of sorting both sides. For frames of some megabytes.
 * @example orders.join(broadcast(people), orders.col('customer').eq(people.col('name')))
 */
export function broadcast<R>(frame: DataFrame<R>): DataFrame<R> {
  return frame.hint('broadcast');
}
