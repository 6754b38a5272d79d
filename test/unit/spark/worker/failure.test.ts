import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SparkError } from '../../../../spark/connect/index.js';
import { describeFailure, FAILURE_CHARS_MAX, withoutOwnLines } from '../../../../spark/worker/failure.js';

test('an error comes with its stack and what caused it', () => {
  const text = describeFailure(new Error('outer', { cause: new TypeError('inner', { cause: 'a text' }) }));
  assert.match(
    text,
    /^Error: outer\n {4}at .*\nCaused by: TypeError: inner\n {4}at .*\nCaused by: 'a text' \(thrown, but not an Error\)$/s,
  );
});

test('an error of Spark says condition, state, operation and what happened at the server, once', () => {
  const text = describeFailure(
    new SparkError('no such table', {
      kind: 'analysis',
      condition: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      operationId: 'op-1',
      causes: [{ message: 'because', classes: [], messageParameters: {}, queryContexts: [], stackTrace: [] }],
      cause: Object.assign(new Error('13 INTERNAL: no such table'), { metadata: {} }),
    }),
  );
  assert.match(text, /\(condition TABLE_OR_VIEW_NOT_FOUND; SQLSTATE 42P01; operation op-1; at the server: because\)/);
  assert.doesNotMatch(text, /13 INTERNAL/);
});

test('an error of several tries names them, since its own message is empty', () => {
  const tries = ['::1', '127.0.0.1', '10.0.0.1', '10.0.0.2'].map((host) => new Error(`connect ECONNREFUSED ${host}`));
  const text = describeFailure(new AggregateError(tries));
  assert.match(
    text,
    /of: Error: connect ECONNREFUSED ::1\n {4}of: .*127\.0\.0\.1\n {4}of: .*10\.0\.0\.1\n {4}and 1 more$/s,
  );
});

test('what is thrown without being an error, leads back to itself or cannot be read is described all the same', () => {
  assert.match(describeFailure({ code: 5 }), /^\{ code: 5 \} \(thrown, but not an Error\)$/);
  assert.match(describeFailure(undefined), /^undefined \(thrown, but not an Error\)$/);
  const loop = new Error('loop');
  loop.cause = loop;
  assert.equal(describeFailure(loop).match(/Error: loop/g)?.length, 1);
  const hostile = Object.defineProperty(new Error('x'), 'stack', {
    get() {
      throw new Error('no stack');
    },
  });
  assert.match(describeFailure(hostile), /cannot be described: Error: no stack/);
});

test('a message set after the error was made is in the text', () => {
  const error = new Error('first');
  void error.stack;
  error.message = 'second';
  assert.match(describeFailure(error), /^Error: second\n/);
});

test('a failure of any length is cut, and keeps its beginning and its end', () => {
  const text = describeFailure(new Error('x'.repeat(100_000), { cause: 'the end' }));
  assert.ok(text.length <= FAILURE_CHARS_MAX);
  assert.match(text, /^Error: xxx.*… \d+ characters left out ….*'the end' \(thrown, but not an Error\)$/s);
});

test('the lines of this program below the handler are left out', () => {
  const text = [
    'Error: x',
    '    at save (orders/save.ts:3:5)',
    '    at handle (node_modules/sluice/spark/worker/batch-host.ts:69:13)',
    '    at async spark/worker/batch-host.ts:95:13',
    '    at async MessagePort.<anonymous> (/opt/sluice-worker.cjs:476:21)',
    'Caused by: y',
  ].join('\n');
  assert.equal(withoutOwnLines(text), 'Error: x\n    at save (orders/save.ts:3:5)\nCaused by: y');
});
