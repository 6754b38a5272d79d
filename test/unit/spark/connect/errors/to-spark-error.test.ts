import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Metadata } from '@grpc/grpc-js';
import { loadProtocol } from '../../../../../proto/load.js';
import type { FetchErrorDetailsResponseErrorOutput } from '../../../../../proto/messages.js';
import { CAUSES_MAX, decodeErrorChain } from '../../../../../spark/connect/errors/error-details.js';
import {
  isSparkError,
  SparkArithmeticError,
  SparkError,
  toSparkError,
} from '../../../../../spark/connect/errors/index.js';
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

test("the server's stack trace is asked for, is that of the whole chain, and is not printed unasked", () => {
  const chain = decodeErrorChain({
    serverSideSessionId: '',
    sessionId: '',
    rootErrorIdx: 0,
    errors: [serverError('it failed', 1), serverError('the reason')],
  });
  const error = toSparkError(grpcError(13, 'cut te...'), { chain });
  assert.deepEqual(error.stackTrace, ['a.B.c(B.scala:7)']);
  assert.equal(
    error.getStackTrace(),
    [
      'org.apache.spark.SparkException: it failed',
      '\tat a.B.c(B.scala:7)',
      'Caused by: org.apache.spark.SparkException: the reason',
      '\tat a.B.c(B.scala:7)',
    ].join('\n'),
  );
  const { causes: _, ...printed } = error;
  assert.doesNotMatch(inspect(printed), /B\.scala/);
  assert.equal(toSparkError(grpcError(13, 'x')).getStackTrace(), undefined);
});

test('an arithmetic error has a class of its own, told by the Java class, else by SQLSTATE', () => {
  const byClass = grpcError(13, 'x', {
    classes: '["org.apache.spark.SparkArithmeticException","java.lang.ArithmeticException"]',
  });
  const byState = grpcError(13, 'x', { errorClass: 'ARITHMETIC_OVERFLOW', sqlState: '22003' });
  for (const caught of [byClass, byState]) {
    const error = toSparkError(caught);
    assert.ok(error instanceof SparkArithmeticError);
    assert.ok(isSparkError(error));
    assert.equal(error.name, 'SparkArithmeticError');
    assert.equal(error.kind, 'execution');
  }
  const number = grpcError(13, 'x', { classes: '["org.apache.spark.SparkNumberFormatException"]', sqlState: '22018' });
  assert.ok(!(toSparkError(number) instanceof SparkArithmeticError));
  // Of another copy of this package.
  const foreign = Object.assign(new Error('x'), { name: 'SparkArithmeticError', kind: 'execution' });
  assert.ok(isSparkError(foreign));
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

test('a certificate that is refused is told as such, with what to do', () => {
  const lines = [
    // As grpc-js 1.14 and Node 20 say them.
    ['Error: unable to verify the first certificate. Resolution note: ', 'unable to verify the first certificate'],
    [
      'Error: self-signed certificate in certificate chain. Resolution note: ',
      'self-signed certificate in certificate chain',
    ],
    ['Error: certificate has expired. Resolution note: ', 'certificate has expired'],
    [
      "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: . Resolution note: ",
      "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list:",
    ],
  ] as const;
  for (const [reason, told] of lines) {
    const error = toSparkError(grpcError(14, `No connection established. Last error: ${reason}`), { address: 'h:1' });
    assert.equal(error.kind, 'connection');
    assert.ok(error.message.startsWith(`Spark at h:1 is not trusted: ${told}. Give the PEM file`), error.message);
  }
  const refused = grpcError(14, 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1.');
  assert.match(toSparkError(refused, { address: 'h:1' }).message, /did not answer/);
});

test('a plan that is nested too deeply is refused in those words, whoever noticed it', () => {
  const ofGrpc = grpcError(13, 'Request message serialization failure: Maximum call stack size exceeded');
  for (const caught of [new RangeError('Maximum call stack size exceeded'), ofGrpc]) {
    const error = toSparkError(caught);
    assert.equal(error.kind, 'input');
    assert.match(error.message, /^The plan is nested too deeply to be sent\./);
    assert.equal(error.cause, caught);
  }
  const unread = toSparkError(grpcError(2, 'Application error processing RPC'), { address: 'a:1' });
  assert.match(unread.message, /^Spark at a:1 could not read the request .*marshallerRecursionLimit\.$/);
});

test('what answers at the address and is no Spark is told as nobody there', () => {
  const web = toSparkError(grpcError(12, 'Received HTTP status code 404'), { address: 'a:80' });
  assert.equal(web.kind, 'connection');
  assert.match(web.message, /^Spark at a:80 did not answer: Received HTTP status code 404\. Check that/);
  const plain = 'Last error: 80EC:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/x.c:350:\n';
  assert.match(
    toSparkError(grpcError(14, plain)).message,
    /did not answer: the client speaks TLS and the server does not\./,
  );
  const closed =
    'No connection established. Last error: Failed to connect (2026-01-02T03:04:05.678Z). Resolution note: ';
  assert.match(toSparkError(grpcError(14, closed)).message, /hung up before it said anything, .*use_ssl=true/);
});

test('a call with a deadline that is cancelled was not answered in time', () => {
  assert.equal(toSparkError(grpcError(1, 'Call cancelled')).kind, 'cancelled');
  const late = toSparkError(grpcError(1, 'Call cancelled'), { hasDeadline: true, attempts: 1, elapsedMs: 1500 });
  assert.equal(late.kind, 'connection');
  assert.match(late.message, /^Spark did not answer in 1\.5 s \(1 attempt\)\. Check that/);
  const silent = grpcError(4, 'Deadline exceeded after 1.500s,name resolution: 0.015s,Waiting for LB pick');
  assert.match(toSparkError(silent).message, /^Spark did not answer\. Check that/);
});
