// The rows of a frame: which, in what order, and over how many machines. Everything is lazy and answers a new frame.
import { SparkError } from '../errors/spark-error.js';
import { argument } from './functions/call.js';
import type { FrameKind, FrameOf } from './kind.js';
import { toExpression } from './literal.js';
import { Projections } from './projections.js';
import type { ColumnIn, RowName, Selectable } from './row.js';
import { anySeed } from './seed.js';
import { toSortOrder } from './window.js';

/** The part of a frame that chooses, orders and spreads rows. */
export abstract class RowChoices<Kind extends FrameKind, R> extends Projections<Kind, R> {
  /**
   * Rows for which the condition is true; text is a SQL expression.
   * @example people.filter(people.col('age').geq(18))
   * @example people.filter("city = 'Paris' AND age IS NOT NULL")
   */
  filter(condition: ColumnIn<R, boolean | null> | string): FrameOf<Kind, R> {
    const expression =
      typeof condition === 'string' ? ({ kind: 'sql', text: condition } as const) : condition.expression;
    return this.derive({ kind: 'filter', input: this.relation, condition: expression });
  }

  /**
   * Same as `filter`.
   * @example people.where('age >= 18')
   */
  where(condition: ColumnIn<R, boolean | null> | string): FrameOf<Kind, R> {
    return this.filter(condition);
  }

  /**
   * In the order of these columns, over all partitions: ascending with nulls first, unless a column says otherwise.
   * @example people.orderBy(people.col('age').desc(), 'name')
   */
  orderBy(...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    return this.derive({ kind: 'sort', input: this.relation, order: columns.map(toSortOrder), isGlobal: true });
  }

  /**
   * Same as `orderBy`.
   * @example people.sort('name')
   */
  sort(...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    return this.orderBy(...columns);
  }

  /**
   * Ordered within each partition only: no rows move.
   * @example orders.repartition('customer').sortWithinPartitions('customer', 'ordered_at')
   */
  sortWithinPartitions(...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    return this.derive({ kind: 'sort', input: this.relation, order: columns.map(toSortOrder), isGlobal: false });
  }

  /**
   * At most so many rows. Without an order they are any.
   * @example orders.orderBy(orders.col('amount').desc()).limit(10)
   */
  limit(rows: number): FrameOf<Kind, R> {
    return this.derive({ kind: 'limit', input: this.relation, rows });
  }

  /**
   * Without the first `rows` rows.
   * @example people.orderBy('name').offset(20).limit(10)
   */
  offset(rows: number): FrameOf<Kind, R> {
    return this.derive({ kind: 'offset', input: this.relation, rows });
  }

  /**
   * Each different row once. On a stream the state grows for ever unless there is a watermark.
   * @example people.select('city').distinct()
   */
  distinct(): FrameOf<Kind, R> {
    return this.derive({ kind: 'deduplicate', input: this.relation, withinWatermark: false });
  }

  /**
   * One row of those that agree in these columns, or in all. On a stream the state grows for ever unless there is a watermark.
   * @example orders.dropDuplicates('customer', 'product')
   */
  dropDuplicates(...columns: readonly RowName<R>[]): FrameOf<Kind, R> {
    return this.#deduplicate(columns, false);
  }

  /**
   * One row of those that agree in these columns, or in all, and lie within the watermark's delay of each other. Streams only.
   * @example clicks.withWatermark('time', '10 minutes').dropDuplicatesWithinWatermark('user_id', 'page')
   */
  dropDuplicatesWithinWatermark(...columns: readonly RowName<R>[]): FrameOf<Kind, R> {
    return this.#deduplicate(columns, true);
  }

  /**
   * Each row with the chance `fraction`, with or without replacement.
   * @param fraction from 0 to 1; with replacement, how often a row comes on average.
   * @param options.seed makes the choice the same each time; by chance if not given.
   * @example orders.sample(0.1, { seed: 42n })
   */
  sample(
    fraction: number,
    { withReplacement = false, seed = anySeed() }: { readonly withReplacement?: boolean; readonly seed?: bigint } = {},
  ): FrameOf<Kind, R> {
    const bounds = { lowerBound: 0, upperBound: fraction, withReplacement, seed, deterministicOrder: false };
    return this.derive({ kind: 'sample', input: this.relation, ...bounds });
  }

