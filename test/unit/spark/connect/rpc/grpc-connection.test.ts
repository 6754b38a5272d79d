import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecutePlanResponse } from '../../../../../proto/messages.js';
import { SparkError } from '../../../../../spark/connect/errors/spark-error.js';
import { DataFrame } from '../../../../../spark/connect/frame/dataframe.js';
import { createRelation } from '../../../../../spark/connect/plan/relation.js';
import type { ExecuteEvent } from '../../../../../spark/connect/rpc/connection.js';
import type { GrpcConnection } from '../../../../../spark/connect/rpc/grpc-connection.js';
import { type ConnectionOptions, openConnection } from '../../../../../spark/connect/rpc/open-connection.js';
import { decodeRows } from '../../../../../spark/connect/wire/decode-arrow.js';
import { encodeRows } from '../../../../../spark/connect/wire/encode-arrow.js';
import { type FakeSpark, failure, startFakeSpark } from './fake-server.js';
import { startSilentServer } from './silent-server.js';

const SESSION = '00112233-4455-6677-8899-aabbccddeeff';
const PLAN = { kind: 'relation', relation: createRelation({ kind: 'sql', query: 'select 1' }) } as const;
const QUICK = { waitMsFirst: 1, waitMsMax: 2 };
const VERSION = { serverSideSessionId: 'first', sparkVersion: { version: '4.2.0' } };

async function withFake<T>(
  spark: FakeSpark,
  options: ConnectionOptions,
  use: (connection: GrpcConnection) => Promise<T>,
): Promise<T> {
  const fake = await startFakeSpark(spark);
  const connection = openConnection(fake.remote, { sessionId: SESSION, userId: 'me', retry: QUICK, ...options }, {});
  try {
    return await use(connection);
  } finally {
    await connection.settled();
    connection.close();
    connection.close();
    await fake[Symbol.asyncDispose]();
  }
}

async function failureOf(action: Promise<unknown>): Promise<SparkError> {
  const error = await action.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof SparkError, String(error));
  return error;
}

async function eventsOf(connection: GrpcConnection): Promise<ExecuteEvent[]> {
  const events: ExecuteEvent[] = [];
  for await (const event of connection.execute(PLAN)) events.push(event);
  return events;
}

