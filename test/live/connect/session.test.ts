import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { SparkError, SparkSession } from '../../../spark/connect/index.js';
import { openSession, sparkRemote } from './open-session.js';

const spark = await openSession();

function kindOf(kind: string, pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SparkError);
    assert.equal(error.kind, kind);
    assert.match(error.message, pattern);
    return true;
  };
}

test('select 1 is 1', async () => {
  assert.deepEqual(await spark.sql('select 1 as one').collect(), [{ one: 1 }]);
});

test('the server tells its version', () => {
  assert.match(spark.version, /^\d+\.\d+\.\d+/);
});

test('parameters go by place and by name, and are values, not text', async () => {
  const byPlace = await spark.sql('select ? as a, ? as b', [1, "x'; drop table t --"]).collect();
  assert.deepEqual(byPlace, [{ a: 1, b: "x'; drop table t --" }]);
  assert.deepEqual(await spark.sql('select :n + 1 as m', { n: 41n }).collect(), [{ m: 42n }]);
});

test('the configuration is set, read and unset for this session alone', async () => {
  const key = 'spark.sql.session.timeZone';
  const other = await openSession();
  await spark.conf.set(key, 'Asia/Tokyo');
  assert.equal(await spark.conf.get(key), 'Asia/Tokyo');
  assert.notEqual(await other.conf.get(key), 'Asia/Tokyo');
  await spark.conf.unset(key);
  assert.notEqual(await spark.conf.get(key), 'Asia/Tokyo');
  assert.equal(await spark.conf.getOption('sluice.none'), undefined);
  assert.equal(await spark.conf.get('sluice.none', 'fallback'), 'fallback');
  // Before Spark's own default, which is true.
  assert.equal(await spark.conf.get('spark.sql.ansi.enabled', 'false'), 'false');
  assert.equal(await spark.conf.isModifiable('spark.sql.shuffle.partitions'), true);
  assert.equal(await spark.conf.isModifiable('spark.master'), false);
});

test('a static key is refused', async () => {
  await assert.rejects(spark.conf.set('spark.sql.warehouse.dir', '/x'), (error) => {
    assert.ok(error instanceof SparkError);
    assert.match(error.condition ?? '', /CANNOT_MODIFY/);
    return true;
  });
});

test('the same session id and user see the same views from another connection', async () => {
  await spark.sql('select 7 as seven').createOrReplaceTempView('seen_by_both');
  const again = await SparkSession.connect(sparkRemote(), { userId: 'sluice-test', sessionId: spark.sessionId });
  try {
    assert.deepEqual(await again.table('seen_by_both').collect(), [{ seven: 7 }]);
  } finally {
    again.close();
  }
});

test('a released session cannot be used again, and releasing twice is harmless', async () => {
  const own = await openSession();
  await Promise.all([own.release(), own.release()]);
  await own.release();
  await assert.rejects(
    SparkSession.connect(sparkRemote(), { userId: 'sluice-test', sessionId: own.sessionId }),
    (error) => {
      assert.ok(error instanceof SparkError);
      assert.equal(error.kind, 'sessionLost');
      assert.equal(error.condition, 'INVALID_HANDLE.SESSION_CLOSED');
      return true;
    },
  );
});

test('a closed session says so', async () => {
  const own = await SparkSession.connect(sparkRemote(), { userId: 'sluice-test' });
  await own[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
  await assert.rejects(own.sql('select 1').collect(), kindOf('input', /closed/));
});

test('a wrong token is an authentication error at once', async () => {
  await assert.rejects(
    SparkSession.connect(sparkRemote(), { token: 'wrong' }),
    kindOf('authentication', /SPARK_CONNECT_AUTHENTICATE_TOKEN/),
  );
});

test('nobody at the address is said in one sentence with the address, after the time given', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(
    SparkSession.connect(`sc://127.0.0.1:${address.port}`, { connectTimeoutMs: 300 }),
    kindOf('connection', new RegExp(`^Spark at 127\\.0\\.0\\.1:${address.port} did not answer in .*attempts`)),
  );
});
