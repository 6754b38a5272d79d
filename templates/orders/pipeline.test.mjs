// What the queries make of given events. Run with `npm test`; the first test starts a local Spark unless one runs (`npx sluice up`).
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeTestKit, testPipeline } from 'sluice/testkit';

after(closeTestKit);

const lamp = { order_id: 'a', product: 'lamp', quantity: 2, price: '19.99', ordered_at: '2024-03-04T09:00:10Z' };

test('items are summed per product and minute, and a quantity of nought is a dead letter', async () => {
  const { orders_per_product, orders_records } = await testPipeline(
    'pipeline.ts',
    { orders: [lamp, { ...lamp, order_id: 'b', quantity: 3 }, { ...lamp, order_id: 'c', quantity: 0 }] },
    { queries: ['orders_per_product', 'orders_records'] },
  );
  assert.deepEqual(
    orders_per_product.rows.map(({ product, orders, items }) => ({ product, orders, items })),
    [{ product: 'lamp', orders: 2n, items: 5n }],
  );
  assert.deepEqual(
    orders_records.rows.map(({ order_id, reason }) => ({ order_id, reason })),
    [
      { order_id: 'a', reason: null },
      { order_id: 'b', reason: null },
      { order_id: 'c', reason: 'quantity_not_positive' },
    ],
  );
});

test('an order that comes behind the watermark is not counted', async () => {
  const { orders_per_product } = await testPipeline(
    'pipeline.ts',
    [{ orders: [lamp] }, { watermark: '2024-03-04T09:01:00Z' }, { orders: [{ ...lamp, order_id: 'late' }] }],
    { queries: ['orders_per_product'] },
  );
  assert.deepEqual(
    orders_per_product.rows.map(({ orders }) => orders),
    [1n],
  );
});

test('a payment within ten minutes makes a paid order, a later one does not', async () => {
  const pay = (order_id, paid_at) => ({ order_id, method: 'card', paid_at });
  const { paid_orders } = await testPipeline(
    'pipeline.ts',
    {
      orders: [lamp, { ...lamp, order_id: 'b' }],
      payments: [pay('a', '2024-03-04T09:05:00Z'), pay('b', '2024-03-04T09:30:00Z')],
    },
    { queries: ['paid_orders'] },
  );
  assert.deepEqual(
    paid_orders.rows.map(({ order_id, amount }) => [order_id, String(amount)]),
    [['a', '39.98']],
  );
});
