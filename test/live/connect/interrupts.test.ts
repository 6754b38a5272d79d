// Interrupts from outside of the operation: by tag, by operation, all of a session.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type ActionOptions, operationId, SparkError, type SparkSession } from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';
import { assertSlotsFree, slowFrame } from './slow-job.js';

const spark = await openSession();

/** Starts a long job of one task. Resolves when that runs: `kind` is how the job ends, or `done` if nobody interrupts it. */
async function startJob(
  session: SparkSession,
  options: ActionOptions = {},
): Promise<{ readonly kind: Promise<string> }> {
  let setRunning: () => void = () => {};
  const isRunning = new Promise<void>((resolve) => {
    setRunning = resolve;
  });
  const kind = slowFrame(session, 1)
    .count({ ...options, onProgress: ({ inflightTasks }) => void (inflightTasks > 0 && setRunning()) })
    .then(
      () => 'done',
      (error: unknown) => (error instanceof SparkError ? error.kind : String(error)),
    );
  await Promise.race([isRunning, kind]);
  return { kind };
}

test('a tag interrupts what carries it and nothing else', async () => {
  const own = await openSession();
  const tag = `tag-${randomUUID()}`;
  own.addTag(tag);
  assert.throws(
    () => own.addTag('a,b'),
    (error) => error instanceof SparkError && error.kind === 'input' && /comma/.test(error.message),
  );
  const job = await startJob(own);
  assert.deepEqual(await own.interruptTag(`${tag}-other`), []);
  assert.equal((await own.interruptTag(tag)).length, 1);
  assert.equal(await job.kind, 'cancelled');
  own.clearTags();
  await assertSlotsFree(own);
});

test('a tag of one action interrupts that action, though the session has another', async () => {
  const id = operationId(randomUUID());
  const job = await startJob(spark, { tags: ['mine'], operationId: id });
  assert.deepEqual(await spark.interruptTag('others'), []);
  assert.deepEqual(await spark.interruptTag('mine'), [id]);
  assert.equal(await job.kind, 'cancelled');
  await assertSlotsFree(spark);
});

test('an operation is interrupted by its id, and once it has ended there is none', async () => {
  const id = operationId(randomUUID());
  const job = await startJob(spark, { operationId: id });
  assert.deepEqual(await spark.interruptOperation(operationId(randomUUID())), []);
  assert.deepEqual(await spark.interruptOperation(id), [id]);
  assert.equal(await job.kind, 'cancelled');
  assert.deepEqual(await spark.interruptOperation(id), []);
  await assertSlotsFree(spark);
});

test('all operations of a session are interrupted', async () => {
  const own = await openSession();
  const ids = [operationId(randomUUID()), operationId(randomUUID())];
  const jobs = await Promise.all(ids.map((id) => startJob(own, { operationId: id })));
  assert.deepEqual([...(await own.interruptAll())].sort(), [...ids].sort());
  for (const { kind } of jobs) assert.equal(await kind, 'cancelled');
  await assertSlotsFree(own);
});

test('what runs in another session goes on', async () => {
  const [own, other] = [await openSession(), await openSession()];
  const [id, kept] = [operationId(randomUUID()), operationId(randomUUID())];
  const [interrupted, survivor] = await Promise.all([
    startJob(own, { operationId: id, tags: ['shared'] }),
    startJob(other, { operationId: kept, tags: ['shared'] }),
  ]);
  assert.deepEqual(await own.interruptTag('shared'), [id]);
  assert.equal(await interrupted.kind, 'cancelled');
  assert.deepEqual(await own.interruptAll(), []);
  // What can still be interrupted has not ended.
  assert.deepEqual(await other.interruptOperation(kept), [kept]);
  assert.equal(await survivor.kind, 'cancelled');
  await assertSlotsFree(other);
});

test('interrupting a session in which nothing runs interrupts nothing', async () => {
  assert.deepEqual(await spark.interruptAll(), []);
});
