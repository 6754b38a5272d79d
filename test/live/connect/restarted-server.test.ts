// The server is killed and started anew, at the same address, while somebody works with it. A server of this file's own: others need theirs.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSettings } from '../../../config/settings.js';
import { SparkError, SparkSession } from '../../../spark/connect/index.js';
import { startLoneSpark } from '../../../stack/index.js';
import { ANY_PORTS } from '../stack/any-ports.js';

const stateDir = await mkdtemp(join(tmpdir(), 'sluice-restarted-'));
const env = { SLUICE_STATE: stateDir, SPARK_MASTER: 'local[2]', ...ANY_PORTS };
const server = await startLoneSpark(readSettings(env, stateDir).stack);
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const connect = () =>
  SparkSession.connect(server.remote, { token: server.token, userId: 'sluice-test', connectTimeoutMs: 60_000 });

/** So long after the new server answers, everybody has heard; the pauses between retries are of 50 s and more by then. */
const HEARD_MS_MAX = 5_000;

/**
 * Restarts the server, and waits until it has answered somebody who comes anew. Its port and its first answers come before that, but the first session
 * takes a server that was just started seconds to make, ten on a busy machine; whoever asks meanwhile waits for it, lost session or not.
 */
async function restart(): Promise<void> {
  await server.killAndRestart();
  await (await connect()).release();
}

async function lossWithin(action: Promise<unknown>): Promise<SparkError> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`nothing was heard within ${HEARD_MS_MAX} ms`)), HEARD_MS_MAX).unref();
  });
  try {
    await Promise.race([action, late]);
  } catch (error) {
    assert.ok(error instanceof SparkError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'it succeeded' });
}

test('whoever reads a result, waits for one, or asks again hears that the session is lost, soon after the restart', async () => {
  const spark = await connect();
  await spark.conf.set('spark.sql.execution.arrow.maxRecordsPerBatch', '1000');
  // Some 50 MB: more than the connection holds, so that the rest of it is at the server when that dies; far less than the server's memory, which holds all.
  const reading = spark.sql('select id, repeat(cast(id as string), 20) as text from range(0, 300000, 1, 4)').rows();
  const iterator = reading[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value?.id, 0n);

  let isRunning: () => void = () => {};
  const runs = new Promise<void>((resolve) => {
    isRunning = resolve;
  });
  const waiting = spark
    .range(0, 10_000_000_000n, 1, 2)
    .filter('id % 7 = -1')
    .count({ onProgress: ({ inflightTasks }) => void (inflightTasks > 0 && isRunning()) });
  waiting.catch(() => {});
  await Promise.race([runs, waiting]);

  await restart();

  const rest = (async () => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next());
  })();
  const actions = [rest, waiting, spark.range(1).count(), spark.conf.get('spark.sql.session.timeZone')];
  for (const error of await Promise.all(actions.map(lossWithin))) {
    assert.equal(error.kind, 'sessionLost', `${error.message} (${error.condition})`);
    assert.match(error.condition ?? '', /^INVALID_HANDLE\.(?:SESSION_NOT_FOUND|SESSION_CHANGED)$/);
    assert.match(error.message, /was restarted, or the session expired.*Connect again/);
  }
  await spark[Symbol.asyncDispose]();

  const again = await connect();
  assert.equal(await again.range(7).count(), 7n);
  await again.release();
});

test('a call that is made while the server is away hears of the loss from the new one', async () => {
  const spark = await connect();
  const restarted = restart();
  const counting = spark.range(3).count();
  counting.catch(() => {});
  await restarted;
  const error = await lossWithin(counting);
  assert.equal(error.kind, 'sessionLost');
  spark.close();
  const again = await connect();
  assert.equal(await again.range(3).count(), 3n);
  await again.release();
});
