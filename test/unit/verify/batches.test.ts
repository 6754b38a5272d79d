import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QueryName } from '../../../config/names.js';
import { readBatches } from '../../../verify/batches.js';
import type { Check } from '../../../verify/compare.js';
import type { LedgerRow } from '../../../verify/ledger.js';
import { DEFAULT_SETTINGS } from '../../../verify/settings.js';
import { checkWatermarks } from '../../../verify/watermarks.js';
import { storeOf, type TestEvent, us } from './support.js';

const TOPIC = 'user_activity';
const EVENTS: readonly TestEvent[] = [
  { at: '12:00:00' },
  { at: '12:04:00.000999', type: 'click' },
  { at: '12:03:00' },
  { at: '12:01:00' },
];

function row(
  batchId: number,
  from: number,
  until: number,
  watermark?: string,
  more: Partial<LedgerRow> = {},
): LedgerRow {
  return {
    query: 'active_users',
    queryId: 'a',
    batchId,
    epoch: 1,
    offsets: { [TOPIC]: { '0': [from, until] } },
    watermark: watermark === undefined ? null : us(watermark),
    rows: 0,
    dead: 0,
    ...more,
  };
}

function check(
  rows: readonly LedgerRow[],
  query: QueryName = 'active_users',
  events: readonly TestEvent[] = EVENTS,
): Check {
  const store = storeOf(events);
  const { batches, check } = readBatches(query, rows, TOPIC, [
    { partition: 0, start: 0, end: events.length, highWatermark: events.length },
  ]);
  return checkWatermarks(batches, store, DEFAULT_SETTINGS, check);
}

const GOOD = [row(0, 0, 1), row(1, 1, 2, '11:58:00'), row(2, 2, 2, '12:02:00'), row(3, 2, 4, '12:02:00')];

