import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasSessionPerBatch } from '../../../../spark/worker/batch-host.js';

test('a session comes with each batch from Spark 4.3 on', () => {
  for (const version of ['4.0.0', '4.1.1', '4.2.0', '4.2.1-SNAPSHOT', '3.5.6'])
    assert.equal(hasSessionPerBatch(version), false, version);
  for (const version of ['4.3.0', '4.3.0-SNAPSHOT', '4.10.0', '5.0.0'])
    assert.equal(hasSessionPerBatch(version), true, version);
});
