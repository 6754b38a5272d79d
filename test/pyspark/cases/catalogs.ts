// Catalog, and what a frame does besides rows: views, questions about its plan.
import { integer, structType } from '../../../spark/connect/index.js';
import type { Case } from '../case.js';

const CHANGES = 'it changes what is at the server';

/** Those that take nothing, or one name. */
const SIMPLE: readonly (readonly [name: Name, ...args: string[]])[] = [
  ['currentCatalog'],
  ['setCurrentCatalog', 'c'],
  ['listCatalogs'],
  ['listCatalogs', '*'],
  ['currentDatabase'],
  ['setCurrentDatabase', 'd'],
  ['listDatabases'],
  ['listDatabases', '*'],
  ['getDatabase', 'd'],
  ['databaseExists', 'd'],
  ['dropDatabase', 'd'],
  ['createDatabase', 'd'],
  ['listTables'],
  ['listTables', 'd', 'p*'],
  ['getTable', 't'],
  ['tableExists', 't'],
  ['listColumns', 't'],
  ['listPartitions', 't'],
  ['getTableProperties', 't'],
  ['getCreateTableString', 't'],
  ['createTable', 't'],
  ['dropTable', 't'],
  ['truncateTable', 't'],
  ['analyzeTable', 't'],
  ['recoverPartitions', 't'],
  ['refreshTable', 't'],
  ['refreshByPath', '/p'],
  ['listViews'],
  ['listViews', 'd', 'p*'],
  ['dropView', 'v'],
  ['dropTempView', 'v'],
  ['dropGlobalTempView', 'v'],
  ['cacheTable', 't'],
  ['isCached', 't'],
  ['uncacheTable', 't'],
  ['clearCache'],
  ['listFunctions'],
  ['listFunctions', 'd', 'a*'],
  ['getFunction', 'f'],
  ['functionExists', 'f'],
];

type Name = keyof import('../../../spark/connect/index.js').Catalog;

export const catalogCases: readonly Case[] = [
  ...SIMPLE.map(
    ([name, ...args]): Case => [
      `Catalog.${name}${args.length === 0 ? '' : `: ${args.join(' ')}`}`,
      ({ spark }) => (spark.catalog[name] as (...names: string[]) => Promise<unknown>)(...args),
      `spark.catalog.${name}(${args.map((each) => `'${each}'`).join(', ')})`,
      { notRun: CHANGES },
    ],
  ),
  [
    'Catalog.createTable: options',
    ({ spark }) =>
      spark.catalog.createTable('t', {
        path: '/p',
        source: 'json',
        schema: structType({ a: integer() }),
        description: 'd',
        options: { k: 'v' },
      }),
    "spark.catalog.createTable('t', '/p', 'json', T.StructType().add('a', 'integer'), 'd', k='v')",
    { notRun: CHANGES },
  ],
  [
    'Catalog.createDatabase: options',
    ({ spark }) => spark.catalog.createDatabase('d', { ifNotExists: true, properties: { k: 'v' } }),
    "spark.catalog.createDatabase('d', True, {'k': 'v'})",
    { notRun: CHANGES },
  ],
  [
    'Catalog.dropDatabase: options',
    ({ spark }) => spark.catalog.dropDatabase('d', { ifExists: true, cascade: true }),
    "spark.catalog.dropDatabase('d', True, True)",
    { notRun: CHANGES },
  ],
  [
    'Catalog.dropTable: options',
    ({ spark }) => spark.catalog.dropTable('t', { ifExists: true, purge: true }),
    "spark.catalog.dropTable('t', True, True)",
    { notRun: CHANGES },
  ],
  [
    'DataFrame.createOrReplaceTempView',
    ({ df }) => df.createOrReplaceTempView('v'),
    "df.createOrReplaceTempView('v')",
    { notRun: CHANGES },
  ],
  [
    'DataFrame.createGlobalTempView',
    ({ df }) => df.createGlobalTempView('v'),
    "df.createGlobalTempView('v')",
    { notRun: CHANGES },
  ],
  [
    'DataFrame.createOrReplaceGlobalTempView',
    ({ df }) => df.createOrReplaceGlobalTempView('v'),
    "df.createOrReplaceGlobalTempView('v')",
    { notRun: CHANGES },
  ],
  [
    'DataFrame.persist: level',
    ({ df }) => df.persist({ useDisk: true, useMemory: false, useOffHeap: false, deserialized: false, replication: 1 }),
    'df.persist(StorageLevel.DISK_ONLY)',
    { notRun: CHANGES },
  ],
  ['DataFrame.unpersist: blocking', ({ df }) => df.unpersist(true), 'df.unpersist(True)', { notRun: CHANGES }],
  ...(['extended', 'codegen', 'cost', 'formatted'] as const).map(
    (mode): Case => [`DataFrame.explain: ${mode}`, ({ df }) => df.explain(mode), `df.explain(mode='${mode}')`],
  ),
  ['DataFrame.columns', ({ df }) => df.columns(), 'df.columns'],
  ['DataFrame.show: vertical', ({ df }) => df.show(3, { truncate: 0, vertical: true }), 'df.show(3, False, True)'],
  ['DataFrame.toArrow', ({ df }) => df.toArrow(), 'known.toArrow()'],
  [
    'DataFrame.toLocalIterator',
    async ({ df }) => (await df.rows().next()).value,
    'next(df.toLocalIterator())',
    { differs: 'PySpark asks the configuration first how bytes are to be given' },
  ],
  ['DataFrame.toJSON', ({ df }) => df.select('id', 's').toJSON(), "df.select('id', 's').toJSON()"],
  ['DataFrame.zipWithIndex', ({ df }) => df.zipWithIndex(), 'df.zipWithIndex()'],
  ['DataFrame.zipWithIndex: named', ({ df }) => df.zipWithIndex('at'), "df.zipWithIndex('at')"],
  ['DataFrame.repartitionById', ({ df }) => df.repartitionById(3, 'n'), "df.repartitionById(3, 'n')"],
  [
    'DataFrame.transform',
    ({ df }) => df.transform((frame) => frame.limit(1)),
    'df.transform(lambda frame: frame.limit(1))',
  ],
  [
    'DataFrame.dropDuplicatesWithinWatermark',
    ({ df }) => df.dropDuplicatesWithinWatermark('id'),
    "df.dropDuplicatesWithinWatermark(['id'])",
    { notRun: 'a stream' },
  ],
  ['DataFrame.groupby', ({ df }) => df.groupBy('s').count(), "df.groupby('s').count()"],
  [
    'DataFrame.drop_duplicates',
    ({ df }) => df.dropDuplicates('s'),
    "df.drop_duplicates(['s'])",
    { notRun: 'which row is left is chance' },
  ],
  ['DataFrame.melt', ({ df }) => df.unpivot(['id'], ['n'], 'k', 'v'), "df.melt(['id'], ['n'], 'k', 'v')"],
  [
    'DataFrame.unpivot: all',
    ({ other }) => other.select('id', 'n').unpivot(['id'], undefined, 'k', 'v'),
    "other.select('id', 'n').unpivot(['id'], None, 'k', 'v')",
  ],
  [
    'DataFrame.transpose: first',
    ({ other }) => other.select('id', 'n').transpose(),
    "other.select('id', 'n').transpose()",
  ],
];
