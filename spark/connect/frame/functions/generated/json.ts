// Text formats with a structure: JSON, CSV and XML.
// Generated from tools/functions/table/json.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant, optionsArgument } from '../call.js';
import type { FormatOptions } from '../types.js';

/**
 * A struct, map, array or variant as JSON text; fields that are null are left out.
 * @since 2.2.0
 * @example df.select(f.to_json(f.struct('name', 'amount')))
 */
export function to_json(value: Argument, options?: FormatOptions): Column<string | null> {
  return call('to_json', value, ...optionsArgument(options));
}

/**
 * Returns a CSV string with a given struct value.
 * @since 3.0.0
 * @example df.select(f.to_csv(f.struct('name', 'amount')))
 */
export function to_csv(value: Argument, options?: FormatOptions): Column<string | null> {
  return call('to_csv', value, ...optionsArgument(options));
}

/**
 * Returns a XML string with a given struct value.
 * @since 4.0.0
 * @example df.select(f.to_xml(f.struct('name', 'amount')))
 */
export function to_xml(value: Argument, options?: FormatOptions): Column<string | null> {
  return call('to_xml', value, ...optionsArgument(options));
}

/**
 * Returns schema in the DDL format of JSON string.
 * @since 2.4.0
 * @example df.select(f.schema_of_json('{"id": 1}'))
 */
export function schema_of_json(sample: string | Column, options?: FormatOptions): Column<string> {
  return call('schema_of_json', constant(sample), ...optionsArgument(options));
}

/**
 * Returns schema in the DDL format of CSV string.
 * @since 3.0.0
 * @example df.select(f.schema_of_csv('1,a'))
 */
export function schema_of_csv(sample: string | Column, options?: FormatOptions): Column<string> {
  return call('schema_of_csv', constant(sample), ...optionsArgument(options));
}

/**
 * Returns schema in the DDL format of XML string.
 * @since 4.0.0
 * @example df.select(f.schema_of_xml('<a><b>1</b></a>'))
 */
export function schema_of_xml(sample: string | Column, options?: FormatOptions): Column<string> {
  return call('schema_of_xml', constant(sample), ...optionsArgument(options));
}

/**
 * Extracts a json object from `path`.
 * @param path `$.user.tags[0]`
 * @since 1.5.0
 * @example df.select(f.get_json_object('payload', '$.id'))
 */
export function get_json_object(json: Argument, path: string | Column): Column<string | null> {
  return call('get_json_object', json, constant(path));
}

/**
 * Returns a tuple like the function get_json_object, but it takes multiple names. As columns c0, c1, …
 * @since 1.6.0
 * @example df.select(f.json_tuple('payload', 'id'))
 */
export function json_tuple(json: Argument, ...fields: readonly string[]): Column<string | null> {
  return call('json_tuple', json, ...fields.map(constant));
}

/**
 * Returns the number of elements in the outermost JSON array.
 * @since 3.1.0
 * @example df.select(f.json_array_length('payload'))
 */
export function json_array_length(json: ColumnOrName): Column<number | null> {
  return call('json_array_length', json);
}

/**
 * Returns all the keys of the outermost JSON object as an array.
 * @since 3.1.0
 * @example df.select(f.json_object_keys('payload'))
 */
export function json_object_keys(json: ColumnOrName): Column<string[] | null> {
  return call('json_object_keys', json);
}
