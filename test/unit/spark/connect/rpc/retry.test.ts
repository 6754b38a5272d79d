import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { loadProtocol } from '../../../../../proto/load.js';
import { DEFAULT_RETRY, judge, pause, Retrier, withRetries } from '../../../../../spark/connect/rpc/retry.js';

function grpcError(code: number, details: string, retryDelay?: { seconds: number; nanos: number }): Error {
  const metadata = new Metadata();
  if (retryDelay !== undefined) {
    const { codecs } = loadProtocol();
    const value = codecs.retryInfo.serialize({ retryDelay });
    metadata.set(
      'grpc-status-details-bin',
      Buffer.from(
        codecs.status.serialize({ code, details: [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value }] }),
      ),
    );
  }
  return Object.assign(new Error(details), { code, details, metadata });
}

test('UNAVAILABLE, a disconnected cursor, a reset stream and anything with RetryInfo are tried again', () => {
  assert.equal(judge(grpcError(14, 'No connection established')).kind, 'retry');
  assert.equal(judge(grpcError(13, '[INVALID_CURSOR.DISCONNECTED] x')).kind, 'retry');
  assert.equal(judge(grpcError(13, 'Received RST_STREAM with code 2')).kind, 'retry');
  assert.deepEqual(judge(grpcError(8, 'busy', { seconds: 2, nanos: 500_000_000 })), {
    kind: 'retry',
    serverWaitMs: 2500,
  });
});

test('everything else fails at once', () => {
  for (const code of [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16]) {
    assert.equal(judge(grpcError(code, 'text')).kind, 'fail', String(code));
  }
  assert.equal(judge(new TypeError('x')).kind, 'fail');
  assert.equal(judge('x').kind, 'fail');
  assert.equal(judge(undefined).kind, 'fail');
});

test("the default waits are Spark's and add up to ten minutes", () => {
  const retrier = new Retrier(DEFAULT_RETRY);
  const waits: number[] = [];
  for (;;) {
    const wait = retrier.next(grpcError(14, ''), () => 0);
    if (wait === undefined) break;
    waits.push(wait);
  }
  assert.deepEqual(waits.slice(0, 7), [50, 200, 800, 3200, 12_800, 51_200, 60_000]);
  assert.equal(waits.length, 15);
  assert.ok(waits.reduce((sum, wait) => sum + wait) >= 600_000);
});

test('jitter is added to long waits only', () => {
  const retrier = new Retrier(DEFAULT_RETRY);
  const waits = Array.from({ length: 4 }, () => retrier.next(grpcError(14, ''), () => 1));
  assert.deepEqual(waits, [50, 200, 800, 3700]);
});

test('the server may ask for a longer wait, up to ten minutes, never for a shorter one', () => {
  const retrier = new Retrier({ ...DEFAULT_RETRY, jitterMs: 0 });
  assert.equal(retrier.next(grpcError(8, '', { seconds: 30, nanos: 0 })), 30_000);
  assert.equal(retrier.next(grpcError(8, '', { seconds: 0, nanos: 1 })), 200);
  assert.equal(retrier.next(grpcError(8, '', { seconds: 86_400, nanos: 0 })), 600_000);
});

test('an answer in between gives the whole budget back', () => {
  const retrier = new Retrier({ ...DEFAULT_RETRY, retriesMax: 1 });
  assert.equal(retrier.next(grpcError(14, '')), 50);
  retrier.succeeded();
  assert.equal(retrier.next(grpcError(14, '')), 50);
  assert.equal(retrier.next(grpcError(14, '')), undefined);
  assert.equal(retrier.attempts, 3);
});

test('a call is made until it succeeds, and the last error comes out when it does not', async () => {
  const quick = { ...DEFAULT_RETRY, waitMsFirst: 1, waitMsMax: 1, retriesMax: 3 };
  let calls = 0;
  const answer = await withRetries(new Retrier(quick), undefined, async () => {
    if (++calls < 3) throw grpcError(14, `${calls}`);
    return 'yes';
  });
  assert.equal(answer, 'yes');
  calls = 0;
  await assert.rejects(
    withRetries(new Retrier(quick), undefined, async () => {
      throw grpcError(14, `${++calls}`);
    }),
    { message: '4' },
  );
});

test('no attempt is made after the time limit, and the last one falls on it', () => {
  const retrier = new Retrier({ ...DEFAULT_RETRY, elapsedMsMax: 30 });
  const wait = retrier.next(grpcError(14, ''));
  assert.ok(wait !== undefined && wait <= 30);
  assert.equal(new Retrier({ ...DEFAULT_RETRY, elapsedMsMax: 0 }).next(grpcError(14, '')), undefined);
});

test('a pause ends with the signal, and with its reason', async () => {
  const controller = new AbortController();
  const paused = pause(60_000, controller.signal);
  controller.abort(new Error('enough'));
  await assert.rejects(paused, { message: 'enough' });
});
