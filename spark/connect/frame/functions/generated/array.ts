// Arrays. Positions count from 1, except in `get`.
// Generated from tools/functions/table/array.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { anySeed } from '../../seed.js';
import { type Argument, type ColumnOrName, call, constant, optional, present } from '../call.js';
import type { ElementOf } from '../types.js';

/**
 * Returns the size of an array or a map. Null for null (-1 with Spark's legacy setting).
 * @since 1.5.0
 * @example df.select(f.size('tags'))
 */
export function size(collection: ColumnOrName): Column<number> {
  return call('size', collection);
}

/**
 * Returns the size of an array.
 * @since 3.3.0
 * @example df.select(f.array_size('tags'))
 */
export function array_size(collection: ColumnOrName): Column<number | null> {
  return call('array_size', collection);
}

/**
 * Returns the size of an array or a map.
 * @since 2.4.0
 * @example df.select(f.cardinality('tags'))
 */
export function cardinality(collection: ColumnOrName): Column<number | null> {
  return call('cardinality', collection);
}

/**
 * Returns true if the array contains the value.
 * @since 1.5.0
 * @example df.select(f.array_contains('tags', 'a'))
 */
export function array_contains(array: ColumnOrName, value: unknown): Column<boolean | null> {
  return call('array_contains', array, constant(value));
}

/**
 * Returns the (1-based) index of the first matching element of the array as long, or 0 if no match is found.
 * @since 2.4.0
 * @example df.select(f.array_position('tags', 'a'))
 */
export function array_position(array: ColumnOrName, value: unknown): Column<bigint | null> {
  return call('array_position', array, constant(value));
}

/**
 * The array with the value at its end.
 * @since 3.4.0
 * @example df.select(f.array_append('tags', 'c'))
 */
export function array_append<T = Any>(array: Column<T> | string, value: unknown): Column<T> {
  return call('array_append', array, constant(value));
}

/**
 * The array with the value before its first element.
 * @since 3.5.0
 * @example df.select(f.array_prepend('tags', 'c'))
 */
export function array_prepend<T = Any>(array: Column<T> | string, value: unknown): Column<T> {
  return call('array_prepend', array, constant(value));
}

/**
 * The array with the value put before position `at`, from 1; negative from the end.
 * @since 3.4.0
 * @example df.select(f.array_insert('tags', 1, 'c'))
 */
export function array_insert<T = Any>(array: Column<T> | string, at: number | Column, value: unknown): Column<T> {
  return call('array_insert', array, at, constant(value));
}

/**
 * The array without the elements that equal the value.
 * @since 2.4.0
 * @example df.select(f.array_remove('tags', 'a'))
 */
export function array_remove<T = Any>(array: Column<T> | string, value: unknown): Column<T> {
  return call('array_remove', array, constant(value));
}

/**
 * Removes null values from the array.
 * @since 3.4.0
 * @example df.select(f.array_compact('tags'))
 */
export function array_compact<T = Any>(array: Column<T> | string): Column<T> {
  return call('array_compact', array);
}

/**
 * Removes duplicate values from the array.
 * @since 2.4.0
 * @example df.select(f.array_distinct('tags'))
 */
export function array_distinct<T = Any>(array: Column<T> | string): Column<T> {
  return call('array_distinct', array);
}

/**
 * The elements of `array1` that are not in `array2`, without duplicates.
 * @since 2.4.0
 * @example df.select(f.array_except('tags', 'tags'))
 */
export function array_except(array1: Argument, array2: Argument): Column {
  return call('array_except', array1, array2);
}

/**
 * The elements that are in both arrays, without duplicates.
 * @since 2.4.0
 * @example df.select(f.array_intersect('tags', 'tags'))
 */
export function array_intersect(array1: Argument, array2: Argument): Column {
  return call('array_intersect', array1, array2);
}

/**
 * The elements that are in either array, without duplicates.
 * @since 2.4.0
 * @example df.select(f.array_union('tags', 'tags'))
 */
export function array_union(array1: Argument, array2: Argument): Column {
  return call('array_union', array1, array2);
}

/**
 * Concatenates the elements of the given array using the delimiter and an optional string to replace nulls.
 * @param nullText stands for null elements, which are left out otherwise.
 * @since 2.4.0
 * @example df.select(f.array_join('tags', ', '))
 */