test('every call carries who asks, and the token as a bearer', async () => {
  const fake: FakeSpark = {
    analyze(request, headers) {
      assert.equal(request.sessionId, SESSION);
      assert.equal(request.userContext?.userId, 'me');
      assert.equal(request.clientType, 'tool/1');
      assert.deepEqual(headers.get('authorization'), ['Bearer s3cret']);
      assert.match(String(headers.get('user-agent')[0]), /^tool\/1 node\//);
      return VERSION;
    },
  };
  const answer = await withFake(fake, { token: 's3cret', userAgent: 'tool/1' }, (connection) =>
    connection.check(5_000),
  );
  assert.equal(answer, '4.2.0');
});

test("an operation's description stands in its request where Spark's web page prints it, and in no other request", async () => {
  const names: (string | undefined)[] = [];
  const fake: FakeSpark = {
    execute(request) {
      assert.equal(request.userContext?.userId, 'me');
      names.push(request.userContext?.userName);
      return [{ resultComplete: {} }];
    },
  };
  await withFake(fake, {}, async (connection) => {
    for (const options of [{ description: 'orders 12 upsert' }, {}]) {
      for await (const _ of connection.execute(PLAN, options)) assert.fail('nothing was answered');
    }
  });
  assert.deepEqual(names, ['orders 12 upsert', 'me']);
});

test("the server's own name for the session is sent back from the second call on", async () => {
  const seen: (string | undefined)[] = [];
  const fake: FakeSpark = {
    analyze(request) {
      seen.push(request.clientObservedServerSideSessionId);
      return VERSION;
    },
  };
  await withFake(fake, {}, async (connection) => {
    await connection.analyze({ kind: 'sparkVersion' });
    await connection.analyze({ kind: 'sparkVersion' });
  });
  assert.deepEqual(seen, [undefined, 'first']);
});

test('a server that answers from another session than before is a lost session', async () => {
  let calls = 0;
  const fake: FakeSpark = { analyze: () => ({ ...VERSION, serverSideSessionId: `number ${calls++}` }) };
  const error = await withFake(fake, {}, async (connection) => {
    await connection.analyze({ kind: 'sparkVersion' });
    return failureOf(connection.analyze({ kind: 'sparkVersion' }));
  });
  assert.equal(error.kind, 'sessionLost');
  assert.equal(error.condition, 'INVALID_HANDLE.SESSION_CHANGED');
});

test('a call is made again when the server asks for it, and not otherwise', async () => {
  let calls = 0;
  const busy: FakeSpark = { analyze: () => (++calls < 3 ? failure(8, 'busy', undefined, 5) : VERSION) };
  assert.equal(await withFake(busy, {}, (connection) => connection.analyze({ kind: 'sparkVersion' })), '4.2.0');
  assert.equal(calls, 3);
  calls = 0;
  const wrong: FakeSpark = { analyze: () => failure(13, `wrong ${++calls}`) };
  const error = await withFake(wrong, {}, (connection) => failureOf(connection.analyze({ kind: 'sparkVersion' })));
  assert.equal(error.message, 'wrong 1');
});

test('the details of an error are fetched, and their absence changes nothing but the details', async () => {
  const info = { errorId: 'e1', errorClass: 'DIVIDE_BY_ZERO', sqlState: '22012' };
  const fake: FakeSpark = {
    analyze: () => failure(13, '[DIVIDE_BY_ZERO] Division by ze...', info),
    errorDetails(request) {
      assert.equal(request.errorId, 'e1');
      return {
        rootErrorIdx: 0,
        errors: [
          {
            message: 'Division by zero. All of it.',
            causeIdx: 1,
            sparkThrowable: { errorClass: 'DIVIDE_BY_ZERO', sqlState: '22012' },
          },
          { message: 'deeper' },
        ],
      };
    },
  };
  const ask = (connection: GrpcConnection) => failureOf(connection.analyze({ kind: 'sparkVersion' }));
  const whole = await withFake(fake, {}, ask);
  assert.equal(whole.message, 'Division by zero. All of it.');
  assert.deepEqual(
    whole.causes.map((cause) => cause.message),
    ['deeper'],
  );
  const silent = await withFake({ ...fake, errorDetails: () => failure(12, 'no such method') }, {}, ask);
  assert.equal(silent.message, '[DIVIDE_BY_ZERO] Division by ze...');
  assert.deepEqual([silent.condition, silent.sqlState], ['DIVIDE_BY_ZERO', '22012']);
});

const SCHEMA = { kind: 'struct', fields: [{ name: 'id', type: { kind: 'long' }, nullable: false }] } as const;

/** `rows` as one Arrow batch in `chunks` messages, then the end. */
function chunked(rows: number, chunks: number): ExecutePlanResponse[] {
  const data = encodeRows(
    Array.from({ length: rows }, (_, index) => ({ id: BigInt(index) })),
    SCHEMA,
  );
  const size = Math.ceil(data.length / chunks);
  return [
    ...Array.from({ length: chunks }, (_, index) => ({
      responseId: `r${index}`,
      arrowBatch: {
        rowCount: rows,
        data: data.subarray(index * size, (index + 1) * size),
        startOffset: 0,
        chunkIndex: index,
        numChunksInBatch: chunks,
      },
    })),
    { responseId: 'end', resultComplete: {} },
  ];
}

test('a batch in chunks arrives as one, though the connection breaks between its chunks', async () => {
  const responses = chunked(1000, 5);
  const fake: FakeSpark = {
    execute: () => [...responses.slice(0, 2), failure(14, 'gone')],
    reattach(request) {
      assert.equal(request.lastResponseId, 'r1');
      return responses.slice(2);
    },
  };
  const events = await withFake(fake, {}, eventsOf);
  assert.deepEqual(
    events.map((event) => event.kind),
    ['batch'],
  );
  const rows = events.flatMap((event) => (event.kind === 'batch' ? decodeRows<{ id: bigint }>(event.batch) : []));
  assert.deepEqual(
    rows.map((row) => row.id),
    Array.from({ length: 1000 }, (_, index) => BigInt(index)),
  );
});

test('a chunk that is missing, or rows other than announced, are an error and not a shorter result', async () => {
  const responses = chunked(10, 3);
  const [first, second, third, end] = responses as [
    ExecutePlanResponse,
    ExecutePlanResponse,
    ExecutePlanResponse,
    ExecutePlanResponse,
  ];
  const broken: readonly (readonly ExecutePlanResponse[])[] = [
    [first, third, end],
    [first, second, end],
    chunked(10, 1).map((each) =>
      each.arrowBatch ? { ...each, arrowBatch: { ...each.arrowBatch, rowCount: 11 } } : each,
    ),
    chunked(10, 1).map((each) =>
      each.arrowBatch ? { ...each, arrowBatch: { ...each.arrowBatch, startOffset: 7 } } : each,
    ),
  ];
  for (const result of broken) {
    const error = await withFake({ execute: () => result }, {}, (connection) => failureOf(eventsOf(connection)));
    assert.equal(error.kind, 'protocol', error.message);
  }
});

test('metrics, progress and what was observed are told', async () => {
  const fake: FakeSpark = {
    execute: () => [
      {
        responseId: 'r0',
        executionProgress: {
          stages: [{ stageId: 1, numTasks: 4, numCompletedTasks: 3, inputBytesRead: 5, done: false }],
          numInflightTasks: 1,
        },
      },
      {
        responseId: 'r1',
        observedMetrics: [{ name: 'quality', keys: ['rows', 'worst'], values: [{ long: '7' }, { double: 0.5 }] }],
        metrics: {
          metrics: [
            {
              name: 'Range',
              planId: 1,
              parent: 0,
              executionMetrics: { rows: { name: 'rows', value: '9', metricType: 'sum' } },
            },
          ],
        },
      },
      { responseId: 'end', resultComplete: {} },
    ],
  };
  const [progress, observed, metrics] = await withFake(fake, {}, eventsOf);
  assert.deepEqual(progress, {
    kind: 'progress',
    progress: {
      stages: [{ stageId: 1, tasks: 4, completedTasks: 3, inputBytesRead: 5, isDone: false }],
      inflightTasks: 1,
    },
  });
  assert.deepEqual(observed, {
    kind: 'observed',
    name: 'quality',
    values: new Map<string, unknown>([
      ['rows', 7n],
      ['worst', 0.5],
    ]),
  });
  assert.ok(metrics?.kind === 'metrics');
  assert.equal(metrics.metrics[0]?.values.get('rows')?.value, 9n);
});

test('releasing succeeds if the session is closed, even if the server fails to say so', async () => {
  const closed = failure(13, '[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid. Session was closed.');
  const noClass = failure(2, 'org/apache/spark/ml/util/ConnectHelper');
  await withFake({ releaseSession: () => noClass, analyze: () => closed }, {}, (connection) =>
    connection.releaseSession(),
  );
  const error = await withFake({ releaseSession: () => noClass, analyze: () => VERSION }, {}, (connection) =>
    failureOf(connection.releaseSession()),
  );
  assert.match(error.message, /ConnectHelper/);
});

test('a closed connection refuses everything at once', async () => {
  await withFake({}, {}, async (connection) => {
    connection.close();
    assert.equal((await failureOf(connection.analyze({ kind: 'sparkVersion' }))).kind, 'input');
    assert.equal((await failureOf(eventsOf(connection))).kind, 'input');
    assert.equal((await failureOf(connection.check(1_000))).kind, 'input');
  });
});

test('a time limit that is no number of milliseconds is refused', async () => {
  await withFake({ analyze: () => VERSION }, {}, async (connection) => {
    for (const timeoutMs of [-1, Number.NaN]) {
      const error = await failureOf(connection.check(timeoutMs));
      assert.deepEqual([error.kind, error.message], ['input', `connectTimeoutMs must be 0 or more, not ${timeoutMs}.`]);
    }
  });
});

test('a plan that is too deep to be sent is an error of the call like any other', async () => {
  let relation = PLAN.relation;
  for (let depth = 0; depth < 20_000; depth++) relation = createRelation({ kind: 'limit', input: relation, rows: 1 });
  await withFake({}, {}, async (connection) => {
    const frame = new DataFrame(connection, relation);
    for (const error of [await failureOf(frame.collect()), await failureOf(frame.schema())]) {
      assert.equal(error.kind, 'input');
      assert.match(error.message, /nested too deeply/);
    }
  });
});

test('a lost session is told at once: the server is not asked for details that it cannot have', async () => {
  let asked = 0;
  const info = { errorId: 'e1', errorClass: 'INVALID_HANDLE.SESSION_CHANGED', sqlState: 'HY000' };
  const fake: FakeSpark = {
    analyze: () => failure(13, '[INVALID_HANDLE.SESSION_CHANGED] The handle is invalid.', info),
    errorDetails: () => {
      asked++;
      return {};
    },
  };
  const error = await withFake(fake, {}, (connection) => failureOf(connection.analyze({ kind: 'sparkVersion' })));
  assert.deepEqual([error.kind, error.condition, asked], ['sessionLost', 'INVALID_HANDLE.SESSION_CHANGED', 0]);
});

test('whoever waits when the connection is closed hears of it, and the server that nobody wants the result any more', async () => {
  await using server = await startSilentServer();
  const connection = openConnection(server.remote, { sessionId: SESSION, userId: 'me' }, {});
  const running = failureOf(eventsOf(connection));
  assert.equal((await server.nextCall()).method, 'ExecutePlan');
  const asking = failureOf(connection.config({ kind: 'get', keys: ['a'] }));
  const asked = await server.nextCall();
  connection.close();
  for (const error of [await running, await asking]) {
    assert.equal(error.kind, 'cancelled');
    assert.match(error.message, /the session was closed here/);
  }
  await asked.cancelled;
  await connection.settled();
  assert.deepEqual(server.released, [(await running).operationId]);
});

test('a call that waits for a server to come back ends when the connection is closed', async () => {
  await using server = await startSilentServer();
  const { remote } = server;
  await server[Symbol.asyncDispose]();
  const connection = openConnection(remote, { retry: { waitMsFirst: 60_000 } }, {});
  const asking = failureOf(connection.config({ kind: 'get', keys: ['a'] }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closedMs = Date.now();
  connection.close();
  assert.equal((await asking).kind, 'cancelled');
  assert.ok(Date.now() - closedMs < 5_000);
});

test('one signal serves many calls at a time without a warning', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  try {
    const { signal } = new AbortController();
    const fake: FakeSpark = { analyze: () => VERSION, execute: () => [{ resultComplete: {} }] };
    await withFake(fake, {}, async (connection) => {
      const run = async (): Promise<void> => {
        for await (const _ of connection.execute(PLAN, { signal })) assert.fail('nothing was answered');
      };
      await Promise.all(
        Array.from({ length: 20 }, () => [run(), connection.analyze({ kind: 'sparkVersion' }, { signal })]).flat(),
      );
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(warnings, []);
  } finally {
    process.off('warning', warn);
  }
});

test('whoever aborts while reading rows gets none of the batch that is here already', async () => {
  const ids: bigint[] = [];
  const error = await withFake({ execute: () => chunked(1000, 1) }, {}, async (connection) => {
    const abort = new AbortController();
    const frame = new DataFrame<{ id: bigint }>(connection, PLAN.relation);
    const reading = async (): Promise<void> => {
      for await (const { id } of frame.rows({ signal: abort.signal })) {
        ids.push(id);
        if (id === 2n) abort.abort();
      }
    };
    return failureOf(reading());
  });
  assert.equal(error.kind, 'cancelled');
  assert.deepEqual(ids, [0n, 1n, 2n]);
});
