// TypeScript functions where the rows are, beside Spark's executors: one of columns, called for each row, and one of whole partitions.
import { integer, SparkSession, string, structType } from 'sluice/connect';
import { partitionMapper, udf } from 'sluice/worker';
import { domain, parseLines } from './handlers/access-log.js';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');
const module = new URL('./handlers/access-log.js', import.meta.url);

const lines = spark.createDataFrame(
  [
    { line: 'ann https://shop.example/a 200' },
    { line: 'bob https://shop.example/b 404' },
    { line: 'no line of a log' },
    { line: 'ann https://blog.example/c 200' },
  ],
  structType({ line: string() }),
);

const parse = await partitionMapper({
  module,
  handler: parseLines,
  returns: structType({ user: string(), url: string(), status: integer() }),
});
const requests = lines.mapPartitions(parse);

const domainOf = await udf({ module, handler: domain, returns: string() });
const perDomain = requests
  .groupBy(domainOf(requests.col('url')).as('domain'))
  .count()
  .orderBy('domain');
for (const { domain: name, count } of await perDomain.collect()) console.log(`${name}: ${count} requests`);

await spark.registerFunction('domain_of', domainOf);
const [first] = await spark.sql("SELECT domain_of('https://www.example/') AS domain").collect();
console.log(`in SQL: ${first?.domain}`);
await spark.release();
