// Several frames: joins, set operations, and frames as subqueries of others. Everything is lazy and answers a new frame or a column.
import type { Any, IsUntyped } from '../types/any.js';
import type { FrameActions } from './actions.js';
import { Column } from './column.js';
import type { FrameKind, FrameOf } from './kind.js';
import type { Projections } from './projections.js';
import {
  type ColumnIn,
  type JoinedRow,
  type JoinHow,
  planJoinType,
  type RowLike,
  type RowName,
  type RowUnion,
  type RowUnionByName,
} from './row.js';
import { RowChoices } from './row-choices.js';

/** How a lateral join treats left rows for which the right frame has none. */
export type LateralHow = Extract<JoinHow, 'inner' | 'left' | 'left_outer' | 'leftouter' | 'cross'>;

/** Which right row is nearest, and how far it may be. */
export interface AsOfOptions {
  /** Names of columns that both have, or a condition: only such rows are compared. */
  readonly on?: string | readonly string[] | Column<boolean | null> | undefined;
  readonly how?: 'inner' | 'left' | undefined;
  /** The greatest difference, as a constant or an interval. */
  readonly tolerance?: Column | undefined;
  /** Whether the same value is near enough; true if not given. */
  readonly allowExactMatches?: boolean | undefined;
  /** `backward`, if not given: the last right value at or before the left one. */
  readonly direction?: 'backward' | 'forward' | 'nearest' | undefined;
}

/** How many right rows a left row gets, and which. */
export interface NearestByOptions {
  readonly results: number;
  /** `distance`: small values of the ranking are near. */
  readonly direction: 'distance' | 'similarity';
  /** `approx` allows indexes that may miss a row. */
  readonly mode: 'approx' | 'exact';
  readonly how?: 'inner' | 'left' | undefined;
}

/** The part of a frame that brings frames together. */
export abstract class Combinations<Kind extends FrameKind, R> extends RowChoices<Kind, R> {
  /**
   * Brings rows together. By names, each is in the result once; by a condition, both frames' columns are, and `frame.col('x')` tells them apart.
   * @param on names of columns that both have, or a condition.
   * @param how Spark's names: inner (the default), left, right, full, semi, anti, cross, …
   * @example orders.join(people, orders.col('customer').eq(people.col('name')), 'left')
   * @example orders.join(people.withColumnRenamed('name', 'customer'), 'customer')
   */
  join<Other, const Using extends RowName<R> & RowName<Other>, const How extends JoinHow = 'inner'>(
    other: FrameActions<Other>,
    on: Using | readonly Using[],
    how?: How,
  ): FrameOf<Kind, JoinedRow<R, Other, Using, How>>;
  join<Other, const How extends JoinHow = 'inner'>(
    other: FrameActions<Other>,
    on: Column<boolean | null>,
    how?: How,
  ): FrameOf<Kind, JoinedRow<R, Other, never, How>>;
  join(other: FrameActions<unknown>, on: string | readonly string[] | Column, how: JoinHow = 'inner'): unknown {
    return this.derive({
      kind: 'join',
      left: this.relation,
      right: other.relation,
      type: planJoinType(how),
      ...matching(on),
    });
  }

  /**
   * Every row of the one with every row of the other.
   * @example people.select('name').crossJoin(orders.select('product').distinct())
   */
  crossJoin<Other>(other: FrameActions<Other>): FrameOf<Kind, JoinedRow<R, Other, never, 'cross'>> {
    return this.derive({ kind: 'join', left: this.relation, right: other.relation, type: 'cross', using: [] });
  }

  /**
   * The rows of both, duplicates included; columns are matched by position.
   * @example orders.select('customer').union(people.select('name'))
   */
  union<Other>(other: FrameActions<Other>): FrameOf<Kind, RowUnion<R, Other>> {
    return this.#combine('union', other, { isAll: true });
  }

  /**
   * Same as `union`.
   * @example people.unionAll(people)
   */
  unionAll<Other>(other: FrameActions<Other>): FrameOf<Kind, RowUnion<R, Other>> {
    return this.union(other);
  }

  /**
   * The rows of both, duplicates included; columns are matched by name.
   * @param allowMissingColumns fills columns that one of them lacks with nulls.
   * @example people.select('name', 'age').unionByName(people.select('name'), true)
   */
  unionByName<Other, const AllowMissing extends boolean = false>(
    other: FrameActions<Other>,
    allowMissingColumns?: AllowMissing,
  ): FrameOf<Kind, [AllowMissing] extends [false] ? RowUnion<R, Other> : RowUnionByName<R, Other>>;
  unionByName(other: FrameActions<unknown>, allowMissingColumns = false): unknown {
    return this.#combine('union', other, { isAll: true, byName: true, allowMissingColumns });
  }

  /**
   * Different rows that are in both.
   * @example people.select('name').intersect(orders.select(orders.col('customer').as('name')))
   */
  intersect(other: FrameActions<RowLike<R>>): FrameOf<Kind, R> {
    return this.#combine('intersect', other, {});
  }

  /**
   * As `intersect`, with each row as often as both have it.
   * @example people.select('city').intersectAll(people.filter('age >= 18').select('city'))
   */
  intersectAll(other: FrameActions<RowLike<R>>): FrameOf<Kind, R> {
    return this.#combine('intersect', other, { isAll: true });
  }

