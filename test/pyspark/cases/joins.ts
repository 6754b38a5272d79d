// Joins beyond the plain one, and frames as subqueries of others.
import { col, count, lit, struct, sum } from '../../../spark/connect/index.js';
import type { Case } from '../case.js';

export const joinCases: readonly Case[] = [
  ...(['inner', 'left', 'left_outer', 'right', 'full', 'semi', 'left_semi', 'anti', 'left_anti', 'outer'] as const).map(
    (how): Case => [
      `DataFrame.join: ${how}`,
      ({ df, other }) => df.join(other, 'id', how),
      `df.join(other, 'id', '${how}')`,
    ],
  ),
  [
    'DataFrame.lateralJoin',
    ({ spark, df }) => df.lateralJoin(spark.tvf.explode(col('arr').outer())),
    "df.lateralJoin(spark.tvf.explode(F.col('arr').outer()))",
  ],
  [
    'DataFrame.lateralJoin: left, on a condition',
    ({ df, other }) =>
      df.lateralJoin(other.filter(col('id').eq(col('items.id').outer())).select('label'), lit(true), 'left'),
    "df.lateralJoin(other.filter(F.col('id') == F.col('items.id').outer()).select('label'), F.lit(True), 'left')",
  ],
  [
    'DataFrame.nearestByJoin',
    ({ df, other }) =>
      df.nearestByJoin(other, df.col('id').minus(other.col('id')), {
        results: 1,
        mode: 'exact',
        direction: 'distance',
      }),
    "df.nearestByJoin(other, df['id'] - other['id'], 1, 'exact', 'distance')",
  ],
  ['DataFrame._joinAsOf', ({ df, other }) => df.joinAsOf(other, 'n', 'n'), "df._joinAsOf(other, 'n', 'n')"],
  [
    'DataFrame._joinAsOf: options',
    ({ df, other }) =>
      df.joinAsOf(other, df.col('n'), 'n', {
        on: 'id',
        how: 'left',
        tolerance: lit(2),
        allowExactMatches: false,
        direction: 'nearest',
      }),
    "df._joinAsOf(other, df['n'], 'n', on='id', how='left', tolerance=F.lit(2), allowExactMatches=False, direction='nearest')",
  ],
  [
    'DataFrame.scalar',
    ({ df, other }) => df.select('id', other.agg(sum('n')).scalar().as('all')),
    "df.select('id', other.agg(F.sum('n')).scalar().alias('all'))",
  ],
  [
    'DataFrame.scalar: in a filter',
    ({ df, other }) => df.filter(col('n').gt(other.agg(count(lit(1))).scalar())),
    "df.filter(F.col('n') > other.agg(F.count(F.lit(1))).scalar())",
  ],
  [
    'DataFrame.exists',
    ({ df, other }) => df.alias('i').filter(other.filter(col('id').eq(col('i.id').outer())).exists()),
    "df.alias('i').filter(other.filter(F.col('id') == F.col('i.id').outer()).exists())",
  ],
  [
    'Column.isin: a frame',
    ({ df, other }) => df.filter(col('id').isin(other.select('id'))),
    "df.filter(F.col('id').isin(other.select('id')))",
  ],
  [
    'Column.isin: a frame of two columns',
    ({ df, other }) => df.filter(struct('id', 'n').isin(other.select('id', 'n'))),
    "df.filter(F.struct('id', 'n').isin(other.select('id', 'n')))",
  ],
  [
    'DataFrame.scalar: twice, and used by its columns',
    ({ df, other }) => {
      const made = df.withColumn('a', other.agg(sum('n')).scalar()).withColumn('b', other.agg(count(lit(1))).scalar());
      return made.select(made.col('a'), made.col('b'));
    },
    `
made = df.withColumn('a', other.agg(F.sum('n')).scalar()).withColumn('b', other.agg(F.count(F.lit(1))).scalar())
result = made.select(made['a'], made['b'])`,
  ],
  ['Column.outer', () => col('n').outer(), "F.col('n').outer()"],
];
