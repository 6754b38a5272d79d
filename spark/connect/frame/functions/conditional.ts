// Choosing a value: CASE, COALESCE and what stands in for null.
import type { Expression } from '../../plan/expression.js';
import type { Any, IsUntyped } from '../../types/any.js';
import { Column, type Operand } from '../column.js';
import { toExpression } from '../literal.js';
import type { LiteralValue } from '../operand.js';
import { type Argument, type ArgumentValue, type ColumnOrName, call, unary, variadic } from './call.js';

/** The value of a branch: a column's, or a constant's. */
type Branch<V> = V extends Column<infer T, string, Any> ? T : LiteralValue<V>;

/** A CASE under construction: null where no condition holds, until `otherwise` says what then. Itself a column. */
export class CaseWhen<T> extends Column<T | null> {
  readonly #branches: readonly Expression[];

  constructor(branches: readonly Expression[]) {
    super({ kind: 'function', name: 'when', arguments: branches });
    this.#branches = branches;
  }

  /** A further branch; the first whose condition is true counts. */
  when<const V>(condition: Operand<boolean>, value: V): CaseWhen<T | Branch<V>> {
    return new CaseWhen([...this.#branches, toExpression(condition), toExpression(value)]);
  }

  /** What it is where no condition is true. */
  otherwise<const V>(value: V): Column<T | Branch<V>> {
    return new Column({ kind: 'function', name: 'when', arguments: [...this.#branches, toExpression(value)] });
  }
}

/** `when(condition, value).when(…).otherwise(…)`: SQL's CASE. Text is a constant here. */
export function when<const V>(condition: Operand<boolean>, value: V): CaseWhen<Branch<V>> {
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

/** The first that is not null. */
export function coalesce<const Args extends readonly Argument[]>(...columns: Args): Column<FirstNotNull<Args>> {
  return call('coalesce', ...columns);
}

/** `first`, or `second` where it is null. */
export function ifnull<const A extends Argument, const B extends Argument>(
  first: A,
  second: B,
): Column<FirstNotNull<[A, B]>> {
  return call('ifnull', first, second);
}

/** Same as `ifnull`. */
export function nvl<const A extends Argument, const B extends Argument>(
  first: A,
  second: B,
): Column<FirstNotNull<[A, B]>> {
  return call('nvl', first, second);
}

/** `ifNotNull` where `tested` is not null, `ifNull` where it is. */
export const nvl2 = (tested: Argument, ifNotNull: Argument, ifNull: Argument): Column =>
  call('nvl2', tested, ifNotNull, ifNull);

/** Null where both are equal. */
export function nullif<T>(first: Column<T> | string, second: Argument): Column<T | null> {
  return call('nullif', first, second);
}

export const nullifzero = unary<Any>('nullifzero');
export const zeroifnull = unary<Any>('zeroifnull');
/** `first`, or `second` where it is NaN. */
export const nanvl = (first: Argument, second: Argument): Column<number | null> => call('nanvl', first, second);
export const isnull = unary<boolean>('isnull');
export const isnotnull = unary<boolean>('isnotnull');
export const isnan = unary<boolean>('isnan');
/** Equal, or both null. */
export const equal_null = (first: Argument, second: Argument): Column<boolean> => call('equal_null', first, second);
/** The greatest that is not null. */
export const greatest = variadic<Any>('greatest');
/** The least that is not null. */
export const least = variadic<Any>('least');

/** True where the condition is not; null where it is null. */
export function not(condition: ColumnOrName<boolean | null>): Column<boolean | null> {
  return call('not', condition);
}
