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
  /** Rows for which the condition is true; text is a SQL expression. */
  filter(condition: ColumnIn<R, boolean | null> | string): FrameOf<Kind, R> {
    const expression =
      typeof condition === 'string' ? ({ kind: 'sql', text: condition } as const) : condition.expression;
    return this.derive({ kind: 'filter', input: this.relation, condition: expression });
  }

  /** Same as `filter`. */
  where(condition: ColumnIn<R, boolean | null> | string): FrameOf<Kind, R> {
    return this.filter(condition);
  }

  orderBy(...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    return this.derive({ kind: 'sort', input: this.relation, order: columns.map(toSortOrder), isGlobal: true });
  }

  /** Same as `orderBy`. */
  sort(...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    return this.orderBy(...columns);
  }

  sortWithinPartitions(...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    return this.derive({ kind: 'sort', input: this.relation, order: columns.map(toSortOrder), isGlobal: false });
  }

  limit(rows: number): FrameOf<Kind, R> {
    return this.derive({ kind: 'limit', input: this.relation, rows });
  }

  /** Without the first `rows` rows. */
  offset(rows: number): FrameOf<Kind, R> {
    return this.derive({ kind: 'offset', input: this.relation, rows });
  }

  distinct(): FrameOf<Kind, R> {
    return this.derive({ kind: 'deduplicate', input: this.relation, withinWatermark: false });
  }

  /** One row of those that agree in these columns, or in all. On a stream the state grows for ever unless there is a watermark. */
  dropDuplicates(...columns: readonly RowName<R>[]): FrameOf<Kind, R> {
    return this.#deduplicate(columns, false);
  }

  /** One row of those that agree in these columns, or in all, and lie within the watermark's delay of each other. Streams only. */
  dropDuplicatesWithinWatermark(...columns: readonly RowName<R>[]): FrameOf<Kind, R> {
    return this.#deduplicate(columns, true);
  }

  /** Each row with the chance `fraction`, with or without replacement. */
  sample(
    fraction: number,
    { withReplacement = false, seed = anySeed() }: { readonly withReplacement?: boolean; readonly seed?: bigint } = {},
  ): FrameOf<Kind, R> {
    const bounds = { lowerBound: 0, upperBound: fraction, withReplacement, seed, deterministicOrder: false };
    return this.derive({ kind: 'sample', input: this.relation, ...bounds });
  }

  /** Frames that share the rows out by chance, in proportion to the weights. */
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
   * @param eventTime a timestamp column. @param delay in words: `2 minutes`.
   */
  withWatermark(eventTime: RowName<R>, delay: string): FrameOf<Kind, R> {
    return this.derive({ kind: 'withWatermark', input: this.relation, eventTime, delay });
  }

  /** Into so many partitions, by these columns if given; or by columns alone. Moves all rows. */
  repartition(partitions: number, ...columns: readonly Selectable<R>[]): FrameOf<Kind, R>;
  repartition(...columns: readonly [Selectable<R>, ...Selectable<R>[]]): FrameOf<Kind, R>;
  repartition(first: number | Selectable<R>, ...columns: readonly Selectable<R>[]): FrameOf<Kind, R> {
    if (typeof first === 'number' && columns.length === 0) {
      return this.derive({ kind: 'repartition', input: this.relation, partitions: first, shuffle: true });
    }
    return this.#repartitionBy(first, columns.map(argument));
  }

  /** Into the partitions that a column of whole numbers says, from 0 to below `partitions`; null is 0. */
  repartitionById(partitions: number, partitionId: Selectable<R>): FrameOf<Kind, R> {
    const child = argument(partitionId);
    return this.#repartitionBy(partitions, [{ kind: 'directShufflePartitionId', child }]);
  }

  /** Into partitions of neighbouring values. */
  repartitionByRange(partitions: number, ...columns: readonly [Selectable<R>, ...Selectable<R>[]]): FrameOf<Kind, R> {
    const order = columns.map((column) => ({ kind: 'sortOrder', ...toSortOrder(column) }) as const);
    return this.#repartitionBy(partitions, order);
  }

  /** Into fewer partitions without moving rows between executors. */
  coalesce(partitions: number): FrameOf<Kind, R> {
    return this.derive({ kind: 'repartition', input: this.relation, partitions, shuffle: false });
  }

  /** Advice to the planner: `hint('broadcast')`. */
  hint(name: string, ...parameters: readonly unknown[]): FrameOf<Kind, R> {
    return this.derive({ kind: 'hint', input: this.relation, name, parameters: parameters.map(toExpression) });
  }

  /**
   * Measures aggregates on the way: when a query over this frame ends they reach `onObserved` of its action, and for streams every micro-batch's
   * progress.
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
