import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandlerError } from '../../../../spark/worker/handler-error.js';
import { encodeParams } from '../../../../spark/worker/params.js';

test('plain JSON travels as it is, and no parameters as null', () => {
  const params = { text: 'ä', list: [1, null, { deep: true }], absent: undefined };
  assert.deepEqual(JSON.parse(encodeParams(params)), { text: 'ä', list: [1, null, { deep: true }] });
  assert.equal(encodeParams(undefined), 'null');
});

for (const [params, fault] of [
  [{ since: new Date(0) }, /params\.since is a Date\./],
  [{ limits: [1, 2n] }, /params\.limits\[1\] is a bigint\./],
  [{ rate: Number.NaN }, /params\.rate is NaN\./],
  [{ clean: () => 1 }, /params\.clean is a function\./],
  [[undefined], /params\[0\] is undefined\./],
  [new Map(), /params is a Map\./],
] as const) {
  test(`refuses what JSON would change: ${fault.source}`, () => {
    assert.throws(
      () => encodeParams(params),
      (error: Error) => error instanceof HandlerError && fault.test(error.message),
    );
  });
}

test('refuses parameters that lead back into themselves', () => {
  const params: { self?: unknown } = {};
  params.self = params;
  assert.throws(() => encodeParams(params), /nested more than/);
});
