// Names that Spark uses both for types and for functions. `struct({ id: long() })` is a type, `struct(col('id'))` a column; likewise array, map and char.
import type { Any } from '../../types/any.js';
import { arrayType, char as charType, mapType, structType } from '../../types/build.js';
import { type ArrayType, type CharType, isDataType, type MapType, type StructType } from '../../types/data-type.js';
import type { FieldSpec, FieldValue, StructValue, Typed } from '../../types/row-of.js';
import { Column, type NameOf, type ValueOf } from '../column.js';
import { isColumnLike, stringLiteral } from '../literal.js';
import { type Argument, type ArgumentValue, argument, type ColumnOrName, call } from './call.js';

/** The fields of a struct made of columns: open where a name is not known. */
type StructOf<Columns extends readonly ColumnOrName[]> = {
  [C in Exclude<Columns[number], string> as NameOf<C>]: ValueOf<C>;
} & { [Name in Extract<Columns[number], string>]: Any };

/**
 * A type: fields by name, in their order, nullable unless marked by `notNull`.
 * @example df.select(f.from_json('payload', f.struct({ id: f.long() })))
 */
export function struct<const Fields extends Readonly<Record<string, FieldSpec>>>(
  fields: Fields,
): Typed<StructValue<Fields>, StructType>;
/**
 * A column: a struct of columns, whose names become its fields'.
 * @example df.select(f.struct('name', 'amount'))
 */
export function struct<const Columns extends readonly ColumnOrName[]>(...columns: Columns): Column<StructOf<Columns>>;
export function struct(...args: readonly (ColumnOrName | Readonly<Record<string, FieldSpec>>)[]): unknown {
  const [first] = args;
  if (args.length === 1 && typeof first === 'object' && !isColumnLike(first)) return structType(first);
  return call('struct', ...args);
}

/**
 * A type: elements nullable unless marked by `notNull`.
 * @example df.select(f.from_json('payload', f.array(f.long())))
 */
export function array<const Element extends FieldSpec>(element: Element): Typed<FieldValue<Element>[], ArrayType>;
/**
 * A column: an array of columns of one type.
 * @example df.select(f.array('amount', 'count', 0))
 */
export function array<const Elements extends readonly Argument[]>(
  ...elements: Elements
): Column<ArgumentValue<Elements[number]>[]>;
export function array(...args: readonly (Argument | FieldSpec)[]): unknown {
  const [first] = args;
  return args.length === 1 && isFieldSpec(first) ? arrayType(first) : call('array', ...(args as readonly Argument[]));
}

/**
 * A type: values nullable unless marked by `notNull`; keys never null.
 * @example df.select(f.from_json('payload', f.map(f.string(), f.long())))
 */
export function map<Key, const Value extends FieldSpec>(
  key: Typed<Key>,
  value: Value,
): Typed<Map<Key, FieldValue<Value>>, MapType>;
/**
 * A column: keys and values in turn. Spark's `create_map`.
 * @example df.select(f.map(f.lit('name'), 'name', f.lit('tag'), f.lit('a')))
 */
export function map(...columns: readonly Argument[]): Column;
export function map(...args: readonly (Argument | FieldSpec)[]): unknown {
  const [first, second] = args;
  if (args.length === 2 && isDataType(first) && isFieldSpec(second)) return mapType(first, second);
  return call('map', ...(args as readonly Argument[]));
}

/**
 * A type: text of exactly `length` characters.
 * @example f.struct({ code: f.char(2) })
 */
export function char(length: number): Typed<string, CharType>;
/**
 * A column: the character of that code.
 * @example df.select(f.char('count'))
 */
export function char(code: ColumnOrName): Column<string | null>;
export function char(lengthOrCode: number | ColumnOrName): unknown {
  return typeof lengthOrCode === 'number' ? charType(lengthOrCode) : call('char', lengthOrCode);
}

/**
 * A struct with the fields of the object; a member is a column, a column's name, or a constant of another kind than text.
 * @example df.select(f.named_struct({ who: 'name', much: 3 }))
 */
export function named_struct<const Fields extends Readonly<Record<string, Argument>>>(
  fields: Fields,
): Column<{ -readonly [Name in keyof Fields]: Fields[Name] extends Column ? ValueOf<Fields[Name]> : Any }>;
/**
 * Names, as constants, and values in turn, as in SQL.
 * @example df.select(f.named_struct(f.lit('who'), f.col('name')))
 */
export function named_struct(...namesAndValues: readonly Column[]): Column;
export function named_struct(...args: readonly unknown[]): Column {
  const [first] = args;
  if (args.length !== 1 || isColumnLike(first)) return call('named_struct', ...(args as readonly Column[]));
  const members = Object.entries(first as Readonly<Record<string, Argument>>);
  return new Column({
    kind: 'function',
    name: 'named_struct',
    arguments: members.flatMap(([name, value]) => [stringLiteral(name), argument(value)]),
  });
}

function isFieldSpec(value: unknown): value is FieldSpec {
  return (
    isDataType(value) || (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'notNull')
  );
}
