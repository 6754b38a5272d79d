/** The worker program, started by a Spark that this test plays. What runs in it are small programs in the place of a bundle. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { buildWorker, FakeSpark } from './fake-spark.js';

const program = await buildWorker();

/** A payload's program whose batches are answered by `run`, the body of an async function of `worker` and `batch`. */
function hosting(run: string, { sessionPerBatch = false } = {}): string {
  return `exports.host = async (worker) => ({
    hasSessionPerBatch: ${sessionPerBatch},
    run: async (batch) => { ${run} },
  });`;
}

for (const byFile of [false, true]) {
  test(`serves batches in order over ${byFile ? 'a socket file' : 'TCP'}, and ends with the connection`, async (t) => {
    const spark = await FakeSpark.start(t, program, { byFile });
    assert.equal(await spark.accept({ byFile }), spark.worker.pid);
    const code = hosting(
      `return JSON.stringify([worker.sessionId, worker.params, batch.frameId, String(batch.batchId)]);`,
    );
    assert.equal(await spark.startQuery(code, { params: '{"a":1}' }), 0);
    assert.equal(await spark.batch('frame-0', 0n), '["a-session","{\\"a\\":1}","frame-0","0"]');
    assert.equal(await spark.batch('frame-1', 2n ** 62n), `["a-session","{\\"a\\":1}","frame-1","${2n ** 62n}"]`);
    spark.close();
    assert.equal(await spark.exited, 0);
    assert.equal(spark.stderr, '');
  });
}

test('reads the session of each batch where Spark sends one, as from 4.3', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  await spark.startQuery(hosting('return batch.sessionId + " " + batch.frameId;', { sessionPerBatch: true }));
  assert.equal(await spark.batch('f0', 0n, 'copy-of-the-session'), 'copy-of-the-session f0');
  assert.equal(await spark.batch('f1', 1n, 'another'), 'another f1');
});

test('a batch that is done is answered with 0', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  await spark.startQuery(hosting(''));
  assert.equal(await spark.batch('f', 0n), 0);
});

test('a wrong secret ends the worker with one line', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept({ secret: 'another' });
  assert.equal(await spark.exited, 1);
  assert.match(spark.stderr, /^sluice-worker: Spark at 127\.0\.0\.1:\d+ refused the secret that it gave\.\n$/);
});

test('a program that does not load is told with its reason, and the query does not start', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  const answer = await spark.startQuery(`throw new Error('no such setting');`);
  assert.match(String(answer), /^orders\/save\.ts#save, query q, at its start: Error: no such setting\n/);
  spark.close();
  assert.equal(await spark.exited, 1);
});

test('a payload of another program or format is refused in words', async (t) => {
  const python = await FakeSpark.start(t, program);
  await python.accept();
  assert.match(String(await python.startWith(Buffer.from('\x80\x05pickled'))), /was not started by sluice/);

  const newer = await FakeSpark.start(t, program);
  await newer.accept();
  assert.match(String(await newer.startWith(Buffer.from('sluice99…'))), /has format 99, .* install the worker file/);
});

test('an error in the background fails the batch that runs', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  await spark.startQuery(
    hosting(`setTimeout(() => { throw new Error('from a timer'); }, 1); return new Promise(() => {});`),
  );
  assert.match(String(await spark.batch('f', 0n)), /query q, in the background: Error: from a timer\n/);
  assert.match(spark.stderr, /in the background: Error: from a timer/);
});

test('an error in the background between two batches fails the next one', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  await spark.startQuery(hosting(`setTimeout(() => Promise.reject(new Error('left behind')), 20);`));
  assert.equal(await spark.batch('f', 0n), 0);
  while (!spark.stderr.includes('left behind'))
    await new Promise((resolve) => spark.worker.stderr?.once('data', resolve));
  assert.match(String(await spark.batch('f', 1n)), /in the background: Error: left behind/);
});

test('a handler that ends its process or runs out of memory fails the batch with the reason', async (t) => {
  const exiting = await FakeSpark.start(t, program);
  await exiting.accept();
  await exiting.startQuery(hosting('process.exit(7);'));
  assert.match(String(await exiting.batch('f', 0n)), /ended with code 7: did it call process\.exit\(\)\?/);

  const greedy = await FakeSpark.start(t, program, { env: { NODE_OPTIONS: '--max-old-space-size=40' } });
  await greedy.accept();
  await greedy.startQuery(hosting('const kept = []; for (;;) kept.push(new Array(10_000).fill(kept.length));'));
  assert.match(String(await greedy.batch('f', 0n)), /ran out of memory/);
});

test('a handler hears of the end of its query at once, and may end in its own time', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  const code = `process.stderr.write('waiting'); await new Promise((resolve) => worker.signal.addEventListener('abort', resolve));
    require('node:fs').writeSync(2, worker.signal.reason.message);`;
  await spark.startQuery(hosting(code));
  spark.send('f', 0n);
  while (!spark.stderr.includes('waiting')) await new Promise((resolve) => spark.worker.stderr?.once('data', resolve));
  spark.close();
  assert.equal(await spark.exited, 0);
  assert.match(spark.stderr, /waitingSpark has ended the query, or has gone\./);
});

test('a handler that computes without pause does not keep the worker from ending', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  await spark.startQuery(hosting('for (;;);'));
  spark.send('f', 0n);
  spark.worker.kill('SIGTERM');
  assert.equal(await spark.exited, 0);
});

test('Ctrl-C on the terminal leaves the worker to Spark', async (t) => {
  const spark = await FakeSpark.start(t, program);
  await spark.accept();
  await spark.startQuery(hosting(''));
  spark.worker.kill('SIGINT');
  assert.equal(await spark.batch('f', 0n), 0);
});

test('what it cannot serve it says in one line, with exit code 2 and nothing on standard output', async () => {
  const run = (...args: string[]) =>
    promisify(execFile)(program, args).then(
      () => assert.fail('it succeeded'),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
    );
  const planner = await run('-m', 'pyspark.sql.worker.analyze_udtf');
  assert.deepEqual([planner.code, planner.stdout], [2, '']);
  assert.match(planner.stderr, /^sluice-worker: .*asked for -m pyspark\.sql\.worker\.analyze_udtf\..*\n$/);
  const unknown = await run('script.py');
  assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
  assert.match(unknown.stderr, /^sluice-worker: .*asked for script\.py\..*\n$/);
});

test('started by hand it says what it is for', async () => {
  await assert.rejects(
    promisify(execFile)(program, ['-m', 'pyspark.sql.connect.streaming.worker.foreach_batch_worker'], {
      env: { PATH: process.env.PATH },
    }),
    ({ code, stderr }: { code?: number; stderr?: string }) =>
      code === 1 && /^sluice-worker: This program is started by Spark.*\n$/.test(stderr ?? ''),
  );
});
