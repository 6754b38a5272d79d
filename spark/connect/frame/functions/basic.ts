// What every program needs: columns by name, constants, SQL expressions, functions by name, order.
import { SparkError } from '../../errors/spark-error.js';
import type { Any } from '../../types/any.js';
import { isDataType } from '../../types/data-type.js';
import type { Typed } from '../../types/row-of.js';
import type { Timed } from '../../types/time.js';
import { Column } from '../column.js';
import { toExpression } from '../literal.js';
import type { Constant, ConstantOf, LiteralValue } from '../operand.js';
import type { LastPart } from '../row.js';
import { toTypedExpression } from '../typed-literal.js';
import { type Argument, argument, attribute, type ColumnOrName, call, constant } from './call.js';

/**
 * The column of that name in whatever frame it is used with. `a.b` is a field of a struct, `*` every column; a name with dots or spaces stands in
 * backquotes. Its type is not known to the compiler: `frame.col(name)` knows it.
 * @example df.select(f.col('name'), f.col('attributes.color'))
 */
export function col<const N extends string>(name: N): Column<Any, LastPart<N>, string extends N ? Any : N> {
  return new Column(attribute(name));
}

/**
 * Same as `col`.
 * @example df.select(f.column('name'))
 */
export const column = col;

/**
 * A constant column: null, boolean, number (whole ones are INT or BIGINT, others DOUBLE), bigint (BIGINT), string, Date (TIMESTAMP), Decimal,
 * Uint8Array, and arrays, Maps and plain objects of these or of columns; of Temporal's objects, Instant and ZonedDateTime (TIMESTAMP), PlainDateTime
 * (TIMESTAMP_NTZ), PlainDate (DATE), PlainTime (TIME, which Spark 4.2 takes with `spark.sql.timeType.enabled`) and Duration (the narrowest INTERVAL).
 * A column is returned as it is. A whole number beyond 32 bits is a BIGINT and comes back as a bigint, which its static type does not show:
 * `lit(Date.now(), double())` stays a number.
 *
 * With a `type` the constant is of that type, and so are the members of arrays, Maps and plain objects; an object's fields are found by their names. A
 * TimestampMicros or DateDays needs one, as it is a bigint or a number at run time. A Date becomes a DATE by its day in UTC, of which it must be the
 * midnight.
 * @throws SparkError of kind `input` for a value that has no Spark type, a number that is none of the type, or a Date within a day as a DATE.
 * @example df.filter(f.col('event_time').geq(f.lit(f.timestampMicros('2026-01-31T12:00:00.000001Z'), f.timestamp())))
 * @example df.select(f.lit(f.dateDays('2026-01-31'), f.date()).as('day'))
 * @example df.select(f.lit(1), f.lit('a'), f.lit(null, f.timestamp()))
 */
export function lit<T>(value: T | (T extends Timed ? Date : never) | null, type: Typed<T>): Column<T>;
export function lit<C extends Column>(value: C): C;
export function lit<const V>(value: ConstantOf<V>): Column<LiteralValue<V>>;
export function lit(value: unknown, type?: unknown): Column {
  if (type === undefined) return constant(value);
  if (!isDataType(type))
    throw new SparkError('The type of a constant is a data type, such as timestamp().', { kind: 'input' });
  return new Column(toTypedExpression(value, type));
}

/**
 * A SQL expression, parsed by the server.
 * @example df.select(f.expr('amount * 2 AS twice'))
 */
export function expr<T = Any>(sql: string): Column<T> {
  return new Column({ kind: 'sql', text: sql });
}

/**
 * Calls a function by its SQL name: one that this client has no name for, or one that was registered. Text names columns.
 * @example df.select(f.call_function('upper', 'name'))
 */
export function call_function<T = Any>(name: string, ...args: readonly Argument[]): Column<T> {
  return new Column({ kind: 'call', name, arguments: args.map(argument) });
}

/**
 * Calls a function that was registered with the session. Text names columns.
 * @example df.select(f.call_udf('upper', 'name'))
 */
export function call_udf<T = Any>(name: string, ...args: readonly Argument[]): Column<T> {
  return call(name, ...args);
}

/**
 * An argument by name, for functions that take such: `call_function('mask', col('card'), named('digitChar', 'd'))`. Text is a constant.
 * @example df.select(f.call_function('mask', 'name', f.named('lowerChar', '*')))
 */
export function named(name: string, value: Constant): Column {
  return new Column({ kind: 'namedArgument', name, value: toExpression(value) });
}

/**
 * All columns of a frame whose names match a regular expression.
 * @example df.select(f.col_regex('`.*_time`'))
 */
export function col_regex(pattern: string): Column {
  return new Column({ kind: 'regex', pattern });
}

function sortable(name: ColumnOrName): Column {
  return typeof name === 'string' ? col(name) : name;
}

/**
 * Ascending, nulls first.
 * @example df.orderBy(f.asc('name'))
 */
export const asc = (by: ColumnOrName): Column => sortable(by).asc();
/**
 * Ascending, nulls first.
 * @example df.orderBy(f.asc_nulls_first('name'))
 */
export const asc_nulls_first = (by: ColumnOrName): Column => sortable(by).asc_nulls_first();
/**
 * Ascending, nulls last.
 * @example df.orderBy(f.asc_nulls_last('name'))
 */
export const asc_nulls_last = (by: ColumnOrName): Column => sortable(by).asc_nulls_last();
/**
 * Descending, nulls last.
 * @example df.orderBy(f.desc('name'))
 */
export const desc = (by: ColumnOrName): Column => sortable(by).desc();
/**
 * Descending, nulls first.
 * @example df.orderBy(f.desc_nulls_first('name'))
 */
export const desc_nulls_first = (by: ColumnOrName): Column => sortable(by).desc_nulls_first();
/**
 * Descending, nulls last.
 * @example df.orderBy(f.desc_nulls_last('name'))
 */
export const desc_nulls_last = (by: ColumnOrName): Column => sortable(by).desc_nulls_last();
