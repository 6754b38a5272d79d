// Counts words: a column of arrays becomes rows, rows become groups.
import { col, explode, lower, SparkSession, split, string, struct } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');

const lines = spark.createDataFrame(
  [{ line: 'to be or not to be' }, { line: 'that is the question' }, { line: 'To be is to do' }],
  struct({ line: string() }),
);
const counts = lines
  .select(explode(split(lower(col('line')), ' ')).as('word'))
  .groupBy('word')
  .count()
  .filter('count > 1')
  .orderBy(col('count').desc(), col('word'));

for (const { word, count } of await counts.collect()) console.log(`${word} ${count}`);
await spark.release();
