import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QueryName } from '../../../config/names.js';
import type { Batch, QueryBatches } from '../../../verify/batches.js';
import type { Check, KeyedRows } from '../../../verify/compare.js';
import { replay } from '../../../verify/replay.js';
import { PageViewCounts } from '../../../verify/windows.js';
import { batchesOf, comparison, keyed, storeOf, type TestEvent, us } from './support.js';

const COLUMNS = ['window_end', 'view_count', 'batch_id'];

async function simulate(
  events: readonly (TestEvent | string)[],
  batches: readonly Batch[],
  table: KeyedRows,
): Promise<{ check: Check; batchCheck: Check; simulation: PageViewCounts }> {
  const store = storeOf(events);
  const { check, rows } = comparison(['window_start', 'page_url'], COLUMNS, table);
  const simulation = new PageViewCounts(store, rows);
  const query: QueryBatches<QueryName> = {
    query: 'page_view_counts',
    batches,
    offsets: events.length,
    ends: new Map(),
  };
  const batchCheck = await replay(query, store, simulation);
  return { check: check.finish({ emptyHolds: true }), batchCheck, simulation };
}

const row = (minute: string, page: string, views: number, batch: number): readonly (string | number | bigint)[] => [
  us(`${minute}:00`),
  page,
  us(`${minute}:00`) + 60_000_000n,
  views,
  batch,
];

