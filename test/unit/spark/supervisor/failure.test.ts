import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SparkError } from '../../../../spark/connect/index.js';
import { type FailureKind, judgeFailure } from '../../../../spark/supervisor/failure.js';

/** As they reach the supervisor. */
const TEXTS: readonly (readonly [FailureKind, string])[] = [
  [
    'fenced',
    'Python worker failed:\nSinkError: Pipeline user-activity was taken over (epoch 4 belongs to host pid 7); this writer holds epoch 3 and stops.\n    at assertEpoch',
  ],
  [
    'lost',
    '[CANNOT_LOAD_STATE_STORE.CANNOT_READ_DELTA_FILE_NOT_EXISTS] An error occurred during loading state. Error reading delta file',
  ],
  ['lost', '[KAFKA_DATA_LOSS.COULD_NOT_READ_OFFSET_RANGE] Some data may have been lost because it is not available'],
  ['no-space', 'java.io.IOException: No space left on device'],
  ['no-space', 'error: could not extend file "base/16384/2619": No space left on device'],
  ['no-space', 'ENOSPC: no space left on device, write'],
  ['other', 'Python worker exited unexpectedly (crashed)'],
  ['other', 'org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment'],
  ['other', 'a handler said: the state of the world was taken over by events'],
];

for (const [kind, text] of TEXTS) {
  test(`"${text.split('\n')[0]?.slice(0, 60)}…" is ${kind}`, () => {
    assert.equal(judgeFailure(new Error(text)), kind);
    assert.equal(judgeFailure(new SparkError('outer', { kind: 'query', causes: [causeOf(text)] })), kind);
  });
}

test('a condition counts wherever Spark has put it', () => {
  const condition = 'CANNOT_LOAD_STATE_STORE.UNCATEGORIZED';
  assert.equal(judgeFailure(new SparkError('x', { kind: 'query', condition })), 'lost');
  const causes = [{ ...causeOf('x'), condition }];
  assert.equal(judgeFailure(new SparkError('x', { kind: 'query', causes })), 'lost');
});

function causeOf(message: string) {
  return { message, classes: [], messageParameters: {}, queryContexts: [], stackTrace: [] };
}
