/** Poison is found by halving: exactly the refused items, whatever their number and place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFew, isolateRefused, RefusalCount } from '../../../../spark/sinks/refusal.js';
import { SinkError } from '../../../../spark/sinks/sink-error.js';
import { Random } from '../../../simulation/scheduler.js';

test('the refused items are found, every other one is brought in once, and a single one costs few attempts', async () => {
  const random = new Random(1);
  for (let run = 0; run < 500; run++) {
    const count = random.below(200);
    const poison = new Set(
      Array.from({ length: random.below(4) }, () => random.below(Math.max(count, 1))).filter((n) => n < count),
    );
    const brought: number[] = [];
    let attempts = 0;
    const refused = await isolateRefused(count, 4, async (from, until) => {
      attempts++;
      const range = Array.from({ length: until - from }, (_, index) => from + index);
      if (range.some((n) => poison.has(n))) return 'refused';
      brought.push(...range);
      return undefined;
    });
    assert.deepEqual(
      refused.map(({ index }) => index),
      [...poison].sort((a, b) => a - b),
    );
    assert.deepEqual(
      brought,
      Array.from({ length: count }, (_, n) => n).filter((n) => !poison.has(n)),
    );
    if (poison.size === 1)
      assert.ok(attempts <= 2 * Math.ceil(Math.log2(count)) + 1, `${attempts} attempts for ${count}`);
  }
});

test('more refused than allowed ends the search with the cause and the setting that allows more', async () => {
  let attempts = 0;
  const search = isolateRefused(1000, 2, async () => {
    attempts++;
    return '22003: out of range';
  });
  await assert.rejects(
    search,
    (error: unknown) =>
      error instanceof SinkError &&
      error.kind === 'poison' &&
      /22003: out of range.*POISON_ROWS_MAX/s.test(error.message),
  );
  assert.ok(attempts < 30, `${attempts} attempts`);
  assertFew(2, 2, 'why');
});

test('only the third refusal in a row that says the same is taken for poison', () => {
  const count = new RefusalCount();
  assert.deepEqual(
    ['a', 'a', 'b', 'a', 'a', 'a', 'a'].map((why) => count.isLast(why)),
    [false, false, false, false, false, true, true],
  );
});
