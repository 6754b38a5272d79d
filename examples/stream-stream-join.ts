// Joins two streams: orders with the payments that follow within ten minutes. Watermarks tell Spark how long each side must be kept.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { expr, integer, notNull, SparkSession, struct, Trigger, timestamp } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');
// A folder at the server, which here is this machine.
const folder = `${tmpdir()}/sluice-join-${randomUUID()}`;

const ORDER = struct({ order_id: notNull(integer()), ordered: notNull(timestamp()) });
const PAYMENT = struct({ paid_id: notNull(integer()), paid: notNull(timestamp()) });
const orders = [1, 2, 3].map((order_id) => ({ order_id, ordered: new Date('2026-01-01T12:00:00Z') }));
const payments = [
  { paid_id: 1, paid: new Date('2026-01-01T12:03:00Z') },
  { paid_id: 2, paid: new Date('2026-01-01T12:20:00Z') }, // too late
];
await spark.createDataFrame(orders, ORDER).write.json(`${folder}/orders`);
await spark.createDataFrame(payments, PAYMENT).write.json(`${folder}/payments`);

const ordered = spark.readStream.schema(ORDER).json(`${folder}/orders`).withWatermark('ordered', '15 minutes');
const paid = spark.readStream.schema(PAYMENT).json(`${folder}/payments`).withWatermark('paid', '15 minutes');
const query = await ordered
  .join(paid, expr<boolean>('order_id = paid_id AND paid BETWEEN ordered AND ordered + INTERVAL 10 MINUTES'))
  .writeStream.format('memory')
  .queryName('paid_orders')
  .option('checkpointLocation', `${folder}/checkpoint`)
  .trigger(Trigger.availableNow())
  .start();
await query.awaitTermination();

for (const { order_id, ordered, paid } of await spark.table('paid_orders').collect()) {
  console.log(`order ${order_id} was paid after ${Number(paid - ordered) / 1_000_000} s`);
}
await spark.release();
