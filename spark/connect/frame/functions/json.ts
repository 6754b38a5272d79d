// Text formats with a structure, and variants: JSON-like values of any shape in binary.
import type { Any } from '../../types/any.js';
import { type DataType, isDataType, type StructType } from '../../types/data-type.js';
import type { Typed } from '../../types/row-of.js';
import { schemaJson } from '../../types/schema.js';
import type { Column } from '../column.js';
import { type Argument, type ColumnOrName, call, constant, type OptionValue, optionsArgument, unary } from './call.js';

/** Options of a parser or printer; Spark documents them with the data source of the same name. */
export type FormatOptions = Readonly<Record<string, OptionValue>>;

/** A schema as a data type, as DDL or JSON text, or as a column (`schema_of_json(…)`). */
type Schema<T> = Typed<T> | string | Column;

function schemaArgument(schema: DataType | string | Column): Column {
  return constant(isDataType(schema) ? schemaJson(schema) : schema);
}

/**
 * Parses JSON. In the mode PERMISSIVE, the default, text that is not of that schema gives nulls; FAILFAST fails the query.
 * Stops reading behind the first value: rubbish after it passes.
 */
export function from_json<T = Any>(
  text: Argument,
  schema: Schema<T>,
  options?: FormatOptions,
): Column<(unknown extends T ? Any : T) | null> {
  return call('from_json', text, schemaArgument(schema), ...optionsArgument(options));
}

/** @param schema a struct's; CSV has no types of its own. */
export function from_csv<T = Any>(
  text: Argument,
  schema: Typed<T, StructType> | string | Column,
  options?: FormatOptions,
): Column<(unknown extends T ? Any : T) | null> {
  return call('from_csv', text, schemaArgument(schema), ...optionsArgument(options));
}

export function from_xml<T = Any>(
  text: Argument,
  schema: Schema<T>,
  options?: FormatOptions,
): Column<(unknown extends T ? Any : T) | null> {
  return call('from_xml', text, schemaArgument(schema), ...optionsArgument(options));
}

/** A struct, map, array or variant as JSON text; fields that are null are left out. */
export const to_json = (value: Argument, options?: FormatOptions): Column<string | null> =>
  call('to_json', value, ...optionsArgument(options));
export const to_csv = (value: Argument, options?: FormatOptions): Column<string | null> =>
  call('to_csv', value, ...optionsArgument(options));
export const to_xml = (value: Argument, options?: FormatOptions): Column<string | null> =>
  call('to_xml', value, ...optionsArgument(options));

/** The schema of a sample, as DDL. */
export const schema_of_json = (sample: string | Column, options?: FormatOptions): Column<string> =>
  call('schema_of_json', constant(sample), ...optionsArgument(options));
export const schema_of_csv = (sample: string | Column, options?: FormatOptions): Column<string> =>
  call('schema_of_csv', constant(sample), ...optionsArgument(options));
export const schema_of_xml = (sample: string | Column, options?: FormatOptions): Column<string> =>
  call('schema_of_xml', constant(sample), ...optionsArgument(options));

/** @param path `$.user.tags[0]` */
export const get_json_object = (text: Argument, path: string | Column): Column<string | null> =>
  call('get_json_object', text, constant(path));
/** Several fields of an object at once, as columns c0, c1, … */
export const json_tuple = (text: Argument, ...fields: readonly string[]): Column<string | null> =>
  call('json_tuple', text, ...fields.map(constant));
export const json_array_length = unary<number | null>('json_array_length');
export const json_object_keys = unary<string[] | null>('json_object_keys');

// Variants.

/** Fails the query on text that is not JSON. */
export const parse_json = unary<Any>('parse_json');
/** Null for text that is not JSON. */
export const try_parse_json = unary<Any>('try_parse_json');
export const to_variant_object = unary<Any>('to_variant_object');
/** JSON's null, as opposed to no value at all. */
export const is_variant_null = unary<boolean>('is_variant_null');
export const is_valid_variant = unary<boolean>('is_valid_variant');
/** The type of a value, as DDL: `OBJECT<id: BIGINT>`. */
export const schema_of_variant = unary<string | null>('schema_of_variant');
/** The type that all values fit. */
export const schema_of_variant_agg = unary<string | null>('schema_of_variant_agg');
/** @param path `$.user.tags[0]` @param type in DDL; a value that cannot be cast fails the query. */
export const variant_get = (value: ColumnOrName, path: string | Column, type: string): Column =>
  call('variant_get', value, constant(path), constant(type));
/** As `variant_get`, null for a value that cannot be cast. */
export const try_variant_get = (value: ColumnOrName, path: string | Column, type: string): Column =>
  call('try_variant_get', value, constant(path), constant(type));
