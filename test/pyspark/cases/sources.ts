// Where frames come from and where they go: sessions, readers, writers, tables, streams.
import {
  arrayType,
  col,
  Decimal,
  days,
  decimal,
  double,
  integer,
  lit,
  notNull,
  string,
  struct,
  structType,
  Trigger,
} from '../../../spark/connect/index.js';
import type { Case } from '../case.js';

const NO_FILES = 'there are no such files';
const DEFAULT_SENT = 'PySpark sends wholetext=false, which is the default';
const WRITES = 'it changes what is at the server';

export const sourceCases: readonly Case[] = [
  ['SparkSession.sql', ({ spark }) => spark.sql('select 1 as a'), "spark.sql('select 1 as a')"],
  [
    'SparkSession.sql: by place',
    ({ spark }) => spark.sql('select ? + ? as a', [1, 2.5]),
    "spark.sql('select ? + ? as a', [1, 2.5])",
  ],
  [
    'SparkSession.sql: by name',
    ({ spark }) => spark.sql('select :a as a, :b as b', { a: 1, b: 'x' }),
    "spark.sql('select :a as a, :b as b', {'a': 1, 'b': 'x'})",
  ],
  ['SparkSession.table', ({ spark }) => spark.table('labels'), "spark.table('labels')"],
  ['SparkSession.range', ({ spark }) => spark.range(5), 'spark.range(5)'],
  ['SparkSession.range: steps', ({ spark }) => spark.range(1, 10, 2, 3), 'spark.range(1, 10, 2, 3)'],
  [
    'SparkSession.createDataFrame',
    ({ spark }) =>
      spark.createDataFrame(
        [
          { a: 1, b: 'x', c: [1.5, null], d: null },
          { a: null, b: 'é', c: [], d: Decimal.parse('1.25') },
        ],
        structType({ a: integer(), b: notNull(string()), c: arrayType(double()), d: decimal(10, 2) }),
      ),
    `
schema = T.StructType().add('a', 'integer').add('b', 'string', False).add('c', T.ArrayType(T.DoubleType())).add('d', 'decimal(10,2)')
result = spark.createDataFrame([(1, 'x', [1.5, None], None), (None, 'é', [], Decimal('1.25'))], schema)`,
    { differs: 'the same rows in Arrow, written by two libraries' },
  ],
  ['DataFrameReader.table', ({ spark }) => spark.read.table('labels'), "spark.read.table('labels')"],
  [
    'DataFrameReader.load',
    ({ spark }) => spark.read.format('json').load('/a', '/b'),
    "spark.read.format('json').load(['/a', '/b'])",
    { notRun: NO_FILES },
  ],
  [
    'DataFrameReader.option',
    ({ spark }) => spark.read.option('header', true).format('csv').load('/a'),
    "spark.read.option('header', True).format('csv').load('/a')",
    { notRun: NO_FILES },
  ],
  [
    'DataFrameReader.options',
    ({ spark }) => spark.read.options({ header: true, sep: ';' }).csv('/a'),
    "spark.read.options(header=True, sep=';').csv('/a')",
    { notRun: NO_FILES },
  ],
  [
    'DataFrameReader.schema',
    ({ spark }) => spark.read.schema('a INT').json('/a'),
    "spark.read.schema('a INT').json('/a')",
    { notRun: NO_FILES },
  ],
  [
    'DataFrameReader.schema: type',
    ({ spark }) => spark.read.schema(structType({ a: integer(), b: string() })).parquet('/a'),
    "spark.read.schema(T.StructType().add('a', 'integer').add('b', 'string')).parquet('/a')",
    { notRun: NO_FILES },
  ],
  ...(['json', 'parquet', 'orc', 'csv', 'xml'] as const).flatMap((format): Case[] => [
    [
      `DataFrameReader.${format}`,
      ({ spark }) => spark.read[format]('/a'),
      `spark.read.${format}('/a')`,
      { notRun: NO_FILES },
    ],
    [
      `DataStreamReader.${format}`,
      ({ spark }) => spark.readStream.schema('value STRING')[format]('/a'),
      `spark.readStream.schema('value STRING').${format}('/a')`,
      { notRun: 'a stream' },
    ],
    [`DataFrameWriter.${format}`, ({ df }) => df.write[format]('/a'), `df.write.${format}('/a')`, { notRun: WRITES }],
  ]),
  [
    'DataFrameReader.text',
    ({ spark }) => spark.read.text('/a'),
    "spark.read.text('/a')",
    { notRun: NO_FILES, differs: DEFAULT_SENT },
  ],
  [
    'DataFrameReader.text: whole files',
    ({ spark }) => spark.read.option('wholetext', true).text('/a'),
    "spark.read.text('/a', wholetext=True)",
    { notRun: NO_FILES },
  ],
  [
    'DataStreamReader.text',
    ({ spark }) => spark.readStream.text('/a'),
    "spark.readStream.text('/a')",
    { notRun: 'a stream', differs: DEFAULT_SENT },
  ],
  ['DataFrameWriter.text', ({ df }) => df.write.text('/a'), "df.write.text('/a')", { notRun: WRITES }],
  [
    'DataFrameReader.changes',
    ({ spark }) => spark.read.changes('t'),
    "spark.read.changes('t')",
    { notRun: 'no table keeps changes' },
  ],
  [
    'DataFrameReader.jdbc',
    ({ spark }) => spark.read.option('user', 'u').jdbc('jdbc:x', 't'),
    "spark.read.jdbc('jdbc:x', 't', properties={'user': 'u'})",
    { notRun: 'no database' },
  ],
  [
    'DataFrameReader.jdbc: partitions',
    ({ spark }) => spark.read.jdbc('jdbc:x', 't', { column: 'id', lowerBound: 0, upperBound: 10, partitions: 2 }),
    "spark.read.jdbc('jdbc:x', 't', column='id', lowerBound=0, upperBound=10, numPartitions=2)",
    { notRun: 'no database' },
  ],
  [
    'DataFrameReader.jdbc: predicates',
    ({ spark }) => spark.read.jdbc('jdbc:x', 't', { predicates: ['a = 1', 'a = 2'] }),
    "spark.read.jdbc('jdbc:x', 't', predicates=['a = 1', 'a = 2'])",
    { notRun: 'no database' },
  ],
  [
    'DataStreamReader.load',
    ({ spark }) => spark.readStream.format('rate').option('rowsPerSecond', 5).load(),
    "spark.readStream.format('rate').option('rowsPerSecond', 5).load()",
    { notRun: 'a stream' },
  ],
  [
    'DataStreamReader.options',
    ({ spark }) => spark.readStream.format('rate').options({ a: 1, b: 'c' }).load('/p'),
    "spark.readStream.format('rate').options(a=1, b='c').load('/p')",
    { notRun: 'a stream' },
  ],
  [
    'DataStreamReader.table',
    ({ spark }) => spark.readStream.table('t'),
    "spark.readStream.table('t')",
    { notRun: 'a stream' },
  ],
  [
    'DataStreamReader.changes',
    ({ spark }) => spark.readStream.changes('t'),
    "spark.readStream.changes('t')",
    { notRun: 'a stream' },
  ],
  [
    'DataStreamReader.name',
    ({ spark }) => spark.readStream.name('clicks').format('rate').load(),
    "spark.readStream.name('clicks').format('rate').load()",
    { notRun: 'a stream' },
  ],
  [
    'DataFrameWriter.save',
    ({ df }) => df.write.format('parquet').mode('append').partitionBy('s').option('k', 'v').save('/a'),
    "df.write.format('parquet').mode('append').partitionBy('s').option('k', 'v').save('/a')",
    { notRun: WRITES },
  ],
  [
    'DataFrameWriter.save: no path',
    ({ df }) => df.write.format('noop').mode('overwrite').save(),
    "df.write.format('noop').mode('overwrite').save()",
  ],
  [
    'DataFrameWriter.saveAsTable',
    ({ df }) => df.write.mode('overwrite').bucketBy(4, 'n').sortBy('id').saveAsTable('t'),
    "df.write.mode('overwrite').bucketBy(4, 'n').sortBy('id').saveAsTable('t')",
    { notRun: WRITES },
  ],
  [
    'DataFrameWriter.clusterBy',
    ({ df }) => df.write.clusterBy('n').saveAsTable('t'),
    "df.write.clusterBy('n').saveAsTable('t')",
    { notRun: WRITES },
  ],
  ['DataFrameWriter.insertInto', ({ df }) => df.write.insertInto('t'), "df.write.insertInto('t')", { notRun: WRITES }],
  [
    'DataFrameWriter.insertInto: overwrite',
    ({ df }) => df.write.mode('overwrite').insertInto('t'),
    "df.write.insertInto('t', overwrite=True)",
    { notRun: WRITES },
  ],
  [
    'DataFrameWriter.jdbc',
    ({ df }) => df.write.mode('append').option('user', 'u').jdbc('jdbc:x', 't'),
    "df.write.jdbc('jdbc:x', 't', mode='append', properties={'user': 'u'})",
    { notRun: WRITES },
  ],
  ...(['create', 'replace', 'createOrReplace', 'append', 'overwritePartitions'] as const).map(
    (method): Case => [
      `DataFrameWriterV2.${method}`,
      ({ df }) => df.writeTo('t')[method](),
      `df.writeTo('t').${method}()`,
      { notRun: WRITES },
    ],
  ),
  [
    'DataFrameWriterV2.overwrite',
    ({ df }) => df.writeTo('t').overwrite(col('n').gt(1)),
    "df.writeTo('t').overwrite(F.col('n') > 1)",
    { notRun: WRITES },
  ],
  [
    'DataFrameWriterV2.partitionedBy',
    ({ df }) =>
      df
        .writeTo('t')
        .using('parquet')
        .option('a', 'b')
        .tableProperty('p', 'q')
        .partitionedBy(col('s'), days('t'))
        .create(),
    "df.writeTo('t').using('parquet').option('a', 'b').tableProperty('p', 'q').partitionedBy(F.col('s'), F.partitioning.days('t')).create()",
    { notRun: WRITES },
  ],
  [
    'DataFrameWriterV2.clusterBy',
    ({ df }) => df.writeTo('t').clusterBy('n').create(),
    "df.writeTo('t').clusterBy('n').create()",
    { notRun: WRITES },
  ],
  [
    'DataFrameWriterV2.options',
    ({ df }) => df.writeTo('t').options({ a: 1 }).append(),
    "df.writeTo('t').options(a=1).append()",
    { notRun: WRITES },
  ],
  [
    'MergeIntoWriter.merge',
    ({ df }) =>
      df
        .mergeInto('t', col('t.id').eq(col('items.id')))
        .whenMatched(col('t.n').gt(1))
        .update({ n: col('items.n'), s: lit('x') })
        .whenMatched()
        .delete()
        .whenNotMatched()
        .insert({ id: col('items.id') })
        .whenNotMatchedBySource()
        .delete()
        .merge(),
    `df.mergeInto('t', F.col('t.id') == F.col('items.id')).whenMatched(F.col('t.n') > 1).update({'n': F.col('items.n'), 's': F.lit('x')}).whenMatched().delete().whenNotMatched().insert({'id': F.col('items.id')}).whenNotMatchedBySource().delete().merge()`,
    { notRun: WRITES },
  ],
  [
    'MergeIntoWriter.withSchemaEvolution',
    ({ df }) =>
      df
        .mergeInto('t', col('t.id').eq(col('items.id')))
        .whenMatched()
        .updateAll()
        .whenNotMatched(col('items.n').gt(1))
        .insertAll()
        .whenNotMatchedBySource()
        .updateAll()
        .whenNotMatchedBySource(col('t.n').gt(1))
        .update({ n: lit(0) })
        .withSchemaEvolution()
        .merge(),
    `df.mergeInto('t', F.col('t.id') == F.col('items.id')).whenMatched().updateAll().whenNotMatched(F.col('items.n') > 1).insertAll().whenNotMatchedBySource().updateAll().whenNotMatchedBySource(F.col('t.n') > 1).update({'n': F.lit(0)}).withSchemaEvolution().merge()`,
    { notRun: WRITES },
  ],
  [
    'DataStreamWriter.start',
    ({ df }) =>
      df.writeStream
        .format('noop')
        .outputMode('append')
        .queryName('q')
        .trigger(Trigger.processingTime('5 seconds'))
        .option('checkpointLocation', '/c')
        .partitionBy('s')
        .start('/p'),
    "df.writeStream.format('noop').outputMode('append').queryName('q').trigger(processingTime='5 seconds').option('checkpointLocation', '/c').partitionBy('s').start('/p')",
    { notRun: 'a stream' },
  ],
  [
    'DataStreamWriter.toTable',
    ({ df }) => df.writeStream.toTable('t'),
    "df.writeStream.toTable('t')",
    { notRun: 'a stream' },
  ],
  [
    'DataStreamWriter.clusterBy',
    ({ df }) => df.writeStream.clusterBy('n').toTable('t'),
    "df.writeStream.clusterBy('n').toTable('t')",
    { notRun: 'a stream' },
  ],
  ...(
    [
      ['availableNow', Trigger.availableNow(), 'availableNow=True'],
      ['once', Trigger.once(), 'once=True'],
      ['continuous', Trigger.continuous('1 second'), "continuous='1 second'"],
      ['real-time', Trigger.realTime('5 minutes'), "realTime='5 minutes'"],
    ] as const
  ).map(
    ([name, trigger, python]): Case => [
      `DataStreamWriter.trigger: ${name}`,
      ({ df }) => df.writeStream.trigger(trigger).start(),
      `df.writeStream.trigger(${python}).start()`,
      { notRun: 'a stream' },
    ],
  ),
  [
    'DataFrame.to',
    ({ other }) => other.to(structType({ n: integer(), label: string() })),
    "other.to(T.StructType().add('n', 'integer').add('label', 'string'))",
  ],
  [
    'functions.struct: as a row',
    ({ other }) => other.select(struct('*').as('row')),
    "other.select(F.struct('*').alias('row'))",
  ],
  ...(['explode', 'explode_outer', 'posexplode', 'posexplode_outer'] as const).map(
    (name): Case => [
      `TableValuedFunction.${name}`,
      ({ spark }) => spark.tvf[name](lit([1, 2])),
      `spark.tvf.${name}(F.lit([1, 2]))`,
    ],
  ),
  ...(['inline', 'inline_outer'] as const).map(
    (name): Case => [
      `TableValuedFunction.${name}`,
      ({ spark }) => spark.tvf[name](lit([struct(lit(1).as('a'))])),
      `spark.tvf.${name}(F.array(F.struct(F.lit(1).alias('a'))))`,
    ],
  ),
  ...(['variant_explode', 'variant_explode_outer'] as const).map(
    (name): Case => [
      `TableValuedFunction.${name}`,
      ({ spark }) => spark.tvf.call(name, col('v')),
      `spark.tvf.${name}(F.col('v'))`,
      { notRun: 'no column of the outside' },
    ],
  ),
  [
    'TableValuedFunction.json_tuple',
    ({ spark }) => spark.tvf.json_tuple(lit('{"a": 1}'), lit('a')),
    "spark.tvf.json_tuple(F.lit('{\"a\": 1}'), F.lit('a'))",
  ],
  [
    'TableValuedFunction.stack',
    ({ spark }) => spark.tvf.stack(lit(2), lit(1), lit(2)),
    'spark.tvf.stack(F.lit(2), F.lit(1), F.lit(2))',
  ],
  [
    'TableValuedFunction.collations',
    ({ spark }) => spark.tvf.collations(),
    'spark.tvf.collations()',
    { notRun: 'a thousand rows, made slowly' },
  ],
  ['TableValuedFunction.sql_keywords', ({ spark }) => spark.tvf.sql_keywords(), 'spark.tvf.sql_keywords()'],
];