  /**
   * Different rows that are here and not there. Spark's `except`.
   * @example people.select('name').subtract(orders.select(orders.col('customer').as('name')))
   */
  subtract(other: FrameActions<RowLike<R>>): FrameOf<Kind, R> {
    return this.#combine('except', other, {});
  }

  /**
   * As `subtract`, taking each row away as often as it is there.
   * @example people.select('city').exceptAll(people.filter('age < 18').select('city'))
   */
  exceptAll(other: FrameActions<RowLike<R>>): FrameOf<Kind, R> {
    return this.#combine('except', other, { isAll: true });
  }

  // Joins of other kinds.

  /**
   * Each row with the rows that `other` has for it: `other` may use this frame's columns, marked by `outer()`, in its expressions.
   * @param how `inner` (the default), `left` or `cross`.
   * @example
   * ```ts
   * const newest = orders.filter(col('customer').eq(col('name').outer())).orderBy(col('ordered_at').desc()).limit(2);
   * people.lateralJoin(newest, undefined, 'left');
   * ```
   */
  lateralJoin<Other, const How extends LateralHow = 'inner'>(
    other: FrameActions<Other>,
    on?: Column<boolean | null>,
    how?: How,
  ): FrameOf<Kind, JoinedRow<R, Other, never, How>>;
  lateralJoin(other: FrameActions<unknown>, on?: Column, how: LateralHow = 'inner'): unknown {
    const type = planJoinType(how) as 'inner' | 'leftOuter' | 'cross';
    const sides = { left: this.relation, right: other.relation };
    return this.derive({ kind: 'lateralJoin', ...sides, type, condition: on?.expression });
  }

  /**
   * Each row with the one of `other` whose value is nearest: prices at the time of orders. Values are ordered: times or numbers.
   * @example
   * ```ts
   * const prices = spark.table<{ since: TimestampMicros; price: number }>('prices');
   * orders.joinAsOf(prices, 'ordered_at', 'since', { direction: 'backward' });
   * ```
   */
  joinAsOf<Other>(
    other: Projections<Kind, Other>,
    left: RowName<R> | ColumnIn<R>,
    right: RowName<Other> | ColumnIn<Other>,
    options: AsOfOptions = {},
  ): FrameOf<Kind, JoinedRow<R, Other, never, 'left'>> {
    const { on, how = 'inner', tolerance, allowExactMatches = true, direction = 'backward' } = options;
    return this.derive({
      kind: 'asOfJoin',
      left: this.relation,
      right: other.relation,
      leftAsOf: typeof left === 'string' ? this.col(left).expression : left.expression,
      rightAsOf: typeof right === 'string' ? other.col(right).expression : right.expression,
      ...matching(on),
      how,
      tolerance: tolerance?.expression,
      allowExactMatches,
      direction,
    });
  }

  /**
   * Each row with the rows of `other` that rank best.
   * @param ranking computed of both rows, such as a vector distance.
   * @example
   * ```ts
   * const near = { results: 3, direction: 'distance', mode: 'exact' } as const;
   * people.nearestByJoin(orders, f.abs(people.col('age').minus(orders.col('amount'))), near);
   * ```
   */
  nearestByJoin<Other>(
    other: FrameActions<Other>,
    ranking: Column,
    { results, direction, mode, how = 'inner' }: NearestByOptions,
  ): FrameOf<Kind, JoinedRow<R, Other, never, 'left'>> {
    const sides = { left: this.relation, right: other.relation };
    return this.derive({
      kind: 'nearestByJoin',
      ...sides,
      ranking: ranking.expression,
      results,
      how,
      mode,
      direction,
    });
  }

  // Subqueries: this frame within another's expressions.

  /**
   * The one value of a frame of one column and at most one row; null for none.
   * @throws SparkError of the server, when the outer frame is used, if there are several rows or columns.
   * @example orders.filter(orders.col('amount').gt(orders.select(f.avg('amount')).scalar()))
   */
  scalar(): Column<IsUntyped<R> extends true ? Any : R[keyof R] | null> {
    return this.#subquery('scalar');
  }

  /**
   * Whether the frame has rows. Columns of the outer frame are marked by `outer()`.
   * @example people.filter(orders.filter(col('customer').eq(col('name').outer())).exists())
   */
  exists(): Column<boolean> {
    return this.#subquery('exists');
  }

  #subquery<T>(type: 'scalar' | 'exists'): Column<T> {
    return new Column({ kind: 'subquery', type, query: this.relation, values: [] });
  }

  #combine<Row>(
    operation: 'union' | 'intersect' | 'except',
    other: FrameActions<unknown>,
    { isAll = false, byName = false, allowMissingColumns = false },
  ): FrameOf<Kind, Row> {
    const sides = { left: this.relation, right: other.relation };
    return this.derive({ kind: 'setOperation', operation, ...sides, isAll, byName, allowMissingColumns });
  }
}

/** Columns by name, a condition, or nothing at all. */
function matching(on: string | readonly string[] | Column | undefined): {
  readonly condition?: Column['expression'];
  readonly using: readonly string[];
} {
  if (on instanceof Column) return { condition: on.expression, using: [] };
  return { using: on === undefined ? [] : ([on].flat() as string[]) };
}
