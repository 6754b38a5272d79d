import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceLog } from '../../../chaos/readers/source-log.js';
import { compareReadings, type Reading } from '../../../chaos/readers/table-reader.js';

const reading = (rows: Record<string, readonly [fixed: string, ...numbers: number[]]>): Reading =>
  new Map(Object.entries(rows).map(([key, [fixed, ...numbers]]) => [key, { fixed, numbers }]));

test('a table that only grows shows nothing', () => {
  const before = reading({ a: ['x', 1, 5] });
  assert.deepEqual([...compareReadings(before, reading({ a: ['x', 2, 5], b: ['y', 1, 6] }))], []);
});

test('a row that vanishes, changes or falls is named', () => {
  const before = reading({ a: ['x', 1], b: ['x', 2], c: ['x', 3] });
  const now = reading({ b: ['y', 2], c: ['x', 2] });
  assert.deepEqual(
    [...compareReadings(before, now)],
    ['row a has vanished', 'row b was x, is y', 'row c fell from 3 to 2'],
  );
});

function record(offset: number, sourceOffset: number | undefined, value = 'v') {
  const headers =
    sourceOffset === undefined
      ? []
      : [
          { key: 'source_partition', value: '0' },
          { key: 'source_offset', value: String(sourceOffset) },
        ];
  return { partition: 1, offset, headers, value: Buffer.from(value) };
}

test('a record of the source that is seen twice is named, also when it is in both topics', () => {
  const violations: string[] = [];
  const log = new SourceLog((what) => violations.push(what));
  log.add('enriched', record(0, 7));
  log.add('enriched', record(1, 8));
  assert.deepEqual(violations, []);
  log.add('dead', record(0, 7));
  log.add('enriched', record(2, 8));
  assert.equal(log.size, 2);
  assert.deepEqual(violations, [
    'the record of partition 0 offset 7 was seen twice: at enriched partition 1 offset 0 and at dead partition 1 offset 0',
    'the record of partition 0 offset 8 was seen twice: at enriched partition 1 offset 1 and at enriched partition 1 offset 2',
  ]);
});

test('a record without its source is named', () => {
  const violations: string[] = [];
  new SourceLog((what) => violations.push(what)).add('enriched', record(4, undefined));
  assert.deepEqual(violations, ['enriched partition 1 offset 4 does not say where it comes from']);
});

test('what was seen and is taken back, moved or changed later is named', () => {
  const fail = (what: string): void => assert.fail(what);
  const [seen, now] = [new SourceLog(fail), new SourceLog(fail)];
  for (const [offset, source] of [
    [0, 10],
    [1, 11],
    [2, 12],
    [3, 13],
  ] as const)
    seen.add('enriched', record(offset, source));
  now.add('enriched', record(0, 10));
  now.add('enriched', record(5, 11));
  now.add('enriched', record(2, 12, 'other'));
  assert.deepEqual(
    [...seen.differencesTo(now)],
    [
      'the record of partition 0 offset 11 was seen at enriched partition 1 offset 1 and is at enriched partition 1 offset 5',
      'the record of partition 0 offset 12 at enriched partition 1 offset 2 has another value than was seen',
      'the record of partition 0 offset 13 was seen at enriched partition 1 offset 3 and is gone',
    ],
  );
});
