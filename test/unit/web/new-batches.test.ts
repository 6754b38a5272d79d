import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NewBatches } from '../../../web/new-batches.js';
import type { BatchPoint, Snapshot } from '../../../web/snapshot.js';

const batch = (query: string, batchId: string, second: number): BatchPoint => ({
  query,
  batchId,
  startedAt: `2026-03-01T12:00:0${second}.000Z`,
  durationMs: 1,
  inputRows: 1,
  lateRows: 0,
  stateRows: 0,
  stateBytes: 0,
});

const sent = (news: NewBatches, ...batches: BatchPoint[]): string[] =>
  news.of({ batches } as unknown as Snapshot).batches.map(({ query, batchId }) => `${query} ${batchId}`);

test('a reader is sent every batch once, also one whose report comes late', () => {
  const news = new NewBatches();
  const [a0, a1, b0, a2] = [batch('a', '0', 0), batch('a', '1', 2), batch('b', '0', 1), batch('a', '2', 3)];
  assert.deepEqual(sent(news, a0, a1), ['a 0', 'a 1']);
  assert.deepEqual(sent(news, a0, a1), []);
  assert.deepEqual(sent(news, a0, b0, a1), ['b 0']);
  assert.deepEqual(sent(news, b0, a1, a2), ['a 2']);
});

test('another reader begins with all of them, and so does a query that was reset', () => {
  assert.deepEqual(sent(new NewBatches(), batch('a', '0', 0)), ['a 0']);
  const news = new NewBatches();
  sent(news, batch('a', '0', 0));
  assert.deepEqual(sent(news, batch('a', '0', 5)), ['a 0']);
});