  /**
   * Frames that share the rows out by chance, in proportion to the weights.
   * @throws SparkError of kind `input` for weights that are negative or all zero.
   * @example const [training, test] = orders.randomSplit([0.8, 0.2], 42n);
   */
  randomSplit(weights: readonly number[], seed: bigint = anySeed()): FrameOf<Kind, R>[] {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (weights.some((weight) => !(weight >= 0)) || total <= 0) {
      throw new SparkError(`Weights are positive numbers; found ${weights.join(', ')}.`, { kind: 'input' });
    }
    let upperBound = 0;
    return weights.map((weight) => {
      const lowerBound = upperBound;
      upperBound += weight / total;
      const bounds = { lowerBound, upperBound, withReplacement: false, seed, deterministicOrder: true };
      return this.derive({ kind: 'sample', input: this.relation, ...bounds });
    });
  }

  // How it runs.

  /**
   * Says how late rows may come: those whose time is more than `delay` behind the latest one seen may be dropped, and state older than that is.
   * @param eventTime a timestamp column.
   * @param delay in words: `2 minutes`.
   * @example clicks.withWatermark('time', '2 minutes').groupBy(f.window('time', '1 minute'), 'page').count()
   */
  withWatermark(eventTime: RowName<R>, delay: string): FrameOf<Kind, R> {
    return this.derive({ kind: 'withWatermark', input: this.relation, eventTime, delay });
  }

  /**
   * Into so many partitions, by these columns if given; or by columns alone. Moves all rows.
   * @example orders.repartition(8, 'customer')
   */
  repartition(partitions: number, ...columns: readonly Selectable<R>[]): FrameOf<Kind, R>;
  repartition(...columns: readonly [Selectable<R>, ...Selectable<R>[]]): FrameOf<Kind, R>;
  repartition(first: number | Selectable<R>, ...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    if (typeof first === 'number' && columns.length === 0) {
      return this.derive({ kind: 'repartition', input: this.relation, partitions: first, shuffle: true });
    }
    return this.#repartitionBy(first, columns.map(argument));
  }

  /**
   * Into the partitions that a column of whole numbers says, from 0 to below `partitions`; null is 0.
   * @example orders.repartitionById(4, f.pmod('order_id', lit(4)).cast('int'))
   */
  repartitionById(partitions: number, partitionId: Selectable<R>): FrameOf<Kind, R> {
    const child = argument(partitionId);
    return this.#repartitionBy(partitions, [{ kind: 'directShufflePartitionId', child }]);
  }

  /**
   * Into partitions of neighbouring values.
   * @example orders.repartitionByRange(8, 'ordered_at')
   */
  repartitionByRange(partitions: number, ...columns: readonly [Selectable<R>, ...Selectable<R>[]]): FrameOf<Kind, R> {
    const order = columns.map((column) => ({ kind: 'sortOrder', ...toSortOrder(column) }) as const);
    return this.#repartitionBy(partitions, order);
  }

  /**
   * Into fewer partitions without moving rows between executors.
   * @example orders.filter('amount > 1000').coalesce(1)
   */
  coalesce(partitions: number): FrameOf<Kind, R> {
    return this.derive({ kind: 'repartition', input: this.relation, partitions, shuffle: false });
  }

  /**
   * Advice to the planner: `hint('broadcast')`.
   * @example orders.join(people.hint('broadcast'), orders.col('customer').eq(people.col('name')))
   */
  hint(name: string, ...parameters: readonly unknown[]): FrameOf<Kind, R> {
    return this.derive({ kind: 'hint', input: this.relation, name, parameters: parameters.map(toExpression) });
  }

  /**
   * Measures aggregates on the way: when a query over this frame ends they reach `onObserved` of its action, and for streams every micro-batch's
   * progress.
   * @example
   * ```ts
   * const measured = orders.observe('checks', f.count('*').as('rows'), f.max('amount').as('largest'));
   * await measured.collect({ onObserved: (name, values) => console.log(name, values.get('largest')) });
   * ```
   */
  observe(name: string, ...metrics: readonly [ColumnIn<R>, ...ColumnIn<R>[]]): FrameOf<Kind, R> {
    const expressions = metrics.map((column) => column.expression);
    return this.derive({ kind: 'observe', input: this.relation, name, metrics: expressions });
  }

  #deduplicate(columns: readonly string[], withinWatermark: boolean): FrameOf<Kind, R> {
    return this.derive({
      kind: 'deduplicate',
      input: this.relation,
      columns: columns.length === 0 ? undefined : columns,
      withinWatermark,
    });
  }

  #repartitionBy(first: number | Selectable<R>, rest: readonly ReturnType<typeof argument>[]): FrameOf<Kind, R> {
    return this.derive({
      kind: 'repartitionByExpression',
      input: this.relation,
      ...(typeof first === 'number'
        ? { partitions: first, expressions: rest }
        : { expressions: [argument(first), ...rest] }),
    });
  }
}
