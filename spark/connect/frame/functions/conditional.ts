// Choosing a value: CASE, and COALESCE, whose result is never null if one of its arguments is not.
import type { Expression } from '../../plan/expression.js';
import type { Any, IsUntyped } from '../../types/any.js';
import { Column, type Operand } from '../column.js';
import { toExpression } from '../literal.js';
import type { ConstantOf, LiteralValue } from '../operand.js';
import { type Argument, type ArgumentValue, call } from './call.js';

/** The value of a branch: a column's, or a constant's. */
type Branch<V> = V extends Column<infer T, string, Any> ? T : LiteralValue<V>;

/** A CASE under construction: null where no condition holds, until `otherwise` says what then. Itself a column. */
export class CaseWhen<T> extends Column<T | null> {
  readonly #branches: readonly Expression[];

  constructor(branches: readonly Expression[]) {
    super({ kind: 'function', name: 'when', arguments: branches });
    this.#branches = branches;
  }

  /**
   * A further branch; the first whose condition is true counts.
   * @example df.select(f.when(f.col('count').gt(2), 'many').when(f.col('count').gt(0), 'some'))
   */
  when<const V>(condition: Operand<boolean>, value: ConstantOf<V>): CaseWhen<T | Branch<V>> {
    return new CaseWhen([...this.#branches, toExpression(condition), toExpression(value)]);
  }

  /**
   * What it is where no condition is true.
   * @example df.select(f.when(f.col('count').gt(2), 'many').otherwise('few'))
   */
  otherwise<const V>(value: ConstantOf<V>): Column<T | Branch<V>> {
    return new Column({ kind: 'function', name: 'when', arguments: [...this.#branches, toExpression(value)] });
  }
}

/**
 * `when(condition, value).when(…).otherwise(…)`: SQL's CASE. Text is a constant here.
 * @example df.select(f.when(f.col('count').gt(2), 'many').otherwise('few').alias('how_many'))
 */
export function when<const V>(condition: Operand<boolean>, value: ConstantOf<V>): CaseWhen<Branch<V>> {
  return new CaseWhen([toExpression(condition), toExpression(value)]);
}

/** Null only if every one of them may be. */
type FirstNotNull<Args extends readonly unknown[]> =
  IsUntyped<ArgumentValue<Args[number]>> extends true
    ? Any
    : NonNullable<ArgumentValue<Args[number]>> | (AllNullable<Args> extends true ? null : never);

type AllNullable<Args extends readonly unknown[]> = Args extends readonly [infer First, ...infer Rest]
  ? null extends ArgumentValue<First>
    ? AllNullable<Rest>
    : false
  : true;

/**
 * The first that is not null.
 * @since 1.0.0
 * @example df.select(f.coalesce('amount', 'count', 0))
 */
export function coalesce<const Args extends readonly Argument[]>(...columns: Args): Column<FirstNotNull<Args>> {
  return call('coalesce', ...columns);
}

/**
 * `first`, or `second` where it is null.
 * @since 2.0.0
 * @example df.select(f.ifnull('amount', 0))
 */
export function ifnull<const A extends Argument, const B extends Argument>(
  first: A,
  second: B,
): Column<FirstNotNull<[A, B]>> {
  return call('ifnull', first, second);
}

/**
 * Same as `ifnull`.
 * @since 2.0.0
 * @example df.select(f.nvl('amount', 0))
 */
export function nvl<const A extends Argument, const B extends Argument>(
  first: A,
  second: B,
): Column<FirstNotNull<[A, B]>> {
  return call('nvl', first, second);
}
