// Parsers of text with a structure: the result's type is the schema's.
import type { Any } from '../../types/any.js';
import { type DataType, isDataType, type StructType } from '../../types/data-type.js';
import type { Typed } from '../../types/row-of.js';
import { schemaJson } from '../../types/schema.js';
import type { Column } from '../column.js';
import { type Argument, call, constant, optionsArgument } from './call.js';
import type { FormatOptions } from './types.js';

/** A schema as a data type, as DDL or JSON text, or as a column (`schema_of_json(…)`). */
type Schema<T> = Typed<T> | string | Column;

function schemaArgument(schema: DataType | string | Column): Column {
  return constant(isDataType(schema) ? schemaJson(schema) : schema);
}

/**
 * Parses JSON. In the mode PERMISSIVE, the default, text that is not of that schema gives nulls; FAILFAST fails the query.
 * Stops reading behind the first value: rubbish after it passes.
 * @since 2.2.0
 * @example df.select(f.from_json('payload', f.struct({ id: f.long() })))
 */
export function from_json<T = Any>(
  text: Argument,
  schema: Schema<T>,
  options?: FormatOptions,
): Column<(unknown extends T ? Any : T) | null> {
  return call('from_json', text, schemaArgument(schema), ...optionsArgument(options));
}

/**
 * Parses a line of CSV.
 * @param schema a struct's; CSV has no types of its own.
 * @since 3.0.0
 * @example df.select(f.from_csv('line', 'a INT, b INT', { sep: ',' }))
 */
export function from_csv<T = Any>(
  text: Argument,
  schema: Typed<T, StructType> | string | Column,
  options?: FormatOptions,
): Column<(unknown extends T ? Any : T) | null> {
  return call('from_csv', text, schemaArgument(schema), ...optionsArgument(options));
}

/**
 * Parses an XML element.
 * @since 4.0.0
 * @example df.select(f.from_xml('xml', 'b INT'))
 */
export function from_xml<T = Any>(
  text: Argument,
  schema: Schema<T>,
  options?: FormatOptions,
): Column<(unknown extends T ? Any : T) | null> {
  return call('from_xml', text, schemaArgument(schema), ...optionsArgument(options));
}
