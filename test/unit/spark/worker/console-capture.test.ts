import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { LogRecord } from '../../../../spark/worker/console-capture.js';
import { locateModule } from '../../../../spark/worker/handler-module.js';

test('each call is one record and one or more prefixed lines, with the level of its method', async (t) => {
  const { records, stderr, stdout } = await print(
    t,
    `await capture.within(3n, async () => {
       console.log('%s has %d', 'it', 2);
       console.info({ a: 1 });
       console.warn('two\\nlines');
       await new Promise((resolve) => setTimeout(resolve, 1));
       console.error('after a wait');
     });`,
  );
  assert.deepEqual(
    records.map(({ query, batch, level, text }) => [query, batch, level, text]),
    [
      ['sales', 3, 'log', 'it has 2'],
      ['sales', 3, 'info', '{ a: 1 }'],
      ['sales', 3, 'warn', 'two\nlines'],
      ['sales', 3, 'error', 'after a wait'],
    ],
  );
  assert.equal(
    stderr,
    '[sales 3] it has 2\n[sales 3] { a: 1 }\n[sales 3] two\n[sales 3] lines\n[sales 3] after a wait\n',
  );
  assert.equal(stdout, '');
});

test('groups, tables and the other methods of the console are captured too', async (t) => {
  const { records, stdout } = await print(
    t,
    `console.group('a group'); console.log('within'); console.groupEnd();
     console.table([{ a: 1 }]); console.dir([1]); console.assert(false, 'not so'); console.count();`,
  );
  assert.deepEqual(
    records.map(({ level, text }) => [level, text.split('\n')[0]]),
    [
      ['log', 'a group'],
      ['log', '  within'],
      ['log', '┌─────────┬───┐'],
      ['log', '[ 1 ]'],
      ['warn', 'Assertion failed: not so'],
      ['log', 'default: 1'],
    ],
  );
  assert.equal(stdout, '');
});

test('what is printed outside of a batch names the query only; the log of a batch names the batch everywhere', async (t) => {
  const { records, stderr } = await print(t, `console.log('outside'); capture.logOf(7n).debug('from anywhere');`);
  assert.deepEqual(
    records.map(({ batch, level }) => [batch, level]),
    [
      [null, 'log'],
      [7, 'debug'],
    ],
  );
  assert.equal(stderr, '[sales] outside\n[sales 7] from anywhere\n');
});

test('stacks are led to their sources, and a text without end is cut', async (t) => {
  const { records } = await print(t, `console.error('at PLACE'); console.log('x'.repeat(1e6));`);
  assert.equal(records[0]?.text, 'at save.ts:1:1');
  assert.ok((records[1]?.text.length ?? 0) < 70_000);
  assert.match(records[1]?.text ?? '', /… \(1000000 characters\)$/);
});

/** Runs `code` in a process of its own, since the console stays replaced. */
async function print(t: TestContext, code: string): Promise<{ records: LogRecord[]; stderr: string; stdout: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-console-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const module = locateModule(new URL('../../../../spark/worker/console-capture.js', import.meta.url));
  const file = join(folder, 'log');
  const program = join(folder, 'program.mjs');
  await build({
    stdin: {
      contents: `import { captureConsole } from ${JSON.stringify(module)};
        const mapStack = (text) => text.replace('PLACE', 'save.ts:1:1');
        const capture = captureConsole({ query: 'sales', file: ${JSON.stringify(file)}, mapStack });
        ${code}`,
      resolveDir: folder,
    },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const { stderr, stdout } = await promisify(execFile)(process.execPath, [program]);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return { records: lines.map((line) => JSON.parse(line) as LogRecord), stderr, stdout };
}
