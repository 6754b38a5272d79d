// Functions that take functions.
import {
  aggregate,
  array_sort,
  concat,
  exists,
  filter,
  forall,
  lit,
  map_filter,
  map_zip_with,
  reduce,
  transform,
  transform_keys,
  transform_values,
  upper,
  when,
  zip_with,
} from '../../../spark/connect/index.js';
import type { Case } from '../case.js';

export const lambdaCases: readonly Case[] = [
  ['functions.transform', () => transform('arr', (e) => e.multiply(2)), "F.transform('arr', lambda e: e * 2)"],
  [
    'functions.transform: with the position',
    () => transform('arr', (e, at) => e.plus(at)),
    "F.transform('arr', lambda e, at: e + at)",
  ],
  [
    'functions.transform: nested',
    () => transform('arr', (e) => transform('arr', (f) => e.plus(f))),
    "F.transform('arr', lambda e: F.transform('arr', lambda f: e + f))",
  ],
  ['functions.filter', () => filter('arr', (e) => e.gt(1)), "F.filter('arr', lambda e: e > 1)"],
  [
    'functions.filter: with the position',
    () => filter('arr', (_, at) => at.gt(0)),
    "F.filter('arr', lambda e, at: at > 0)",
  ],
  ['functions.exists', () => exists('arr', (e) => e.gt(1)), "F.exists('arr', lambda e: e > 1)"],
  ['functions.forall', () => forall('arr', (e) => e.gt(1)), "F.forall('arr', lambda e: e > 1)"],
  [
    'functions.aggregate',
    () => aggregate('arr', lit(0), (sum, e) => sum.plus(e)),
    "F.aggregate('arr', F.lit(0), lambda s, e: s + e)",
  ],
  [
    'functions.aggregate: finished',
    () =>
      aggregate(
        'arr',
        lit(0),
        (sum, e) => sum.plus(e),
        (sum) => sum.multiply(10),
      ),
    "F.aggregate('arr', F.lit(0), lambda s, e: s + e, lambda s: s * 10)",
  ],
  [
    'functions.reduce',
    () => reduce('arr', lit(0), (sum, e) => sum.plus(e)),
    "F.reduce('arr', F.lit(0), lambda s, e: s + e)",
  ],
  [
    'functions.array_sort: by a comparator',
    () => array_sort('arr', (a, b) => when(a.gt(b), lit(-1)).when(a.lt(b), lit(1)).otherwise(lit(0))),
    "F.array_sort('arr', lambda a, b: F.when(a > b, F.lit(-1)).when(a < b, F.lit(1)).otherwise(F.lit(0)))",
  ],
  ['functions.array_sort', () => array_sort('arr'), "F.array_sort('arr')"],
  [
    'functions.zip_with',
    () => zip_with('arr', 'arr', (a, b) => a.plus(b)),
    "F.zip_with('arr', 'arr', lambda a, b: a + b)",
  ],
  [
    'functions.map_filter',
    () => map_filter('m', (k, v) => k.eq('k').and(v.gt(0))),
    "F.map_filter('m', lambda k, v: (k == 'k') & (v > 0))",
  ],
  [
    'functions.map_zip_with',
    () => map_zip_with('m', 'm', (_, a, b) => a.plus(b)),
    "F.map_zip_with('m', 'm', lambda k, a, b: a + b)",
  ],
  [
    'functions.transform_keys',
    () => transform_keys('m', (k) => upper(k)),
    "F.transform_keys('m', lambda k, v: F.upper(k))",
  ],
  [
    'functions.transform_values',
    () => transform_values('m', (k, v) => concat(k, v.cast('string'))),
    "F.transform_values('m', lambda k, v: F.concat(k, v.cast('string')))",
  ],
];
