import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SparkArithmeticError, SparkError, type SparkErrorKind } from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';
import { assertSlotsFree, slowFrame } from './slow-job.js';

const spark = await openSession();

async function failure(action: Promise<unknown>): Promise<SparkError> {
  try {
    await action;
  } catch (error) {
    assert.ok(error instanceof SparkError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'it succeeded' });
}

const FAILURES: readonly [sql: string, kind: SparkErrorKind, condition: string, sqlState: string][] = [
  ['selec 1', 'parse', 'PARSE_SYNTAX_ERROR', '42601'],
  ['select * from no_such_table', 'analysis', 'TABLE_OR_VIEW_NOT_FOUND', '42P01'],
  ['select no_such_column from range(1)', 'analysis', 'UNRESOLVED_COLUMN.WITH_SUGGESTION', '42703'],
  ['select 1 / 0', 'execution', 'DIVIDE_BY_ZERO', '22012'],
  ["select cast('x' as int)", 'execution', 'CAST_INVALID_INPUT', '22018'],
  ["select raise_error('enough')", 'execution', 'USER_RAISED_EXCEPTION', 'P0001'],
];

for (const [sql, kind, condition, sqlState] of FAILURES) {
  test(`${sql} fails as ${condition}`, async () => {
    const error = await failure(spark.sql(sql).collect());
    assert.deepEqual([error.kind, error.condition, error.sqlState], [kind, condition, sqlState]);
    assert.ok(error.operationId !== undefined);
  });
}

test('an error keeps the parameters and the place in the statement', async () => {
  const error = await failure(spark.sql("select cast('abc' as int)").collect());
  assert.equal(error.messageParameters.expression, "'abc'");
  assert.equal(error.queryContexts[0]?.fragment, "cast('abc' as int)");
  assert.equal(error.queryContexts[0]?.startIndex, 7);
});

const ARITHMETIC: readonly [sql: string, condition: string, sqlState: string][] = [
  ['select id / 0 from range(1)', 'DIVIDE_BY_ZERO', '22012'],
  ['select 1 / 0', 'DIVIDE_BY_ZERO', '22012'],
  ['select 2147483647 + int(id + 1) from range(1)', 'ARITHMETIC_OVERFLOW', '22003'],
  ['select cast(1e20 as int)', 'CAST_OVERFLOW', '22003'],
];

for (const [sql, condition, sqlState] of ARITHMETIC) {
  test(`${sql} is an arithmetic error, ${condition}`, async () => {
    const error = await failure(spark.sql(sql).collect());
    assert.ok(error instanceof SparkArithmeticError, error.name);
    assert.deepEqual([error.kind, error.condition, error.sqlState], ['execution', condition, sqlState]);
  });
}

test('what is no calculation is no arithmetic error', async () => {
  const error = await failure(spark.sql("select cast('x' as int)").collect());
  assert.ok(!(error instanceof SparkArithmeticError));
});

test("the server's stack trace is there for whoever asks, with the causes', and not in the message", async () => {
  const error = await failure(spark.sql("select raise_error(concat('no ', id)) from range(1)").collect());
  assert.match(error.stackTrace[0] ?? '', /^org\.apache\.spark\.\S+\(\w+\.scala:\d+\)$/);
  assert.match(error.getStackTrace() ?? '', /^org\.apache\.spark\.\S+: .*no 0[\s\S]*\n\tat org\.apache\.spark\./);
  assert.doesNotMatch(error.message, /\.scala:/);

  const missing = await failure(spark.read.format('no-such-format').load('/x').collect());
  assert.ok(missing.causes.length > 0);
  assert.match(missing.getStackTrace() ?? '', /\nCaused by: java\.lang\.ClassNotFoundException: .*\n\tat /);
});

test('a message longer than a gRPC status comes whole', async () => {
  const text = 'x'.repeat(10_000);
  const error = await failure(spark.sql(`select raise_error('${text}')`).collect());
  assert.ok(error.message.includes(text));
});

test('an aborted execution ends at once as cancelled, with the reason as its cause, and frees the server', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const slow = slowFrame(spark).count({
    signal: controller.signal,
    onProgress: ({ inflightTasks }) => inflightTasks > 0 && controller.abort(reason),
  });
  const error = await failure(slow);
  assert.equal(error.kind, 'cancelled');
  assert.equal(error.cause, reason);
  await assertSlotsFree(spark);
});
