// A session that begins as a copy of another; servers can do it from Spark 4.1 on.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { SparkError, sessionId } from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const spark = await openSession();
const [major = 0, minor = 0] = spark.version.split('.').map(Number);
const skip = major === 4 && minor < 1 ? 'needs a server of 4.1' : false;
const KEY = 'spark.sql.session.timeZone';

test('a clone has the configuration and views of its origin, and from then on its own', { skip }, async () => {
  await spark.conf.set(KEY, 'Asia/Tokyo');
  await spark.sql('select 7 as seven').createOrReplaceTempView('taken_along');
  await using clone = await spark.cloneSession();
  assert.notEqual(clone.sessionId, spark.sessionId);
  assert.equal(clone.userId, spark.userId);
  assert.equal(await clone.conf.get(KEY), 'Asia/Tokyo');
  assert.deepEqual(await clone.table('taken_along').collect(), [{ seven: 7 }]);

  await clone.conf.set(KEY, 'Europe/Paris');
  await spark.catalog.dropTempView('taken_along');
  assert.equal(await spark.conf.get(KEY), 'Asia/Tokyo');
  assert.deepEqual(await clone.table('taken_along').collect(), [{ seven: 7 }]);
  await clone.release();
  assert.equal(await spark.range(3).count(), 3n);
});

test('a clone has the id that it is given, and goes on when its origin is released', { skip }, async () => {
  const origin = await openSession();
  const id = sessionId(randomUUID());
  const clone = await origin.cloneSession(id);
  assert.equal(clone.sessionId, id);
  await origin.release();
  assert.equal(await clone.range(3).count(), 3n);
  await clone.release();
});

test('a clone of a clone, and one of an id that is taken', { skip }, async () => {
  const first = await spark.cloneSession();
  const second = await first.cloneSession();
  assert.equal(await second.range(2).count(), 2n);
  await assert.rejects(spark.cloneSession(second.sessionId), SparkError);
  for (const session of [first, second]) await session.release();
});

if (skip !== false) {
  test('an older server says that it cannot', async () => {
    await assert.rejects(spark.cloneSession(), (error) => error instanceof SparkError && error.kind === 'unsupported');
  });
}
