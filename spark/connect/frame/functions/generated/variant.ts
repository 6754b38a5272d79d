// Variants: JSON-like values of any shape in binary.
// Generated from tools/functions/table/variant.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type ColumnOrName, call, constant } from '../call.js';

/**
 * Parse a JSON string as a Variant value. Fails the query on text that is not JSON.
 * @since 4.0.0
 * @example df.select(f.parse_json('payload'))
 */
export function parse_json(json: ColumnOrName): Column {
  return call('parse_json', json);
}

/**
 * Parse a JSON string as a Variant value. Null for text that is not JSON.
 * @since 4.0.0
 * @example df.select(f.try_parse_json('payload'))
 */
export function try_parse_json(json: ColumnOrName): Column {
  return call('try_parse_json', json);
}

/**
 * Convert a nested input (array/map/struct) into a variant where maps and structs are converted to variant objects
 * which are unordered unlike SQL structs.
 * @since 4.0.0
 * @example df.select(f.to_variant_object('items'))
 */
export function to_variant_object(value: ColumnOrName): Column {
  return call('to_variant_object', value);
}

/**
 * Check if a variant value is a variant null. JSON's null, as opposed to no value at all.
 * @since 4.0.0
 * @example df.select(f.is_variant_null('document'))
 */
export function is_variant_null(document: ColumnOrName): Column<boolean> {
  return call('is_variant_null', document);
}

/**
 * Returns true if the variant is valid, false if it is malformed, NULL if `document` is NULL.
 * @since 4.2.0
 * @example df.select(f.is_valid_variant('document'))
 */
export function is_valid_variant(document: ColumnOrName): Column<boolean> {
  return call('is_valid_variant', document);
}

/**
 * Returns schema in the SQL format of a variant. Such as `OBJECT<id: BIGINT>`.
 * @since 4.0.0
 * @example df.select(f.schema_of_variant('document'))
 */
export function schema_of_variant(document: ColumnOrName): Column<string | null> {
  return call('schema_of_variant', document);
}

/**
 * Returns the merged schema in the SQL format of a variant column. All values fit it.
 * @since 4.0.0
 * @example df.agg(f.schema_of_variant_agg('document'))
 */
export function schema_of_variant_agg(document: ColumnOrName): Column<string | null> {
  return call('schema_of_variant_agg', document);
}

/**
 * Extracts a sub-variant from `document` according to `path`, and then cast the sub-variant to `type`.
 * @param path `$.user.tags[0]`
 * @param type in DDL; a value that cannot be cast fails the query.
 * @since 4.0.0
 * @example df.select(f.variant_get('document', '$.id', 'int'))
 */
export function variant_get(document: ColumnOrName, path: string | Column, type: string): Column {
  return call('variant_get', document, constant(path), constant(type));
}

/**
 * Extracts a sub-variant from `document` according to `path`, and then cast the sub-variant to `type`. Null for a value
 * that cannot be cast.
 * @since 4.0.0
 * @example df.select(f.try_variant_get('document', '$.id', 'int'))
 */
export function try_variant_get(document: ColumnOrName, path: string | Column, type: string): Column {
  return call('try_variant_get', document, constant(path), constant(type));
}
