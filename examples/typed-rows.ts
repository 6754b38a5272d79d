// A schema types the rows: names and types of columns are checked by the compiler, through select, groupBy and agg.
import { date, decimal, notNull, type RowOf, SparkSession, string, struct, sum } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');

const SALE = struct({ day: notNull(date()), shop: notNull(string()), amount: decimal(10, 2) });
type Sale = RowOf<typeof SALE>;

const sales = spark.createDataFrame(
  [
    { day: new Date('2026-01-01'), shop: 'north', amount: '19.99' },
    { day: new Date('2026-01-01'), shop: 'south', amount: '5.00' },
    { day: new Date('2026-01-02'), shop: 'north', amount: '0.01' },
  ],
  SALE,
);
const first: Sale | undefined = await sales.orderBy('day', 'shop').first();
console.log(`first: ${first?.shop} ${first?.amount}`);

// @ts-expect-error: there is no such column, and this line does not compile.
sales.select('no_such');

// `shop` is a string and `total` a Decimal or null, without saying so.
const totals = await sales
  .groupBy('shop')
  .agg(sum(sales.col('amount')).as('total'))
  .orderBy('shop')
  .collect();
for (const { shop, total } of totals) console.log(`${shop.toUpperCase()} ${total}`);
await spark.release();
