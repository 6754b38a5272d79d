/** What a query's exception says when its handler fails, on a real Spark. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HandlerError } from '../../../spark/worker/index.js';
import type { BatchRecord } from '../../fixtures/handlers/record-batches.js';
import { openSession } from '../connect/open-session.js';
import { failureOf, handlerFile, readLines, startQuery, temporaryFolder } from './queries.js';

const spark = await openSession();
const root = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../..' : '../../../..', import.meta.url));

test('a throw fails the query and names its line of TypeScript, the query and the batch', async (t) => {
  const message = await failureMessage(t, 'throwing', 'throwAtOnce');
  assert.match(
    message,
    /test\/fixtures\/handlers\/fail\.[jt]s#throwAtOnce, query throwing, batch 0: RangeError: batch 0 is not wanted/,
  );
  assert.match(message, new RegExp(`at refuse .*${lineOf('// thrown here')}`));
  assert.match(message, /at throwAtOnce .*test\/fixtures\/handlers\/fail\.ts:\d+:\d+/);
});

test('a rejection from a timer fails the query, with its cause', async (t) => {
  const message = await failureMessage(t, 'throwing_later', 'throwLater');
  assert.match(message, /Error: later it failed/);
  assert.match(message, /Caused by: TypeError: the timer says so/);
  assert.match(message, new RegExp(lineOf('// the cause')));
});

test('an error of Spark within a handler keeps its condition', async (t) => {
  const message = await failureMessage(t, 'wrong_column', 'wrongColumn');
  assert.match(message, /SparkError: .*no_such_column/s);
  assert.match(message, /condition UNRESOLVED_COLUMN\.WITH_SUGGESTION; SQLSTATE 42703/);
  assert.match(message, /test\/fixtures\/handlers\/fail\.ts:\d+:\d+/);
});

test('an error that nobody awaits fails the batch instead of leaving it hanging', async (t) => {
  const message = await failureMessage(t, 'background', 'failInBackground');
  assert.match(message, /query background, in the background: Error: nobody saw it/);
  assert.match(message, new RegExp(lineOf('// in the background')));
});

test('a handler that ends its process fails the query with the reason', async (t) => {
  const message = await failureMessage(t, 'exiting', 'exitProcess');
  assert.match(message, /ended with code 3: did it call process\.exit\(\)\?/);
});

test('a worker that is killed fails its query, and the query starts again', async (t) => {
  const folder = await temporaryFolder(t);
  const start = (file: string) =>
    startQuery(t, spark, 'killed', {
      module: handlerFile('record-batches'),
      export: 'recordBatch',
      params: { file: join(folder, file) },
    });
  const query = await start('first');
  const [record] = await readLines<BatchRecord>(join(folder, 'first'), 1);
  process.kill(record?.pid ?? 0, 'SIGKILL');
  const { message } = await failureOf(query);
  assert.match(message, /FOREACH_BATCH|EOFException|Connection reset|Broken pipe|worker/i);

  await start('second');
  const [again] = await readLines<BatchRecord>(join(folder, 'second'), 1);
  assert.notEqual(again?.pid, record?.pid);
});

test('an export that is not a function is refused before the query starts', async (t) => {
  await assert.rejects(
    startQuery(t, spark, 'refused', { module: handlerFile('fail'), export: 'notAFunction' }),
    (error: Error) => error instanceof HandlerError && /is a string, not a function/.test(error.message),
  );
  const names = (await spark.streams.active()).map(({ name }) => name);
  assert.ok(!names.includes('refused'));
});

async function failureMessage(t: TestContext, name: string, handler: string): Promise<string> {
  const query = await startQuery(t, spark, name, { module: handlerFile('fail'), export: handler });
  return (await failureOf(query)).message;
}

/** `fail.ts:12` for the line that ends with the comment. */
function lineOf(comment: string): string {
  const lines = readFileSync(join(root, 'test', 'fixtures', 'handlers', 'fail.ts'), 'utf8').split('\n');
  return `fail\\.ts:${lines.findIndex((line) => line.endsWith(comment)) + 1}:\\d+`;
}
