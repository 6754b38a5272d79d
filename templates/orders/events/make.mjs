// Writes events/orders.jsonl and events/payments.jsonl: an hour of a small shop, the same at every run. Some records are broken on purpose.
import { writeFileSync } from 'node:fs';

const PRODUCTS = ['lamp', 'chair', 'desk', 'shelf', 'plant'];
const START = Date.parse('2024-03-04T09:00:00Z');
const orders = [];
const payments = [];
for (let i = 0; i < 2000; i++) {
  const orderedAt = START + i * 1800;
  const order_id = `order-${String(i).padStart(5, '0')}`;
  const quantity = i % 97 === 0 ? 0 : 1 + (i % 4);
  const price = (5 + ((i * 37) % 200) + 0.99).toFixed(2);
  orders.push(
    JSON.stringify({ order_id, product: PRODUCTS[(i * 7) % 5], quantity, price, ordered_at: iso(orderedAt) }),
  );
  if (i % 150 === 0) orders.push(`{"order_id": "${order_id}", "product"`);
  // Most are paid within minutes, some too late, some never.
  if (i % 5 === 4) continue;
  const paidAt = orderedAt + (i % 20 === 0 ? 15 : 1 + (i % 8)) * 60_000;
  payments.push({
    paidAt,
    line: JSON.stringify({ order_id, method: i % 3 === 0 ? 'card' : 'transfer', paid_at: iso(paidAt) }),
  });
}
payments.sort((a, b) => a.paidAt - b.paidAt);
write('orders', orders);
write(
  'payments',
  payments.map(({ line }) => line),
);

function iso(ms) {
  return new Date(ms).toISOString();
}

function write(name, lines) {
  writeFileSync(new URL(`${name}.jsonl`, import.meta.url), `${lines.join('\n')}\n`);
}
