import assert from 'node:assert/strict';
import { test } from 'node:test';
import { col, count, DataStreamReader, planTree, UNCONNECTED } from '../../../../../spark/connect/index.js';

const records = () => new DataStreamReader(UNCONNECTED).format('kafka').option('subscribe', 'orders').load();

test('a plan reads from its result down to the topic, names before what is worked out', () => {
  const plan = records()
    .filter(col('value').isNotNull())
    .withWatermark('timestamp', '2 minutes')
    .groupBy('key')
    .agg(count('*').as('orders'))
    .select(col('key'), col('orders').plus(1).as('next'));
  assert.deepEqual(planTree(plan.relation), {
    step: 'select',
    details: ['key', 'next = orders + 1'],
    inputs: [
      {
        step: 'aggregate by key',
        details: ['orders = count(1)'],
        inputs: [
          {
            step: 'watermark: timestamp, 2 minutes behind the latest',
            details: [],
            inputs: [
              {
                step: 'keep where isNotNull(value)',
                details: [],
                inputs: [{ step: 'stream Kafka topic orders', details: [], inputs: [] }],
              },
            ],
          },
        ],
      },
    ],
  });
});

test('a join has both sides, and each of its conditions by itself', () => {
  const [left, right] = [records().alias('l'), records().alias('r')];
  const { step, details, inputs } = planTree(
    left.join(
      right,
      col('l.key')
        .eq(col('r.key'))
        .and(col('l.offset').lt(col('r.offset'))),
      'left_outer',
    ).relation,
  );
  assert.deepEqual([step, details], ['join leftOuter', ['l.key == r.key', 'l.offset < r.offset']]);
  assert.deepEqual(
    inputs.map((input) => input.step),
    ['as l', 'as r'],
  );
});

test('a frame without a server can be looked at and not run', async () => {
  await assert.rejects(records().collect(), /no server to run it/);
});
