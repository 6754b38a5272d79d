/** The test kit on the pipeline that comes with sluice: windows, late events and sessions as its users would test their own. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Pipeline, userActivity } from '../../../spark/pipeline/index.js';
import { closeTestKit, testPipeline } from '../../../spark/testkit/index.js';

after(closeTestKit);

const TOPIC = 'user_activity';
const pipeline: Pipeline = userActivity({
  topic: TOPIC,
  watermarkDelayMs: 120_000,
  sessionTimeoutMs: 300_000,
  futureToleranceMs: 300_000,
});

function view(user_id: string, time: string, event_type = 'page_view') {
  return { event_time: `2024-03-04T${time}Z`, user_id, page_url: '/', event_type };
}

test('page views are counted per minute, and a later micro-batch replaces the row', async () => {
  const { page_view_counts } = await testPipeline(
    pipeline,
    [{ [TOPIC]: [view('a', '09:00:01'), view('b', '09:00:59')] }, { [TOPIC]: [view('a', '09:00:30')] }],
    { queries: ['page_view_counts'] },
  );
  assert.deepEqual(
    page_view_counts?.emitted.map(({ view_count }) => view_count),
    [2n, 3n],
  );
  assert.deepEqual(
    page_view_counts?.rows.map(({ page_url, view_count }) => [page_url, view_count]),
    [['/', 3n]],
  );
});

test('an event behind the watermark is dropped and told, one in an open window is not', async () => {
  const { page_view_counts } = await testPipeline(
    pipeline,
    [
      { [TOPIC]: [view('a', '09:00:10')] },
      { watermark: '2024-03-04T09:01:00Z' },
      { [TOPIC]: [view('late', '09:00:20'), view('b', '09:01:20')] },
    ],
    { queries: ['page_view_counts'] },
  );
  assert.equal(page_view_counts?.lateRows, 1);
  assert.deepEqual(
    page_view_counts?.rows.map(({ view_count }) => view_count),
    [1n, 1n],
  );
});

test('a session comes when the watermark has passed its timeout, not before', async () => {
  const events = { [TOPIC]: [view('a', '09:00:00', 'session_start'), view('a', '09:01:00')] };
  const of = { queries: ['user_sessions'] };
  const open = await testPipeline(pipeline, events, of);
  assert.deepEqual(open.user_sessions?.rows, []);
  const closed = await testPipeline(pipeline, events, { ...of, watermark: '2024-03-04T09:06:00Z' });
  assert.deepEqual(
    closed.user_sessions?.rows.map(({ user_id, event_count, end_reason }) => [user_id, event_count, end_reason]),
    [['a', 2n, 'timeout']],
  );
});

test('records that are no events come out as dead, with the reason', async () => {
  const { events } = await testPipeline(
    pipeline,
    { [TOPIC]: ['{', null, view('a', '09:00:00')] },
    { queries: ['events'] },
  );
  assert.deepEqual(
    events?.rows.map(({ reason }) => reason),
    ['not_a_json_object', 'null_value', null],
  );
});

test('a topic or a query that the pipeline does not have is refused by name', async () => {
  await assert.rejects(testPipeline(pipeline, { orders: [{}] }), /no topic orders; it reads user_activity/);
  await assert.rejects(testPipeline(pipeline, {}, { queries: ['orders'] }), /no query orders; it has events/);
});