describe('page_view_counts, simulated', () => {
  it('counts page views per page and minute, and nothing else', async () => {
    const events: (TestEvent | string)[] = [
      { at: '12:00:00', page: '/a' },
      { at: '12:00:59.999999', page: '/a' },
      { at: '12:01:00', page: '/a' },
      { at: '12:00:10', page: '/b' },
      { at: '12:00:10', page: '/a', type: 'click' },
      'not json',
    ];
    const { check, simulation } = await simulate(
      events,
      batchesOf([6]),
      keyed(2, [row('12:00', '/a', 2, 0), row('12:01', '/a', 1, 0), row('12:00', '/b', 1, 0)]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
    assert.equal(simulation.counted, 4);
  });

  it('drops a row whose window ends exactly at the watermark of the batch before', async () => {
    const events: TestEvent[] = [{ at: '12:05:00' }, { at: '12:02:59' }, { at: '12:03:00' }, { at: '12:02:59.5' }];
    // Batch 1 runs with watermark 12:03, but judges late rows by batch 0's, which is none.
    const batches = batchesOf([1], [1, '12:03:00'], [2, '12:03:00']);
    const { check, simulation } = await simulate(
      events,
      batches,
      keyed(2, [row('12:05', '/', 1, 0), row('12:02', '/', 1, 1), row('12:03', '/', 1, 2)]),
    );
    assert.equal(check.status, 'passed', JSON.stringify(check.samples));
    assert.deepEqual([simulation.late.events, simulation.late.pairs, simulation.counted], [1, 1, 3]);
    assert.deepEqual(simulation.late.samples, [
      {
        partition: 0,
        offset: 3,
        batchId: 2,
        eventTime: '2026-03-01T12:02:59.500000Z',
        windowEnd: '2026-03-01T12:03:00.000000Z',
        watermark: '2026-03-01T12:03:00.000000Z',
      },
    ]);
  });

  it('names the last late rows of many', async () => {
    const late = Array.from({ length: 14 }, (): TestEvent => ({ at: '12:00:00' }));
    const events: TestEvent[] = [{ at: '12:05:00' }, { at: '12:05:00' }, ...late];
    const batches = batchesOf([1], [1, '12:03:00'], [14, '12:03:00']);
    const { simulation } = await simulate(events, batches, keyed(2, [row('12:05', '/', 2, 1)]));
    assert.equal(simulation.late.pairs, 14);
    assert.deepEqual(
      simulation.late.samples.map(({ offset }) => offset),
      [6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    );
  });

  it('keeps a row whose window ends a millisecond after the watermark, however old its own time is', async () => {
    const { check } = await simulate(
      [{ at: '12:02:00' }],
      batchesOf([0, '12:02:59.999'], [1, '12:02:59.999']),
      keyed(2, [row('12:02', '/', 1, 1)]),
    );
    assert.equal(check.status, 'passed');
  });

  it('names the batch that changed a row last', async () => {
    const events: TestEvent[] = [{ at: '12:00:00' }, { at: '12:00:01' }, { at: '12:01:00' }];
    const { check } = await simulate(
      events,
      batchesOf([1], [1], [1]),
      keyed(2, [row('12:00', '/', 2, 1), row('12:01', '/', 1, 2)]),
    );
    assert.equal(check.status, 'passed');
  });

  it('gives up windows that the watermark has passed', async () => {
    const events = Array.from({ length: 50 }, (_, i): TestEvent => ({ at: `12:${String(i).padStart(2, '0')}:00` }));
    const store = storeOf(events);
    const { rows } = comparison(['window_start', 'page_url'], COLUMNS, new Map());
    const simulation = new PageViewCounts(store, rows);
    const partition = store.partitions.get(0);
    assert.ok(partition);
    const sizes = events.map((_, i): readonly [number, string?] =>
      i < 3 ? [1] : [1, `12:${String(i - 2).padStart(2, '0')}:00`],
    );
    for (const batch of batchesOf(...sizes)) {
      simulation.event(partition, batch.ranges[0]?.from ?? 0, batch);
      simulation.endBatch(batch);
      assert.ok(simulation.openWindows <= 3, `${simulation.openWindows} windows open in batch ${batch.id}`);
    }
  });

  it('compares the number of groups that a batch touched with the ledger', async () => {
    const events: TestEvent[] = [{ at: '12:00:00' }, { at: '12:00:01' }, { at: '12:01:00' }];
    const batches = batchesOf([2], [1]).map((batch) => ({ ...batch, rows: 1 }));
    assert.equal((await simulate(events, batches, new Map())).batchCheck.status, 'passed');
    const { batchCheck } = await simulate(
      events,
      batches.map((batch) => ({ ...batch, rows: 2 })),
      new Map(),
    );
    assert.equal(batchCheck.differences, 2);
  });

  const events: TestEvent[] = [
    { at: '12:00:00', page: '/a' },
    { at: '12:01:00', page: '/b' },
  ];
  const good = [row('12:00', '/a', 1, 0), row('12:01', '/b', 1, 0)];
  const sabotages: readonly (readonly [
    title: string,
    rows: readonly (readonly (string | number | bigint)[])[],
    kind: string,
    where: RegExp,
  ])[] = [
    ['a missing row', good.slice(1), 'missing', /page_url \/a/],
    ['a row too many', [...good, row('12:02', '/c', 1, 0)], 'unexpected', /page_url \/c/],
    ['a wrong count', [row('12:00', '/a', 2, 0), ...good.slice(1)], 'different', /page_url \/a/],
    [
      'a wrong window_end',
      [[us('12:00:00'), '/a', us('12:01:01'), 1, 0], ...good.slice(1)],
      'different',
      /page_url \/a/,
    ],
    ['a wrong batch_id', [row('12:00', '/a', 1, 1), ...good.slice(1)], 'different', /page_url \/a/],
    ['a window off the minute', [[us('12:00:01'), '/a', us('12:01:01'), 1, 0], ...good], 'unexpected', /page_url \/a/],
  ];
  for (const [title, rows, kind, where] of sabotages) {
    it(`finds ${title}`, async () => {
      const { check } = await simulate(events, batchesOf([2]), keyed(2, rows));
      assert.equal(check.status, 'failed');
      assert.equal(check.differences, 1);
      assert.equal(check.samples[0]?.kind, kind);
      assert.match(check.samples[0]?.where ?? '', where);
    });
  }
});
