// Arrays, maps and structs; and generators, which make rows of them.
import type { Any, IsUntyped } from '../../types/any.js';
import type { Column } from '../column.js';
import { anySeed } from '../seed.js';
import { type Argument, binary, type ColumnOrName, call, constant, unary, variadic } from './call.js';

type ElementOf<T> =
  IsUntyped<T> extends true ? Any : NonNullable<T> extends readonly (infer Element)[] ? Element : never;

// Arrays. Positions count from 1, except in `get`.

/** How many elements or entries; null for null (-1 with Spark's legacy setting). */
export const size = unary<number>('size');
export const array_size = unary<number | null>('array_size');
export const cardinality = unary<number | null>('cardinality');
export const array_contains = (array: ColumnOrName, value: unknown): Column<boolean | null> =>
  call('array_contains', array, constant(value));
/** From 1; 0 if it is not there. */
export const array_position = (array: ColumnOrName, value: unknown): Column<bigint | null> =>
  call('array_position', array, constant(value));
export const array_append = (array: ColumnOrName, value: unknown): Column =>
  call('array_append', array, constant(value));
export const array_prepend = (array: ColumnOrName, value: unknown): Column =>
  call('array_prepend', array, constant(value));
/** Before position `at`, from 1; negative from the end. */
export const array_insert = (array: ColumnOrName, at: number | Column, value: unknown): Column =>
  call('array_insert', array, at, constant(value));
/** Without the elements that equal the value. */
export const array_remove = (array: ColumnOrName, value: unknown): Column =>
  call('array_remove', array, constant(value));
/** Without nulls. */
export const array_compact = unary<Any>('array_compact');
export const array_distinct = unary<Any>('array_distinct');
export const array_except = binary<Any>('array_except');
export const array_intersect = binary<Any>('array_intersect');
export const array_union = binary<Any>('array_union');
/** @param nullText stands for null elements, which are left out otherwise. */
export const array_join = (array: ColumnOrName, delimiter: string, nullText?: string): Column<string | null> =>
  call('array_join', array, constant(delimiter), ...(nullText === undefined ? [] : [constant(nullText)]));
export function array_max<T>(array: Column<T> | string): Column<ElementOf<T> | null> {
  return call('array_max', array);
}
export function array_min<T>(array: Column<T> | string): Column<ElementOf<T> | null> {
  return call('array_min', array);
}
export const array_repeat = (value: Argument, times: number | Column): Column => call('array_repeat', value, times);
/** Nulls come first ascending and last descending. */
export function sort_array<T>(array: Column<T> | string, ascending = true): Column<T> {
  return call('sort_array', array, ascending);
}
/** The elements in an order of chance. */
export const shuffle = (array: ColumnOrName, seed: number | bigint | Column = anySeed()): Column =>
  call('shuffle', array, seed);
/** @param start from 1; negative from the end. */
export const slice = (array: ColumnOrName, start: number | Column, length: number | Column): Column =>
  call('slice', array, start, length);
/** From start to stop, both included. */
export const sequence = (start: Argument, stop: Argument, step?: Argument): Column =>
  step === undefined ? call('sequence', start, stop) : call('sequence', start, stop, step);
/** An array of arrays as one. */
export const flatten = unary<Any>('flatten');
export const arrays_overlap = binary<boolean | null>('arrays_overlap');
/** Arrays side by side as an array of structs. */
export const arrays_zip = variadic<Any>('arrays_zip');
/** The element at a position from 0; null beyond the ends. */
export function get<T>(array: Column<T> | string, index: number | Column): Column<ElementOf<T> | null> {
  return call('get', array, index);
}
/** The element at a position from 1 or the value of a key; beyond the ends of an array an error, see `try_element_at`. */
export const element_at = (collection: ColumnOrName, key: unknown): Column =>
  call('element_at', collection, constant(key));
export const try_element_at = (collection: ColumnOrName, key: unknown): Column =>
  call('try_element_at', collection, constant(key));

// Maps.

/** Keys and values in turn. */
export const create_map = variadic<Any>('map');
export const map_keys = unary<Any>('map_keys');
export const map_values = unary<Any>('map_values');
export const map_entries = unary<Any>('map_entries');
export const map_from_arrays = binary<Any>('map_from_arrays');
export const map_from_entries = unary<Any>('map_from_entries');
export const map_concat = variadic<Any>('map_concat');
export const map_contains_key = (map: ColumnOrName, key: unknown): Column<boolean | null> =>
  call('map_contains_key', map, constant(key));

// Generators: one in a select, which gets as many rows as there are elements. The `_outer` ones keep a row, of nulls, where there are none.

/** A column `col`, of a map `key` and `value`. */
export function explode<T>(collection: Column<T> | string): Column<ElementOf<T>> {
  return call('explode', collection);
}
export function explode_outer<T>(collection: Column<T> | string): Column<ElementOf<T> | null> {
  return call('explode_outer', collection);
}
/** Columns `pos`, from 0, and `col`, or `key` and `value`. */
export const posexplode = unary<Any>('posexplode');
export const posexplode_outer = unary<Any>('posexplode_outer');
/** An array of structs as rows, each field a column. */
export const inline = unary<Any>('inline');
export const inline_outer = unary<Any>('inline_outer');
/** The values as `rows` rows. */
export const stack = (rows: number, ...values: readonly Argument[]): Column => call('stack', rows, ...values);
