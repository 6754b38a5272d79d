// Reads a large result as Arrow record batches while the server computes it: the memory used is that of a few batches.
import { col, SparkSession } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');

const squares = spark.range(500_000).select(col('id'), col('id').multiply(col('id')).as('square'));
let rows = 0;
let sum = 0n;
for await (const batch of squares.batches()) {
  rows += batch.numRows;
  for (const square of (batch.getChild('square')?.toArray() ?? []) as BigInt64Array) sum += square;
}
console.log(`${rows} rows, sum ${sum}`);

// Leaving the loop stops the query at the server.
for await (const row of squares.rows()) {
  if (row.id === 3n) {
    console.log(`3 squared is ${row.square}`);
    break;
  }
}
await spark.release();
