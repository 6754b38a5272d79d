import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { loadProtocol } from '../../../../../proto/load.js';
import type { FetchErrorDetailsResponseErrorOutput } from '../../../../../proto/messages.js';
import { CAUSES_MAX, decodeErrorChain } from '../../../../../spark/connect/errors/error-details.js';
import { SparkError, toSparkError } from '../../../../../spark/connect/errors/index.js';
import { conditionInText } from '../../../../../spark/connect/errors/to-spark-error.js';

function grpcError(code: number, details: string, info?: Record<string, string>): Error {
  const metadata = new Metadata();
  if (info !== undefined) {
    const { codecs } = loadProtocol();
    const value = codecs.errorInfo.serialize({ reason: 'x', domain: 'org.apache.spark', metadata: info });
    metadata.set(
      'grpc-status-details-bin',
      Buffer.from(
        codecs.status.serialize({ code, details: [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value }] }),
      ),
    );
  }
  return Object.assign(new Error(`${code}: ${details}`), { code, details, metadata });
}

function serverError(message: string, causeIdx?: number): FetchErrorDetailsResponseErrorOutput {
  return {
    errorTypeHierarchy: ['org.apache.spark.SparkException'],
    message,
    stackTrace: [{ declaringClass: 'a.B', methodName: 'c', fileName: 'B.scala', lineNumber: 7 }],
    ...(causeIdx === undefined ? {} : { causeIdx }),
  };
}

test("ErrorInfo's condition, SQLSTATE, parameters and classes are kept", () => {
  const error = toSparkError(
    grpcError(13, '[TABLE_OR_VIEW_NOT_FOUND] The table or view `t` cannot be found.', {
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      classes: '["org.apache.spark.sql.AnalysisException","java.lang.Exception"]',
      messageParameters: '{"relationName":"`t`"}',
    }),
    { operationId: 'op', queryName: 'q' },
  );
  assert.equal(error.kind, 'analysis');
  assert.equal(error.condition, 'TABLE_OR_VIEW_NOT_FOUND');
  assert.equal(error.sqlState, '42P01');
  assert.deepEqual(error.messageParameters, { relationName: '`t`' });
  assert.equal(error.operationId, 'op');
  assert.equal(error.queryName, 'q');
  assert.equal(error.grpcCode, 13);
  assert.ok(error.cause instanceof Error);
});

test('a parse error is a parse error though its class is also an analysis error', () => {
  const classes = '["org.apache.spark.sql.catalyst.parser.ParseException","org.apache.spark.sql.AnalysisException"]';
  assert.equal(toSparkError(grpcError(13, 'x', { classes })).kind, 'parse');
});

test('the kind follows from the condition, then the class, then the code', () => {
  const kinds: [Error, string][] = [
    [grpcError(14, 'No connection established'), 'connection'],
    [grpcError(16, 'No token'), 'authentication'],
    [grpcError(4, 'Deadline exceeded'), 'connection'],
    [grpcError(1, 'Cancelled'), 'cancelled'],
    [grpcError(12, 'Unimplemented'), 'unsupported'],
    [grpcError(13, '[INVALID_HANDLE.SESSION_CHANGED] The handle is invalid.'), 'sessionLost'],
    [grpcError(13, '[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid.'), 'sessionLost'],
    [grpcError(13, '[INVALID_HANDLE.OPERATION_NOT_FOUND] The handle is invalid.'), 'execution'],
    [grpcError(13, '[OPERATION_CANCELED] Operation has been canceled.'), 'cancelled'],
    [grpcError(13, 'x', { classes: '["org.apache.spark.sql.streaming.StreamingQueryException"]' }), 'query'],
    [grpcError(13, 'x', { classes: '["org.apache.spark.SparkArithmeticException"]' }), 'execution'],
    [new TypeError('ours'), 'protocol'],
  ];
  for (const [caught, kind] of kinds) assert.equal(toSparkError(caught).kind, kind, caught.message);
});

test('a refused connection says where, how often, how long, and what to do', () => {
  const details =
    'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:15002. Resolution note: ';
  const { message } = toSparkError(grpcError(14, details), {
    address: '127.0.0.1:15002',
    attempts: 3,
    elapsedMs: 10_040,
  });
  assert.equal(
    message,
    'Spark at 127.0.0.1:15002 did not answer in 10 s (3 attempts): connect ECONNREFUSED 127.0.0.1:15002. ' +
      'Check that the Spark Connect server runs and that the address is right.',
  );
});

test('anything at all becomes a SparkError, and a SparkError stays itself', () => {
  const odd: unknown[] = [undefined, null, 0, 'text', {}, [], Object.create(null), Symbol.iterator, () => {}];
  odd.push(Object.assign(new Error('x'), { code: 13, metadata: { get: () => [Buffer.from('rubbish')] } }));
  odd.push(
    Object.assign(new Error('x'), {
      code: 13,
      metadata: {
        get: () => {
          throw new Error('y');
        },
      },
    }),
  );
  odd.push(grpcError(13, 'x', { classes: '["cut', messageParameters: '[1]' }));
  for (const caught of odd) assert.ok(toSparkError(caught) instanceof SparkError);
  const own = new SparkError('x', { kind: 'input' });
  assert.equal(toSparkError(own), own);
});

test("the details' chain replaces the status' shortened text and gives the causes", () => {
  const chain = decodeErrorChain({
    serverSideSessionId: '',
    sessionId: '',
    rootErrorIdx: 0,
    errors: [serverError('whole text', 1), serverError('Traceback of the handler')],
  });
  const error = toSparkError(grpcError(13, 'cut te...'), { chain });
  assert.equal(error.message, 'whole text');
  assert.deepEqual(
    error.causes.map((cause) => cause.message),
    ['Traceback of the handler'],
  );
  assert.deepEqual(error.causes[0]?.stackTrace, ['a.B.c(B.scala:7)']);
});

test('a chain that bites its tail ends, a long one is bounded, an unknown error gives none', () => {
  const head = { serverSideSessionId: '', sessionId: '' };
  assert.equal(
    decodeErrorChain({ ...head, rootErrorIdx: 0, errors: [serverError('a', 1), serverError('b', 0)] }).length,
    2,
  );
  const long = Array.from({ length: 50 }, (_, index) => serverError(String(index), index + 1));
  assert.equal(decodeErrorChain({ ...head, rootErrorIdx: 0, errors: long }).length, CAUSES_MAX + 1);
  assert.deepEqual(decodeErrorChain({ ...head, errors: [] }), []);
  assert.deepEqual(decodeErrorChain({ ...head, rootErrorIdx: 9, errors: [serverError('a')] }), []);
});

test('the condition is found where Spark writes it and nowhere else', () => {
  assert.equal(
    conditionInText('[INVALID_HANDLE.SESSION_CHANGED] The handle 1 is invalid.'),
    'INVALID_HANDLE.SESSION_CHANGED',
  );
  assert.equal(
    conditionInText('org.apache.spark.SparkSQLException: [INVALID_CURSOR.DISCONNECTED] x'),
    'INVALID_CURSOR.DISCONNECTED',
  );
  assert.equal(conditionInText('array [0] and [lower]'), undefined);
});
