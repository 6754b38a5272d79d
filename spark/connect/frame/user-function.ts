// Functions of the user's own that run where the rows are, as frames take them. `sluice/worker` makes them.
import type { InlineFunction } from '../plan/inline-function.js';
import type { Any, IsUntyped } from '../types/any.js';
import type { DataType, StructType } from '../types/data-type.js';
import { Column } from './column.js';
import { type Argument, argument } from './functions/call.js';
import type { ConstantOf } from './operand.js';

declare const types: unique symbol;

/** What a function's parameter takes: a column of such values, a column's name as text, or a constant that is no text. */
export type FunctionArgument<V> =
  IsUntyped<V> extends true ? Argument : Column<V> | string | ConstantOf<Exclude<V, string | undefined>>;

/**
 * A function of columns: called with columns it is a column, and Spark calls it for each row. A parameter that does not take null refuses a typed column
 * that may be null.
 *
 * @typeParam A its parameters' values.
 * @typeParam T its result's values, null among them.
 */
export interface UserFunction<A extends readonly unknown[] = Any, T = Any> {
  (...args: { [Index in keyof A]: FunctionArgument<A[Index]> }): Column<T>;
  /** How it travels. */
  readonly inlined: InlineFunction;
  /** What it returns. */
  readonly returns: DataType;
}

/**
 * A function of partitions, for `mapPartitions`.
 *
 * @typeParam In the rows that it takes.
 * @typeParam Out the rows that it makes.
 */
export interface PartitionFunction<In = Any, Out = Any> {
  /** Only for the compiler. */
  readonly [types]?: (row: In) => Out;
  /** How it travels. */
  readonly inlined: InlineFunction;
  /** Its rows' type. */
  readonly returns: StructType;
}

/**
 * Makes a callable of a function that travels. `udf` of sluice/worker does so with one of a TypeScript module.
 * @example
 * ```ts
 * const { inlined } = await udf({ module: new URL('./text.js', import.meta.url), export: 'shout', returns: string() });
 * const shout = userFunction<[string | null], string | null>({ ...inlined, isDeterministic: false }, string());
 * ```
 */
export function userFunction<A extends readonly unknown[], T>(
  inlined: InlineFunction,
  returns: DataType,
): UserFunction<A, T> {
  const apply = (...args: readonly Argument[]): Column<T> =>
    new Column({ kind: 'inlineFunction', function: inlined, returns, arguments: args.map(argument) });
  return Object.assign(apply, { inlined, returns }) as UserFunction<A, T>;
}
