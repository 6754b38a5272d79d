// GroupedData, windows, missing values and statistics.
import { avg, col, count, lit, row_number, sum, Window } from '../../../spark/connect/index.js';
import type { Case } from '../case.js';

const ROUNDED = 'sums of DOUBLE depend on the order of the rows';

export const groupCases: readonly Case[] = [
  [
    'GroupedData.agg',
    ({ df }) => df.groupBy('s').agg(sum('n'), avg('n')),
    "df.groupBy('s').agg(F.sum('n'), F.avg('n'))",
  ],
  ['GroupedData.agg: by name', ({ df }) => df.groupBy('s').agg({ n: 'max' }), "df.groupBy('s').agg({'n': 'max'})"],
  [
    'GroupedData.agg: all by name',
    ({ df }) => df.groupBy('s').agg({ '*': 'count' }),
    "df.groupBy('s').agg({'*': 'count'})",
    { differs: 'count(1) at once, which is what Spark makes of count(*)' },
  ],
  ['GroupedData.count', ({ df }) => df.groupBy('s').count(), "df.groupBy('s').count()"],
  ['GroupedData.sum', ({ df }) => df.groupBy('s').sum('n'), "known.groupBy('s').sum('n')"],
  ['GroupedData.avg', ({ df }) => df.groupBy('s').avg('n', 'id'), "known.groupBy('s').avg('n', 'id')"],
  ['GroupedData.mean', ({ df }) => df.groupBy('s').mean('n'), "known.groupBy('s').mean('n')"],
  ['GroupedData.min', ({ df }) => df.groupBy('s').min('n'), "known.groupBy('s').min('n')"],
  ['GroupedData.max', ({ df }) => df.groupBy('s').max('n'), "known.groupBy('s').max('n')"],
  [
    'GroupedData.pivot',
    ({ df }) => df.groupBy('b').pivot('s', ['apple', 'pear']).agg(sum('n')),
    "df.groupBy('b').pivot('s', ['apple', 'pear']).agg(F.sum('n'))",
  ],
  [
    'GroupedData.pivot: no values',
    ({ df }) => df.groupBy('b').pivot('s').sum('n'),
    "known.groupBy('b').pivot('s').sum('n')",
  ],
  [
    'DataFrame.groupBy: an expression',
    ({ df }) => df.groupBy(col('n').mod(2).as('odd')).agg(count(lit(1))),
    "df.groupBy((F.col('n') % 2).alias('odd')).agg(F.count(F.lit(1)))",
  ],
  ['DataFrame.groupBy: nothing', ({ df }) => df.groupBy().agg(sum('n')), "df.groupBy().agg(F.sum('n'))"],
  [
    'Window.partitionBy',
    () => row_number().over(Window.partitionBy('s').orderBy('id')),
    "F.row_number().over(Window.partitionBy('s').orderBy('id'))",
  ],
  [
    'Window.orderBy',
    () => row_number().over(Window.orderBy(col('id').desc())),
    "F.row_number().over(Window.orderBy(F.col('id').desc()))",
  ],
  [
    'Window.rowsBetween',
    () => sum('n').over(Window.rowsBetween(-1, 1).orderBy('id')),
    "F.sum('n').over(Window.rowsBetween(-1, 1).orderBy('id'))",
  ],
  [
    'Window.rangeBetween',
    () => sum('n').over(Window.rangeBetween(Window.unboundedPreceding, Window.currentRow).orderBy('id')),
    "F.sum('n').over(Window.rangeBetween(Window.unboundedPreceding, Window.currentRow).orderBy('id'))",
  ],
  [
    'Window.unboundedFollowing',
    () => sum('n').over(Window.orderBy('id').rowsBetween(Window.currentRow, Window.unboundedFollowing)),
    "F.sum('n').over(Window.orderBy('id').rowsBetween(Window.currentRow, Window.unboundedFollowing))",
  ],
  [
    'WindowSpec.rangeBetween',
    () => sum('n').over(Window.partitionBy('s').orderBy('id').rangeBetween(-2, 2)),
    "F.sum('n').over(Window.partitionBy('s').orderBy('id').rangeBetween(-2, 2))",
  ],
  [
    'WindowSpec.rowsBetween',
    () => sum('n').over(Window.partitionBy('s').orderBy('id').rowsBetween(-2, 0)),
    "F.sum('n').over(Window.partitionBy('s').orderBy('id').rowsBetween(-2, 0))",
  ],
  [
    'WindowSpec.partitionBy',
    () => sum('n').over(Window.orderBy('id').partitionBy('s', 'b')),
    "F.sum('n').over(Window.orderBy('id').partitionBy('s', 'b'))",
  ],
  [
    'WindowSpec.orderBy',
    () => sum('n').over(Window.partitionBy('s').orderBy('id', 'n')),
    "F.sum('n').over(Window.partitionBy('s').orderBy('id', 'n'))",
  ],
  ['DataFrameNaFunctions.fill', ({ df }) => df.na.fill(0), 'df.na.fill(0)'],
  ['DataFrameNaFunctions.fill: text', ({ df }) => df.na.fill('none', ['s']), "df.na.fill('none', ['s'])"],
  ['DataFrameNaFunctions.fill: double', ({ df }) => df.na.fill(1.5, ['x']), "df.na.fill(1.5, ['x'])"],
  ['DataFrameNaFunctions.fill: by column', ({ df }) => df.na.fill({ n: 1, s: 'x' }), "df.na.fill({'n': 1, 's': 'x'})"],
  ['DataFrame.fillna', ({ df }) => df.na.fill(true), 'df.fillna(True)'],
  ['DataFrameNaFunctions.drop', ({ df }) => df.na.drop(), 'df.na.drop()'],
  [
    'DataFrameNaFunctions.drop: all',
    ({ df }) => df.na.drop('all', { columns: ['n', 's'] }),
    "df.na.drop('all', subset=['n', 's'])",
  ],
  ['DataFrameNaFunctions.drop: at least', ({ df }) => df.na.drop('any', { minNonNulls: 3 }), 'df.na.drop(thresh=3)'],
  ['DataFrame.dropna', ({ df }) => df.na.drop('any', { columns: ['s'] }), "df.dropna(subset=['s'])"],
  [
    'DataFrameNaFunctions.replace',
    ({ df }) => df.na.replace(new Map([['apple', 'plum']]), ['s']),
    "df.na.replace({'apple': 'plum'}, subset=['s'])",
  ],
  ['DataFrame.replace', ({ df }) => df.na.replace(new Map([[1, 10]]), ['n']), "df.replace(1, 10, ['n'])"],
  ['DataFrameStatFunctions.corr', ({ df }) => df.stat.corr('n', 'id'), "df.stat.corr('n', 'id')"],
  ['DataFrameStatFunctions.cov', ({ df }) => df.stat.cov('n', 'id'), "df.stat.cov('n', 'id')"],
  [
    'DataFrameStatFunctions.approxQuantile',
    ({ df }) => df.stat.approxQuantile(['n'], [0.25, 0.5], 0),
    "df.stat.approxQuantile(['n'], [0.25, 0.5], 0.0)",
  ],
  ['DataFrameStatFunctions.crosstab', ({ df }) => df.stat.crosstab('s', 'b'), "df.stat.crosstab('s', 'b')"],
  ['DataFrameStatFunctions.freqItems', ({ df }) => df.stat.freqItems(['s'], 0.4), "df.stat.freqItems(['s'], 0.4)"],
  ['DataFrameStatFunctions.freqItems: default', ({ df }) => df.stat.freqItems(['s']), "df.stat.freqItems(['s'])"],
  [
    'DataFrameStatFunctions.sampleBy',
    ({ df }) => df.stat.sampleBy('s', new Map([['apple', 1]]), 5n),
    "df.stat.sampleBy('s', {'apple': 1.0}, 5)",
  ],
  ['DataFrame.corr', ({ df }) => df.stat.corr('n', 'id'), "df.corr('n', 'id')"],
  ['DataFrame.cov', ({ df }) => df.stat.cov('n', 'id'), "df.cov('n', 'id')"],
  ['DataFrame.crosstab', ({ df }) => df.stat.crosstab('s', 'b'), "df.crosstab('s', 'b')"],
  ['DataFrame.freqItems', ({ df }) => df.stat.freqItems(['s'], 0.4), "df.freqItems(['s'], 0.4)"],
  [
    'DataFrame.approxQuantile',
    ({ df }) => df.stat.approxQuantile(['n'], [0.5], 0.1),
    "df.approxQuantile(['n'], [0.5], 0.1)",
  ],
  [
    'DataFrame.sampleBy',
    ({ df }) => df.stat.sampleBy('s', new Map([['apple', 0.5]]), 5n),
    "df.sampleBy('s', {'apple': 0.5}, 5)",
  ],
  ['DataFrame.agg: by name', ({ df }) => df.groupBy().agg({ n: 'sum' }), "df.agg({'n': 'sum'})"],
  ['functions.avg: of DOUBLE', ({ df }) => df.agg(avg('x')), "df.agg(F.avg('x'))", { notRun: ROUNDED }],
];
