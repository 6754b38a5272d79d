// What every program needs: columns by name, constants, SQL expressions, functions by name, order.
import { SparkError } from '../../errors/spark-error.js';
import type { Any } from '../../types/any.js';
import { isDataType } from '../../types/data-type.js';
import type { Typed } from '../../types/row-of.js';
import { Column } from '../column.js';
import { toExpression, toTypedExpression } from '../literal.js';
import type { LiteralValue } from '../operand.js';
import type { LastPart } from '../row.js';
import { type Argument, argument, attribute, type ColumnOrName, call, constant, nullary, unary } from './call.js';

/**
 * The column of that name in whatever frame it is used with. `a.b` is a field of a struct, `*` every column; a name with dots or spaces stands in
 * backquotes. Its type is not known to the compiler: `frame.col(name)` knows it.
 */
export function col<const N extends string>(name: N): Column<Any, LastPart<N>, string extends N ? Any : N> {
  return new Column(attribute(name));
}

/** Same as `col`. */
export const column = col;

/**
 * A constant column: null, boolean, number (whole ones are INT or BIGINT, others DOUBLE), bigint (BIGINT), string, Date (TIMESTAMP), Decimal,
 * Uint8Array, and arrays, Maps and plain objects of these or of columns. A column is returned as it is.
 *
 * With a `type` the constant is of that type: `lit(micros, timestamp())`.
 * @throws SparkError of kind `input` for a value that has no Spark type, or a bigint beyond 64 bits.
 */
export function lit<T>(value: T | null, type: Typed<T>): Column<T>;
export function lit<C extends Column>(value: C): C;
export function lit<const V>(value: V): Column<LiteralValue<V>>;
export function lit(value: unknown, type?: unknown): Column {
  if (type === undefined) return constant(value);
  if (!isDataType(type))
    throw new SparkError('The type of a constant is a data type, such as timestamp().', { kind: 'input' });
  return new Column(toTypedExpression(value, type));
}

/** A SQL expression, parsed by the server. */
export function expr<T = Any>(sql: string): Column<T> {
  return new Column({ kind: 'sql', text: sql });
}

/** Calls a function by its SQL name: one that this client has no name for, or one that was registered. Text names columns. */
export function call_function<T = Any>(name: string, ...args: readonly Argument[]): Column<T> {
  return new Column({ kind: 'call', name, arguments: args.map(argument) });
}

/** Calls a function that was registered with the session. Text names columns. */
export function call_udf<T = Any>(name: string, ...args: readonly Argument[]): Column<T> {
  return call(name, ...args);
}

/** An argument by name, for functions that take such: `call_function('mask', col('card'), named('digitChar', 'd'))`. Text is a constant. */
export function named(name: string, value: unknown): Column {
  return new Column({ kind: 'namedArgument', name, value: toExpression(value) });
}

/** All columns of a frame whose names match a regular expression. */
export function col_regex(pattern: string): Column {
  return new Column({ kind: 'regex', pattern });
}

function sortable(name: ColumnOrName): Column {
  return typeof name === 'string' ? col(name) : name;
}

/** Ascending, nulls first. */
export const asc = (by: ColumnOrName): Column => sortable(by).asc();
export const asc_nulls_first = (by: ColumnOrName): Column => sortable(by).asc_nulls_first();
export const asc_nulls_last = (by: ColumnOrName): Column => sortable(by).asc_nulls_last();
/** Descending, nulls last. */
export const desc = (by: ColumnOrName): Column => sortable(by).desc();
export const desc_nulls_first = (by: ColumnOrName): Column => sortable(by).desc_nulls_first();
export const desc_nulls_last = (by: ColumnOrName): Column => sortable(by).desc_nulls_last();

// About the query and where it runs.

export const current_catalog = nullary<string>('current_catalog');
export const current_database = nullary<string>('current_database');
export const current_schema = nullary<string>('current_schema');
/** Where functions without a qualified name are looked for. */
export const current_path = nullary<string>('current_path');
export const current_user = nullary<string>('current_user');
/** Same as `current_user`. */
export const user = nullary<string>('user');
export const session_user = nullary<string>('session_user');
/** Spark's version and commit. */
export const version = nullary<string>('version');
/** The type's name in DDL. */
export const typeof_ = unary<string>('typeof');
export const input_file_name = nullary<string>('input_file_name');
export const input_file_block_length = nullary<bigint>('input_file_block_length');
export const input_file_block_start = nullary<bigint>('input_file_block_start');
export const spark_partition_id = nullary<number>('spark_partition_id');
/** Unique and growing within a partition, with gaps between partitions. */
export const monotonically_increasing_id = nullary<bigint>('monotonically_increasing_id');

/** Null if the condition holds; otherwise the query fails with `message`. */
export function assert_true(condition: ColumnOrName<boolean | null>, message?: string | Column): Column<null> {
  return message === undefined ? call('assert_true', condition) : call('assert_true', condition, constant(message));
}

/** Fails the query when it is evaluated. */
export function raise_error(message: string | Column): Column<null> {
  return call('raise_error', constant(message));
}
