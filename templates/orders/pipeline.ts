// Orders and their payments: what is sold of each product per minute, and which orders are paid.
import { definePipeline, table } from 'sluice';
import * as spark from 'sluice/connect';
import { col, notNull, string, structType, timestamp } from 'sluice/connect';

const orders = {
  schema: structType({
    order_id: notNull(string()),
    product: notNull(string()),
    quantity: notNull(spark.integer()),
    price: notNull(spark.decimal(10, 2)),
    ordered_at: notNull(timestamp()),
  }),
  eventTime: 'ordered_at',
  watermark: '2m',
  // An order for which a rule does not hold becomes a dead letter, with the rule's name as its reason.
  rules: { quantity_not_positive: col('quantity').gt(0) },
};

const payments = {
  schema: structType({
    order_id: notNull(string()),
    method: notNull(string()),
    paid_at: notNull(timestamp()),
  }),
  eventTime: 'paid_at',
  watermark: '2m',
};

export default definePipeline({
  name: 'orders',
  sources: { orders, payments },
  queries: {
    // One row per product and minute, which changes as orders come in.
    orders_per_product: {
      reads: ['orders'],
      plan: ({ orders }) =>
        orders
          .groupBy(spark.window(col('ordered_at'), '1 minute').as('minute'), col('product'))
          .agg(spark.count('*').as('orders'), spark.sum(col('quantity')).as('items'))
          .withColumn('window_start', col('minute').getField('start')),
      into: table('orders_per_product', {
        key: ['window_start', 'product'],
        columns: { window_start: timestamp(), product: string(), orders: spark.long(), items: spark.long() },
      }),
    },
    // A stream-stream join: a payment counts when it comes within ten minutes of its order.
    paid_orders: {
      reads: ['orders', 'payments'],
      mode: 'append',
      plan: ({ orders, payments }) =>
        orders
          .join(
            payments.withColumnRenamed('order_id', 'paid_order'),
            spark.expr('order_id = paid_order AND paid_at BETWEEN ordered_at AND ordered_at + INTERVAL 10 MINUTES'),
          )
          .withColumn('amount', spark.expr('CAST(quantity * price AS DECIMAL(18, 2))')),
      into: table('paid_orders', {
        key: ['order_id'],
        columns: { order_id: string(), product: string(), amount: spark.decimal(18, 2), paid_at: timestamp() },
      }),
    },
  },
});
