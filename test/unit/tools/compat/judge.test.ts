// What `npm run compat` makes of outcomes; the servers themselves are that command's.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../../config/package-root.js';
import { COMPATIBILITY_FILE, renderLeftOut, renderTable } from '../../../../tools/compat/document.js';
import { FILES } from '../../../../tools/compat/files.js';
import { judge } from '../../../../tools/compat/judge.js';
import { LEFT_OUT } from '../../../../tools/compat/left-out.js';
import { runFile } from '../../../../tools/compat/run-file.js';
import { RELEASES } from '../../../../tools/compat/versions.js';

const PASSED = { name: 'a', kind: 'passed' } as const;
const FAILED = { name: 'b', kind: 'failed', message: 'no' } as const;
const SKIPPED = { name: 'c', kind: 'skipped' } as const;
const FILE = 'live/x';
const entry = { version: '4.0.0', file: FILE, test: 'b', reason: 'too old' };

test('a failure is a fault unless it is in the list for that release', () => {
  const outcome = { file: FILE, tests: [PASSED, FAILED, SKIPPED] };
  const counts = { file: FILE, passed: 1, skipped: 1 };
  assert.deepEqual(judge('4.0.0', outcome, [entry]), { ...counts, version: '4.0.0', leftOut: 1, faults: [] });
  const elsewhere = judge('4.1.0', outcome, [entry]);
  assert.deepEqual(elsewhere.faults, ['live/x: "b" failed: no']);
  assert.equal(elsewhere.leftOut, 0);
});

test('an entry of the list that passes, or is of no test, is a fault', () => {
  const passes = judge('4.0.0', { file: FILE, tests: [PASSED, { ...FAILED, kind: 'passed' }] }, [entry]);
  assert.match(passes.faults.join(), /"b" passes/);
  const gone = judge('4.0.0', { file: FILE, tests: [PASSED] }, [entry]);
  assert.match(gone.faults.join(), /"b" is not there/);
  const whole = { version: '4.0.0', file: FILE, reason: 'too old' };
  assert.match(judge('4.0.0', { file: FILE, tests: [PASSED] }, [whole]).faults.join(), /live\/x passes/);
  assert.deepEqual(judge('4.0.0', { file: FILE, tests: [], failure: 'it broke' }, [whole]).faults, []);
});

test('a file that broke off is a fault, whatever its tests said until then', () => {
  const broken = judge('4.0.0', { file: FILE, tests: [PASSED], failure: 'it ended with code 7' }, []);
  assert.deepEqual(broken.faults, ['live/x: it ended with code 7']);
});

test('a test file is run by itself, and each of its tests told', async () => {
  // One that is quick and needs no service.
  const { tests, failure } = await runFile('unit/spark/connect/rpc/retry', {});
  assert.equal(failure, undefined);
  assert.ok(tests.length > 2 && tests.every(({ kind }) => kind === 'passed'), JSON.stringify(tests));
  const missing = await runFile('unit/no-such-file', {});
  assert.match(missing.failure ?? '', /ended with code 1: .*no-such-file/s);
});

test('the list names releases and files that there are', () => {
  for (const file of FILES) assert.ok(existsSync(join(packageRoot(), 'test', `${file}.test.ts`)), file);
  for (const { version, file } of LEFT_OUT) {
    assert.ok(FILES.includes(file), file);
    assert.ok(
      RELEASES.some((release) => release.version === version),
      version,
    );
  }
});

test('the document has every release and file, nothing wrong, and the list as it is', () => {
  const text = readFileSync(join(packageRoot(), COMPATIBILITY_FILE), 'utf8');
  assert.ok(text.includes(renderLeftOut(LEFT_OUT)), 'run `npm run compat -- --write`');
  assert.ok(text.includes(`| tests | ${RELEASES.map(({ version }) => version).join(' | ')} |`));
  for (const file of FILES) assert.ok(text.includes(`\n| \`${file}\` | `), file);
  assert.doesNotMatch(text, /\*\*/);
});

test('a cell tells what passed, what is wrong, and what was not to be expected', () => {
  const one = { version: '4.0.0', file: FILE, passed: 3, leftOut: 1, skipped: 2, faults: ['x'] };
  const table = renderTable([one, { ...one, version: '4.1.0', leftOut: 0, skipped: 0, faults: [] }]);
  assert.equal(
    table.split('\n').at(-1),
    '| `live/x` | 3 passed, **1 wrong**, 1 left out, 2 not for this release | 3 passed |',
  );
});
