// A result of Spark's into DuckDB, column by column: Arrow record batches are appended as they arrive, then DuckDB answers without Spark.
import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBValue,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import { expr, SparkSession, timestampMicros, timestampToDate } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');
const orders = spark
  .range(100_000)
  .select(
    'id',
    expr<string>("element_at(array('Lyon', 'Oslo', 'Rome'), cast(id % 3 as int) + 1)").as('city'),
    expr<number>('id / 4').as('amount'),
    expr<bigint>('timestamp_micros(1767225600000001 + id * 60000000)').as('ordered_at'),
  );

const duckdb = await DuckDBInstance.create(':memory:');
const local = await duckdb.connect();
await local.run("SET TimeZone = 'UTC'");
await local.run('CREATE TABLE orders (id BIGINT, city VARCHAR, amount DOUBLE, ordered_at TIMESTAMPTZ)');
const types = [BIGINT, VARCHAR, DOUBLE, TIMESTAMPTZ];

/** A chunk of DuckDB's has at most so many rows. */
const CHUNK_ROWS = 2048;

const appender = await local.createAppender('orders');
for await (const batch of orders.batches()) {
  for (let from = 0; from < batch.numRows; from += CHUNK_ROWS) {
    const part = batch.slice(from, from + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, part.numRows);
    chunk.setColumnValues(0, [...(part.getChild('id') ?? [])] as bigint[]);
    chunk.setColumnValues(1, [...(part.getChild('city') ?? [])] as string[]);
    chunk.setColumnValues(2, [...(part.getChild('amount') ?? [])] as number[]);
    chunk.setColumnValues(3, instants(part.getChild('ordered_at')?.toArray() as BigInt64Array));
    appender.appendDataChunk(chunk);
  }
}
appender.closeSync();
await spark.release();

// The values themselves: Arrow's own getter would make milliseconds of them.
function instants(micros: BigInt64Array): DuckDBValue[] {
  return Array.from(micros, (each) => new DuckDBTimestampTZValue(each));
}

const totals = await local.runAndReadAll(
  'SELECT city, count(*) AS orders, sum(amount) AS total FROM orders GROUP BY city ORDER BY city',
);
for (const [city, count, total] of totals.getRows()) console.log(`${city}: ${count} orders, ${total}`);
const since = timestampMicros('2026-01-01T00:02:00Z');
const early = await local.runAndReadAll('SELECT count(*) FROM orders WHERE ordered_at < $1', [
  new DuckDBTimestampTZValue(since),
]);
console.log(`before ${timestampToDate(since).toISOString()}: ${early.getRows()[0]?.[0]}`);
local.closeSync();
duckdb.closeSync();
