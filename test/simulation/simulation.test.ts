/** The sinks' own steps, run against simulated services in every order that chance finds. A failing seed is repeated by its number. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateMany } from './many.js';
import { simulate } from './run.js';

const RUNS = 20_000;

test(`in ${RUNS} runs with crashes, take-overs and lost replies each record is in each sink once, and nothing is left behind`, async (t) => {
  t.mock.method(console, 'warn', () => {});
  const { failed, steps } = await simulateMany(1, RUNS);
  const [first] = failed;
  assert.equal(
    first,
    undefined,
    `${failed.length} of ${RUNS} runs failed; npm run simulate -- --seed ${first?.seed}: ${first?.violations.map(({ what }) => what).join('; ')}`,
  );
  // Runs in which nothing happens would prove nothing.
  assert.ok(steps > RUNS * 200, `${steps} steps`);
});

test('a seed repeats its run step by step', async (t) => {
  t.mock.method(console, 'warn', () => {});
  const [first, second] = [await simulate(17, { isTraced: true }), await simulate(17, { isTraced: true })];
  assert.ok(first.trace.length > 200);
  assert.deepEqual(second, first);
  assert.notDeepEqual((await simulate(18, { isTraced: true })).trace, first.trace);
});
