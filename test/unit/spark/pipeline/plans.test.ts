/** The four queries' plans, kept as text: a change of one changes what a checkpoint holds, so it must be seen, and the version raised. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printRelation } from '../../../../spark/connect/plan/print.js';
import { DataStreamReader } from '../../../../spark/connect/read/stream-reader.js';
import { userActivity } from '../../../../spark/pipeline/index.js';
import type { PipelineQuery } from '../../../../spark/pipeline/pipeline.js';
import { assertGolden } from '../../../support/golden.js';
import { fakeConnection } from '../connect/fake-connection.js';

const OPTIONS = {
  topic: 'user_activity',
  watermarkDelayMs: 120_000,
  sessionTimeoutMs: 300_000,
  futureToleranceMs: 300_000,
} as const;
const { queries } = userActivity(OPTIONS);

for (const query of queries) {
  test(`the plan of ${query.name} is the one that is kept`, async () => {
    await assertGolden(`pipeline/${query.name}.txt`, planOf(query));
  });
}

test('a query planned again has the same plan, as a restart from a checkpoint needs it', () => {
  const again = userActivity(OPTIONS).queries;
  assert.deepEqual(again.map(planOf), queries.map(planOf));
});

test('in every windowed query dead records are left out before the watermark is taken', () => {
  const windowed = queries.filter(({ name }) => name !== 'events');
  assert.equal(windowed.length, 3);
  for (const query of windowed) {
    // Printed from the result down to the source: what stands further down happens first.
    const steps = planOf(query)
      .split('\n')
      .map((line) => line.trimStart());
    const watermark = steps.findIndex((step) => step.startsWith('withWatermark'));
    const filter = steps.indexOf('filter condition=isNull(reason)');
    assert.ok(watermark >= 0 && filter > watermark, `${query.name}: watermark ${watermark}, filter ${filter}`);
  }
});

test('the delay, the timeout and the tolerance that are asked for are those in the plans', () => {
  const changed = userActivity({
    ...OPTIONS,
    watermarkDelayMs: 1_234,
    sessionTimeoutMs: 5_678,
    futureToleranceMs: 9_876,
  });
  const plans = new Map(changed.queries.map((query) => [query.name, planOf(query)]));
  for (const plan of plans.values()) assert.match(plan, /9\.876/);
  for (const name of ['page_view_counts', 'active_users', 'user_sessions']) {
    assert.match(plans.get(name) ?? '', /withWatermark .*"1234 milliseconds"/);
  }
  assert.match(plans.get('user_sessions') ?? '', /session_window\(event_time, '5678 milliseconds'\)/);
});

test('every upsert names keys among its columns, and no column twice', () => {
  for (const { name, sink } of queries) {
    if (sink.kind !== 'upsert') continue;
    assert.equal(new Set(sink.columns).size, sink.columns.length, name);
    assert.deepEqual(
      sink.key.filter((column) => !sink.columns.includes(column)),
      [],
      name,
    );
  }
});

function planOf(query: PipelineQuery): string {
  const records = new DataStreamReader(fakeConnection()).format('kafka').options({ subscribe: OPTIONS.topic }).load();
  // The rules look for NUL, and a file that holds one is no text to git.
  return printRelation(query.plan(records).relation).replaceAll('\u0000', '\\u0000');
}
