// A frame whose rows are grouped: what is left to say is what becomes of each group.
import { SparkError } from '../errors/spark-error.js';
import type { Expression } from '../plan/expression.js';
import type { Relation, RelationNode } from '../plan/relation.js';
import type { Any, IsUntyped } from '../types/any.js';
import type { Flat } from '../types/row-of.js';
import { Column } from './column.js';
import { attribute, call } from './functions/call.js';
import type { Derive, FrameKind, FrameOf } from './kind.js';
import { toLiteral } from './literal.js';
import type { Constant } from './operand.js';
import type { ColumnIn, RowName, SelectedRow } from './row.js';

/** How rows are grouped. */
export type Grouping = Pick<
  Extract<RelationNode, { readonly kind: 'aggregate' }>,
  'grouping' | 'keys' | 'pivot' | 'groupingSets'
>;

/** A group's row: its keys, then its aggregates. */
type GroupRow<R, Keys, Aggregates extends readonly unknown[]> =
  IsUntyped<R> extends true ? Any : Flat<Keys & SelectedRow<R, Aggregates>>;

/** Aggregates that are named by text: `{ amount: 'sum' }`. */
export type AggregateName = 'avg' | 'count' | 'max' | 'min' | 'sum' | (string & {});

/** Mirrors `GroupedData` of Spark 4.2. */
export class GroupedData<Kind extends FrameKind, R, Keys> {
  readonly #input: Relation;
  readonly #derive: Derive<Kind>;
  readonly #grouping: Grouping;

  constructor(input: Relation, derive: Derive<Kind>, grouping: Grouping) {
    this.#input = input;
    this.#derive = derive;
    this.#grouping = grouping;
  }

  /**
   * One row per group: the keys, then these aggregates. Or a function's name per column, with results named `sum(amount)`.
   * @throws SparkError of kind `input` if there is no aggregate.
   * @example orders.groupBy('customer').agg(f.sum('amount').as('spent'), f.max('ordered_at').as('newest'))
   * @example orders.groupBy('customer').agg({ amount: 'sum', '*': 'count' })
   */
  agg<const Aggregates extends readonly ColumnIn<R>[]>(
    ...aggregates: Aggregates
  ): FrameOf<Kind, GroupRow<R, Keys, Aggregates>>;
  agg(functions: Readonly<Partial<Record<RowName<R> | '*', AggregateName>>>): FrameOf<Kind, Any>;
  agg(...args: readonly (Column | Readonly<Partial<Record<string, string>>>)[]): unknown {
    if (args.length === 0) throw new SparkError('agg() takes at least one aggregate.', { kind: 'input' });
    return this.#aggregate(
      args.flatMap((each) =>
        each instanceof Column
          ? [each.expression]
          : Object.entries(each as Readonly<Record<string, string>>).map(
              ([column, name]) => call(name, name === 'count' && column === '*' ? 1 : column).expression,
            ),
      ),
    );
  }

  /**
   * How many rows each group has, as `count`.
   * @example people.groupBy('city').count()
   */
  count(): FrameOf<Kind, IsUntyped<R> extends true ? Any : Flat<Keys & { count: bigint }>> {
    return this.#aggregate([call('count', 1).as('count').expression]);
  }

  /**
   * The sum per group of named columns; results are called `sum(amount)`. Spark's own form for all numeric columns is left out: say which.
   * @example orders.groupBy('customer').sum('amount', 'quantity')
   */
  sum(...columns: readonly [RowName<R>, ...RowName<R>[]]): FrameOf<Kind, Any> {
    return this.#named('sum', columns);
  }

  /**
   * The mean per group of named columns; results are called `avg(amount)`.
   * @example orders.groupBy('customer').avg('amount')
   */
  avg(...columns: readonly [RowName<R>, ...RowName<R>[]]): FrameOf<Kind, Any> {
    return this.#named('avg', columns);
  }

  /**
   * Same as `avg`.
   * @example orders.groupBy('customer').mean('amount')
   */
  mean(...columns: readonly [RowName<R>, ...RowName<R>[]]): FrameOf<Kind, Any> {
    return this.avg(...columns);
  }

  /**
   * The least value per group of named columns; results are called `min(amount)`.
   * @example orders.groupBy('customer').min('amount')
   */
  min(...columns: readonly [RowName<R>, ...RowName<R>[]]): FrameOf<Kind, Any> {
    return this.#named('min', columns);
  }

  /**
   * The greatest value per group of named columns; results are called `max(amount)`.
   * @example orders.groupBy('customer').max('amount')
   */
  max(...columns: readonly [RowName<R>, ...RowName<R>[]]): FrameOf<Kind, Any> {
    return this.#named('max', columns);
  }

  /**
   * Makes a column of each value of `column`. Without `values` Spark first runs a query to find them.
   * @throws SparkError of kind `input` unless the frame is grouped by groupBy, once.
   * @example orders.groupBy('customer').pivot('product', ['apple', 'pear']).sum('quantity')
   */
  pivot(column: RowName<R> | ColumnIn<R>, values: readonly Constant[] = []): GroupedData<Kind, Any, Any> {
    if (this.#grouping.grouping !== 'groupBy') {
      throw new SparkError('pivot() follows groupBy(), and only once.', { kind: 'input' });
    }
    return new GroupedData<Kind, Any, Any>(this.#input, this.#derive, {
      ...this.#grouping,
      grouping: 'pivot',
      pivot: { column: this.#own(column), values: values.map(toLiteral) },
    });
  }

  /** A column's name as the column of the grouped frame; `pivot` means no other. */
  #own(column: RowName<R> | ColumnIn<R>): Expression {
    if (typeof column !== 'string') return column.expression;
    const expression = attribute(column);
    return expression.kind === 'attribute' ? { ...expression, planId: this.#input.planId } : expression;
  }

  #named(name: string, columns: readonly string[]): FrameOf<Kind, Any> {
    return this.#aggregate(
      columns.map((column): Expression => ({ kind: 'function', name, arguments: [attribute(column)] })),
    );
  }

  #aggregate<Row>(aggregates: readonly Expression[]): FrameOf<Kind, Row> {
    return this.#derive<Row>({ kind: 'aggregate', input: this.#input, ...this.#grouping, aggregates });
  }
}
