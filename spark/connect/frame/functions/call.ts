// How functions are made: a name, and what its arguments become. In arguments text names a column ('page_url', 'window.start', '*'); every other
// plain value is a constant. Where Spark wants a constant text (a format, a pattern), the parameter says `string | Column` and `constant` is used.
import type { Expression } from '../../plan/expression.js';
import type { Any } from '../../types/any.js';
import { Column } from '../column.js';
import { isColumnLike, toExpression } from '../literal.js';
import type { Constant, LiteralValue } from '../operand.js';

/** A column, or the name of one. */
export type ColumnOrName<T = Any> = Column<T> | string;

/** What a function takes: a column, a column's name as text, or a constant of any other kind. */
export type Argument = Exclude<Constant, undefined>;

/** The value of an argument: a column's is its type, a name's is not known. */
export type ArgumentValue<A> = A extends Column<infer T, string, Any> ? T : A extends string ? Any : LiteralValue<A>;

/** The column of that name; `a.b` is a field, `*` is every column. */
export function attribute(name: string): Expression {
  if (name === '*') return { kind: 'star' };
  if (name.endsWith('.*')) return { kind: 'star', target: name };
  return { kind: 'attribute', name };
}

/** Text as a column's name, anything else as `toExpression` does. */
export function argument(value: Argument): Expression {
  return typeof value === 'string' ? attribute(value) : toExpression(value);
}

/** Text as a constant too. */
export function constant(value: unknown): Column {
  return isColumnLike(value) ? (value as Column) : new Column(toExpression(value));
}

/** Calls Spark's function `name`. */
export function call<T>(name: string, ...args: readonly Argument[]): Column<T> {
  return new Column({ kind: 'function', name, arguments: args.map(argument) });
}

/** As `call`, over distinct values. */
export function callDistinct<T>(name: string, ...args: readonly Argument[]): Column<T> {
  return new Column({ kind: 'function', name, arguments: args.map(argument), isDistinct: true });
}

/** Arguments that are left out at the end. */
export function present(...args: readonly (Argument | undefined)[]): Argument[] {
  return args.filter((each) => each !== undefined);
}

/** An argument that may be left out at the end; text is a constant. */
export function optional(value: unknown): Argument[] {
  return value === undefined ? [] : [constant(value)];
}

/** Options of a parser or printer, as a map of texts; nothing at all if there are none. */
export function optionsArgument(options: Readonly<Record<string, OptionValue>> | undefined): Column[] {
  if (options === undefined) return [];
  const texts = Object.entries(options).flatMap(([name, value]) => [constant(name), constant(String(value))]);
  return [call('map', ...texts)];
}

/** Spark's options are texts; numbers and booleans are written as such. */
export type OptionValue = string | number | bigint | boolean;