export function array_join(array: ColumnOrName, delimiter: string, nullText?: string): Column<string | null> {
  return call('array_join', array, constant(delimiter), ...optional(nullText));
}

/**
 * Returns the maximum value in the array.
 * @since 2.4.0
 * @example df.select(f.array_max('scores'))
 */
export function array_max<T = Any>(array: Column<T> | string): Column<ElementOf<T> | null> {
  return call('array_max', array);
}

/**
 * Returns the minimum value in the array.
 * @since 2.4.0
 * @example df.select(f.array_min('scores'))
 */
export function array_min<T = Any>(array: Column<T> | string): Column<ElementOf<T> | null> {
  return call('array_min', array);
}

/**
 * An array that has the value so many times.
 * @since 2.4.0
 * @example df.select(f.array_repeat('name', 2))
 */
export function array_repeat(value: Argument, times: number | Column): Column {
  return call('array_repeat', value, times);
}

/**
 * Sorts the input array in ascending or descending order according to the natural ordering of the array elements. Nulls
 * come first ascending and last descending.
 * @since 1.5.0
 * @example df.select(f.sort_array('tags'))
 */
export function sort_array<T = Any>(array: Column<T> | string, ascending = true): Column<T> {
  return call('sort_array', array, ascending);
}

/**
 * Returns a random permutation of the given array.
 * @since 2.4.0
 * @example df.select(f.shuffle('tags'))
 */
export function shuffle<T = Any>(array: Column<T> | string, seed: number | bigint | Column = anySeed()): Column<T> {
  return call('shuffle', array, seed);
}

/**
 * The part of an array that begins at `start` and has `length` elements.
 * @param start from 1; negative from the end.
 * @since 2.4.0
 * @example df.select(f.slice('tags', 2, 3))
 */
export function slice<T = Any>(array: Column<T> | string, start: number | Column, length: number | Column): Column<T> {
  return call('slice', array, start, length);
}

/**
 * Generates an array of elements from start to stop (inclusive), incrementing by step.
 * @since 2.4.0
 * @example df.select(f.sequence(f.lit(1), 'count'))
 */
export function sequence(start: Argument, stop: Argument, step?: Argument): Column {
  return call('sequence', start, stop, ...present(step));
}

/**
 * Transforms an array of arrays into a single array.
 * @since 2.4.0
 * @example df.select(f.flatten('matrix'))
 */
export function flatten<T = Any>(arrayOfArrays: Column<T> | string): Column<ElementOf<T> | null> {
  return call('flatten', arrayOfArrays);
}

/**
 * Whether both arrays have an element that is not null in common.
 * @since 2.4.0
 * @example df.select(f.arrays_overlap('tags', 'tags'))
 */
export function arrays_overlap(array1: Argument, array2: Argument): Column<boolean | null> {
  return call('arrays_overlap', array1, array2);
}

/**
 * Returns a merged array of structs in which the N-th struct contains all N-th values of input arrays.
 * @since 2.4.0
 * @example df.select(f.arrays_zip('tags', 'scores'))
 */
export function arrays_zip(...values: readonly Argument[]): Column {
  return call('arrays_zip', ...values);
}

/**
 * The element at a position from 0; null beyond the ends.
 * @since 3.4.0
 * @example df.select(f.get('tags', 0))
 */
export function get<T = Any>(array: Column<T> | string, index: number | Column): Column<ElementOf<T> | null> {
  return call('get', array, index);
}

/**
 * Returns element of array at given (1-based) index. Or the value of a map's key. Beyond the ends of an array an error,
 * see `try_element_at`.
 * @since 2.4.0
 * @example df.select(f.element_at('attributes', 'color'))
 */
export function element_at(collection: ColumnOrName, key: unknown): Column {
  return call('element_at', collection, constant(key));
}

/**
 * Returns element of array at given (1-based) index. Null instead of an error.
 * @since 3.3.0
 * @example df.select(f.try_element_at('tags', -1))
 */
export function try_element_at(collection: ColumnOrName, key: unknown): Column {
  return call('try_element_at', collection, constant(key));
}
