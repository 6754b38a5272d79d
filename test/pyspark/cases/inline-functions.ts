// Functions that travel with a plan. Each language packs its own in its own way, so the functions themselves are a letter here, and all else is compared.
import { long, structType as schema, string, userFunction } from '../../../spark/connect/index.js';
import type { Case } from '../case.js';

const NEEDS_WORKER = 'the function is no function';

const shout = { name: 'shout', isDeterministic: true, command: Buffer.from('f'), version: 'v' };

/** What PySpark's functions are made of, with the letter in the place of the pickled function. */
const INLINE = `
import pyspark.sql.connect.expressions as E
import pyspark.sql.connect.client.core as C
import pyspark.sql.connect.udf as U
class Inline(E.PythonUDF):
    def to_plan(self, session):
        made = E.PythonUDF.to_plan(self, session)
        made.command, made.python_ver = b'f', 'v'
        return made
pickled, U.PythonUDF, C.PythonUDF = E.PythonUDF, Inline, Inline`;
const RESTORE = 'U.PythonUDF, C.PythonUDF = pickled, pickled';

export const inlineFunctionCases: readonly Case[] = [
  [
    'functions.udf',
    ({ df }) => df.select(userFunction(shout, string())('s')),
    `${INLINE}
result = df.select(U.UserDefinedFunction(lambda s: s, T.StringType(), name='shout', evalType=200)('s'))
${RESTORE}`,
    { notRun: NEEDS_WORKER },
  ],
  [
    'functions.udf: not deterministic, of several columns',
    ({ df }) => df.select(userFunction({ ...shout, isDeterministic: false }, long())('n', df.col('s'), 3)),
    `${INLINE}
f = U.UserDefinedFunction(lambda *s: 1, T.LongType(), name='shout', evalType=200, deterministic=False)
result = df.select(f('n', df['s'], F.lit(3)))
${RESTORE}`,
    { notRun: NEEDS_WORKER },
  ],
  [
    'DataFrame.mapInArrow',
    ({ df }) => df.mapPartitions({ inlined: shout, returns: schema({ id: long(), word: string() }) }),
    `${INLINE}
def shout(batches): return batches
rows = df.select(F.struct('*').alias('row'))
rows._cached_schema = T.StructType().add('row', T.StructType())
result = rows.mapInArrow(shout, T.StructType().add('id', 'long').add('word', 'string'))
${RESTORE}`,
    { notRun: NEEDS_WORKER },
  ],
  [
    'SparkSession.udf',
    ({ spark }) => spark.registerFunction('loud', { inlined: shout, returns: string() }),
    `${INLINE}
shout = U.UserDefinedFunction(lambda s: s, T.StringType(), name='shout', evalType=200)
try:
    result = spark.udf.register('loud', shout._wrapped())
finally:
    ${RESTORE}`,
    { notRun: NEEDS_WORKER },
  ],
];