describe('the ledger of a query', () => {
  it('passes when batches adjoin and each watermark follows from the latest event before', () => {
    const { status, samples } = check(GOOD);
    assert.equal(status, 'passed', JSON.stringify(samples));
  });

  it('follows the times of page views only for page_view_counts', () => {
    const rows = [row(0, 0, 1), row(1, 1, 2, '11:58:00'), row(2, 2, 4, '11:58:00'), row(3, 4, 4, '12:01:00')];
    const ofQuery = rows.map((one) => ({ ...one, query: 'page_view_counts' }));
    assert.deepEqual(check(ofQuery, 'page_view_counts').samples, []);
    assert.equal(
      check(
        GOOD.map((one) => ({ ...one, query: 'page_view_counts' })),
        'page_view_counts',
      ).status,
      'failed',
    );
  });

  it('has no watermark for events', () => {
    const rows = [row(0, 0, 2), row(1, 2, 4)].map((one) => ({ ...one, query: 'events' }));
    assert.equal(check(rows, 'events').status, 'passed');
    assert.equal(check([row(0, 0, 4, '12:00:00', { query: 'events' })], 'events').status, 'failed');
  });

  it('never lets the watermark fall', () => {
    const late: readonly TestEvent[] = [{ at: '12:10:00' }, { at: '12:00:00' }];
    assert.equal(
      check([row(0, 0, 1), row(1, 1, 2, '12:08:00'), row(2, 2, 2, '12:08:00')], 'active_users', late).status,
      'passed',
    );
    const fallen = check([row(0, 0, 1), row(1, 1, 2, '12:08:00'), row(2, 2, 2, '11:58:00')], 'active_users', late);
    assert.match(fallen.samples[0]?.where ?? '', /batch 2, watermark/);
  });

  it('leaves out rows of other queries', () => {
    assert.equal(check([...GOOD, row(9, 5, 9, undefined, { query: 'events', queryId: 'z' })]).status, 'passed');
  });

  const [first, second, third, fourth] = GOOD as [LedgerRow, LedgerRow, LedgerRow, LedgerRow];
  const faults: readonly (readonly [title: string, rows: readonly LedgerRow[], where: RegExp])[] = [
    ['a missing batch', [first, second, fourth], /batch 2/],
    ['a missing first batch', [second, third, fourth], /batch 0/],
    [
      'records between two batches',
      [first, row(1, 1, 2, '11:58:00'), row(2, 3, 3, '12:02:00'), fourth],
      /batch 2, partition 0/,
    ],
    ['records in two batches', [first, row(1, 0, 2, '11:58:00'), third, fourth], /batch 1, partition 0/],
    ['records before the first batch', [row(0, 1, 2), row(1, 2, 4, '12:02:00')], /batch 0, partition 0/],
    ['records beyond the end of the topic', [row(0, 0, 5)], /partition 0/],
    [
      'a partition that the topic has not',
      [row(0, 0, 4, undefined, { offsets: { [TOPIC]: { '0': [0, 4], '7': [0, 1] } } })],
      /partition 7/,
    ],
    ['a partition left out', [first, row(1, 0, 0, '11:58:00', { offsets: { [TOPIC]: {} } })], /batch 1, partition 0/],
    ['another topic', [row(0, 0, 4, undefined, { offsets: { other: { '0': [0, 4] } } })], /batch 0, offsets/],
    [
      'offsets that run backwards',
      [row(0, 0, 4, undefined, { offsets: { [TOPIC]: { '0': [4, 0] } } })],
      /offsets of partition 0/,
    ],
    [
      'offsets that are none',
      [row(0, 0, 4, undefined, { offsets: { [TOPIC]: { '0': 'x' } } })],
      /offsets of partition 0/,
    ],
    ['two query ids', [row(0, 0, 4), row(0, 0, 4, undefined, { queryId: 'b' })], /query_id/],
    ['an epoch that falls', [row(0, 0, 1, undefined, { epoch: 2 }), second, third, fourth], /batch 1/],
    [
      'a watermark too early',
      [first, second, row(2, 2, 2, '12:01:59'), row(3, 2, 4, '12:02:00')],
      /batch 2, watermark/,
    ],
    [
      'a watermark too late by a millisecond',
      [first, second, third, row(3, 2, 4, '12:02:00.001')],
      /batch 3, watermark/,
    ],
    ['a watermark in the first batch', [row(0, 0, 4, '11:00:00')], /batch 0, watermark/],
    ['a watermark of microseconds', [first, row(1, 1, 2, '11:58:00.000001'), third, fourth], /batch 1, watermark/],
    [
      'no watermark where there must be one',
      [first, second, row(2, 2, 2), row(3, 2, 4, '12:02:00')],
      /batch 2, watermark/,
    ],
    ['no batch at all', [], /active_users/],
  ];
  for (const [title, rows, where] of faults) {
    it(`fails on ${title}`, () => {
      const { status, samples } = check(rows);
      assert.equal(status, 'failed');
      assert.ok(
        samples.some((sample) => where.test(sample.where)),
        JSON.stringify(samples),
      );
    });
  }

  it('says that removed records cannot be recomputed', () => {
    const { check: builder } = readBatches('events', [row(0, 0, 9, undefined, { query: 'events' })], TOPIC, [
      { partition: 0, start: 4, end: 9, highWatermark: 9 },
    ]);
    assert.match(builder.finish({ emptyHolds: false }).samples[0]?.found ?? '', /no longer in the topic/);
  });

  it('takes a topic whose beginning was removed before the first batch', () => {
    const { check: builder } = readBatches('events', [row(0, 4, 9, undefined, { query: 'events' })], TOPIC, [
      { partition: 0, start: 4, end: 9, highWatermark: 9 },
    ]);
    assert.equal(builder.finish({ emptyHolds: false }).status, 'passed');
  });

  it('takes a partition that is added later', () => {
    const rows = [
      row(0, 0, 4, undefined, { query: 'events' }),
      row(1, 4, 4, undefined, { query: 'events', offsets: { [TOPIC]: { '0': [4, 4], '1': [0, 2] } } }),
    ];
    const bounds = [
      { partition: 0, start: 0, end: 4, highWatermark: 4 },
      { partition: 1, start: 0, end: 2, highWatermark: 2 },
    ];
    assert.equal(readBatches('events', rows, TOPIC, bounds).check.finish({ emptyHolds: false }).status, 'passed');
  });
});
