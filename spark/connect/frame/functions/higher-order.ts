// Functions over the elements of arrays and maps, with callbacks: `transform(col('amounts'), (amount) => amount.multiply(2))`.
import { Column } from '../column.js';
import { argument, type ColumnOrName } from './call.js';
import { type Body, lambda } from './lambda.js';
import type { ElementOf, KeyOf, MappedOf } from './types.js';

type Nullable<T, Source> = T | Extract<Source, null>;

type Callback = (...parameters: Column[]) => unknown;

function callWith<T>(
  name: string,
  columns: readonly ColumnOrName[],
  ...lambdas: readonly [Callback, 1 | 2 | 3][]
): Column<T> {
  return new Column({
    kind: 'function',
    name,
    arguments: [...columns.map(argument), ...lambdas.map(([callback, arity]) => lambda(callback, arity))],
  });
}

/**
 * Each element changed. The callback may take the position, from 0, too.
 * @since 2.4.0
 * @example df.select(f.transform('tags', (tag) => f.upper(tag)))
 */
export function transform<T, V>(
  array: Column<T> | string,
  change: (element: Column<ElementOf<T>>, index: Column<number>) => Body<V>,
): Column<Nullable<V[], T>> {
  // Spark gives the position only to lambdas of two parameters.
  return callWith('transform', [array], [change as Callback, change.length > 1 ? 2 : 1]);
}

/**
 * The elements that the condition is true for. The callback may take the position, from 0, too.
 * @since 2.4.0
 * @example df.select(f.filter('scores', (score) => score.gt(1)))
 */
export function filter<T>(
  array: Column<T> | string,
  condition: (element: Column<ElementOf<T>>, index: Column<number>) => Body<boolean | null>,
): Column<T> {
  return callWith('filter', [array], [condition as Callback, condition.length > 1 ? 2 : 1]);
}

/**
 * Whether the condition is true for any element.
 * @since 2.4.0
 * @example df.select(f.exists('scores', (score) => score.gt(1)))
 */
export function exists<T>(
  array: Column<T> | string,
  condition: (element: Column<ElementOf<T>>) => Body<boolean | null>,
): Column<boolean | null> {
  return callWith('exists', [array], [condition as Callback, 1]);
}

/**
 * Whether the condition is true for every element.
 * @since 3.0.0
 * @example df.select(f.forall('scores', (score) => score.gt(1)))
 */
export function forall<T>(
  array: Column<T> | string,
  condition: (element: Column<ElementOf<T>>) => Body<boolean | null>,
): Column<boolean | null> {
  return callWith('forall', [array], [condition as Callback, 1]);
}

/**
 * Folds an array, from the first element: `merge(merge(start, a), b)…`, then `finish`. What `merge` returns must have exactly the type of
 * `start`; cast where Spark says DATATYPE_MISMATCH.
 * @since 2.4.0
 * @example df.select(f.aggregate('scores', f.lit(0), (sum, score) => sum.plus(score)))
 */
export function aggregate<T, State>(
  array: Column<T> | string,
  start: Column<State>,
  merge: (state: Column<State>, element: Column<ElementOf<T>>) => Column,
): Column<State>;
export function aggregate<T, State, Result>(
  array: Column<T> | string,
  start: Column<State>,
  merge: (state: Column<State>, element: Column<ElementOf<T>>) => Column,
  finish: (state: Column<State>) => Column<Result>,
): Column<Result>;
export function aggregate(array: ColumnOrName, start: Column, merge: Callback, finish?: Callback): Column {
  return fold('aggregate', array, start, merge, finish);
}

/**
 * Same as `aggregate`.
 * @since 3.4.0
 * @example df.select(f.reduce('scores', f.lit(0), (sum, score) => sum.plus(score), (sum) => sum.multiply(2)))
 */
export const reduce = ((array: ColumnOrName, start: Column, merge: Callback, finish?: Callback) =>
  fold('reduce', array, start, merge, finish)) as typeof aggregate;

function fold(name: string, array: ColumnOrName, start: Column, merge: Callback, finish?: Callback): Column {
  return callWith(name, [array, start], [merge, 2], ...(finish === undefined ? [] : [[finish, 1] as [Callback, 1]]));
}

/**
 * Sorted by the comparator: negative if the left element comes first, positive if the right one does, 0 if equal. Without one ascending, nulls
 * last (`sort_array` puts them first and can descend).
 * @since 2.4.0
 * @example df.select(f.array_sort('scores', (left, right) => right.minus(left)))
 */
export function array_sort<T>(
  array: Column<T> | string,
  comparator?: (left: Column<ElementOf<T>>, right: Column<ElementOf<T>>) => Body<number | null>,
): Column<T> {
  return comparator === undefined
    ? callWith('array_sort', [array])
    : callWith('array_sort', [array], [comparator as Callback, 2]);
}

/**
 * Two arrays merged element by element; the shorter is filled with nulls.
 * @since 2.4.0
 * @example df.select(f.zip_with('scores', 'tags', (score, tag) => f.struct(tag.alias('tag'), score.alias('score'))))
 */
export function zip_with<T, U, V>(
  left: Column<T> | string,
  right: Column<U> | string,
  merge: (left: Column<ElementOf<T> | null>, right: Column<ElementOf<U> | null>) => Body<V>,
): Column<V[] | null> {
  return callWith('zip_with', [left, right], [merge as Callback, 2]);
}

/**
 * The entries that the condition is true for.
 * @since 3.0.0
 * @example df.select(f.map_filter('attributes', (key, value) => f.startswith(value, key)))
 */
export function map_filter<T>(
  map: Column<T> | string,
  condition: (key: Column<KeyOf<T>>, value: Column<MappedOf<T>>) => Body<boolean | null>,
): Column<T> {
  return callWith('map_filter', [map], [condition as Callback, 2]);
}

/**
 * Each key changed; two that become the same are an error.
 * @since 3.0.0
 * @example df.select(f.transform_keys('attributes', (key) => f.upper(key)))
 */
export function transform_keys<T, V>(
  map: Column<T> | string,
  change: (key: Column<KeyOf<T>>, value: Column<MappedOf<T>>) => Body<V>,
): Column<Nullable<Map<V, MappedOf<T>>, T>> {
  return callWith('transform_keys', [map], [change as Callback, 2]);
}

/**
 * Each value changed.
 * @since 3.0.0
 * @example df.select(f.transform_values('attributes', (key, value) => f.concat(key, value)))
 */
export function transform_values<T, V>(
  map: Column<T> | string,
  change: (key: Column<KeyOf<T>>, value: Column<MappedOf<T>>) => Body<V>,
): Column<Nullable<Map<KeyOf<T>, V>, T>> {
  return callWith('transform_values', [map], [change as Callback, 2]);
}

/**
 * Two maps merged key by key; where one lacks it, its value is null.
 * @since 3.0.0
 * @example df.select(f.map_zip_with('attributes', 'attributes', (key, left, right) => f.concat(key, left, right)))
 */
export function map_zip_with<T, U, V>(
  left: Column<T> | string,
  right: Column<U> | string,
  merge: (key: Column<KeyOf<T>>, left: Column<MappedOf<T> | null>, right: Column<MappedOf<U> | null>) => Body<V>,
): Column<Map<KeyOf<T>, V> | null> {
  return callWith('map_zip_with', [left, right], [merge as Callback, 3]);
}
