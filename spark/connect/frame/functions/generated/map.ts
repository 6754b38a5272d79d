// Maps; and generators, which make rows of maps and arrays.
// Generated from tools/functions/table/map.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant } from '../call.js';
import type { ExplodedOf, KeysOf, MappedValuesOf } from '../types.js';

// Maps.

/**
 * Creates a map with the given key/value pairs.
 * @since 2.0.0
 * @example df.select(f.create_map(f.lit('name'), 'name', f.lit('tag'), f.lit('a')))
 */
export function create_map(...values: readonly Argument[]): Column {
  return call('map', ...values);
}

/**
 * Returns an unordered array containing the keys of the map.
 * @since 2.0.0
 * @example df.select(f.map_keys('attributes'))
 */
export function map_keys<T = Any>(map: Column<T> | string): Column<KeysOf<T>> {
  return call('map_keys', map);
}

/**
 * Returns an unordered array containing the values of the map.
 * @since 2.0.0
 * @example df.select(f.map_values('attributes'))
 */
export function map_values<T = Any>(map: Column<T> | string): Column<MappedValuesOf<T>> {
  return call('map_values', map);
}

/**
 * Returns an unordered array of all entries in the given map.
 * @since 3.0.0
 * @example df.select(f.map_entries('attributes'))
 */
export function map_entries(map: ColumnOrName): Column {
  return call('map_entries', map);
}

/**
 * Creates a map with a pair of the given key/value arrays.
 * @since 2.4.0
 * @example df.select(f.map_from_arrays('tags', 'scores'))
 */
export function map_from_arrays(keys: Argument, values: Argument): Column {
  return call('map_from_arrays', keys, values);
}

/**
 * Returns a map created from the given array of entries.
 * @since 2.4.0
 * @example df.select(f.map_from_entries('entries'))
 */
export function map_from_entries(arrayOfEntries: ColumnOrName): Column {
  return call('map_from_entries', arrayOfEntries);
}

/**
 * Returns the union of all the given maps.
 * @since 2.4.0
 * @example df.select(f.map_concat('attributes', f.create_map(f.lit('size'), f.lit('L'))))
 */
export function map_concat(...values: readonly Argument[]): Column {
  return call('map_concat', ...values);
}

/**
 * Returns true if the map contains the key.
 * @since 3.3.0
 * @example df.select(f.map_contains_key('attributes', 'color'))
 */
export function map_contains_key(map: ColumnOrName, key: unknown): Column<boolean | null> {
  return call('map_contains_key', map, constant(key));
}

// Generators: one in a select, which gets as many rows as there are elements. The `_outer` ones keep a row, of nulls, where there are none.

/**
 * Separates the elements of array `collection` into multiple rows, or the elements of map `collection` into multiple
 * rows and columns.
 * @since 1.0.0
 * @example df.select(f.explode('tags'))
 */
export function explode<T = Any>(collection: Column<T> | string): Column<ExplodedOf<T>> {
  return call('explode', collection);
}

/**
 * Separates the elements of array `collection` into multiple rows, or the elements of map `collection` into multiple
 * rows and columns.
 * @since 1.0.0
 * @example df.select(f.explode_outer('tags'))
 */
export function explode_outer<T = Any>(collection: Column<T> | string): Column<ExplodedOf<T> | null> {
  return call('explode_outer', collection);
}

/**
 * Separates the elements of array `collection` into multiple rows with positions, or the elements of map `collection`
 * into multiple rows and columns with positions. Columns `pos`, from 0, and `col`, or `key` and `value`.
 * @since 2.0.0
 * @example df.select(f.posexplode('tags'))
 */
export function posexplode(collection: ColumnOrName): Column {
  return call('posexplode', collection);
}

/**
 * Separates the elements of array `collection` into multiple rows with positions, or the elements of map `collection`
 * into multiple rows and columns with positions.
 * @since 2.0.0
 * @example df.select(f.posexplode_outer('tags'))
 */
export function posexplode_outer(collection: ColumnOrName): Column {
  return call('posexplode_outer', collection);
}

/**
 * Explodes an array of structs into a table. Each field becomes a column.
 * @since 2.0.0
 * @example df.select(f.inline('items'))
 */
export function inline(structs: ColumnOrName): Column {
  return call('inline', structs);
}

/**
 * Explodes an array of structs into a table.
 * @since 2.0.0
 * @example df.select(f.inline_outer('items'))
 */
export function inline_outer(structs: ColumnOrName): Column {
  return call('inline_outer', structs);
}

/**
 * The values as `rows` rows, with columns col0, col1, …
 * @since 2.0.0
 * @example df.select(f.stack(2, 'name', 'full_name'))
 */
export function stack(rows: number, ...values: readonly Argument[]): Column {
  return call('stack', rows, ...values);
}
