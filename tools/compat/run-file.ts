/** Runs one compiled test file in a process of its own, against the server that `env` names. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWith } from '../../config/settings.js';
import type { FileOutcome, TestOutcome } from './outcome.js';

const TESTS = fileURLToPath(new URL('../../test/', import.meta.url));
const REPORTER = new URL('./reporter.js', import.meta.url).href;

/** The longest file needs a quarter of it on two busy cores. */
const FILE_MS_MAX = 300_000;

/** Enough of what a failed file printed to see why. */
const OUTPUT_CHARS_MAX = 4_000;

export function runFile(file: string, env: Readonly<Record<string, string>>): Promise<FileOutcome> {
  const args = ['--enable-source-maps', `--test-reporter=${REPORTER}`, '--test-reporter-destination=stdout'];
  const child = spawn(process.execPath, [...args, join(TESTS, `${file}.test.js`)], {
    // Without Node's own variable, by which tests that are started by a test report to that one.
    env: environmentWith({ TZ: 'UTC', NODE_TEST_CONTEXT: undefined, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  let isLate = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors = (errors + chunk).slice(-OUTPUT_CHARS_MAX);
  });
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, FILE_MS_MAX);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      const tests = outcomesIn(output);
      const hasFailed = code !== 0 && !tests.some(({ kind }) => kind === 'failed');
      const failure = isLate
        ? `it did not end within ${FILE_MS_MAX / 1000} s`
        : hasFailed || tests.length === 0
          ? `it ended with code ${code}: ${errors.trim()}`
          : undefined;
      resolve({ file, tests, failure });
    });
  });
}

/** Tests print too: only lines that are an outcome count. */
function outcomesIn(output: string): readonly TestOutcome[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{"name":')) return [];
    try {
      return [JSON.parse(line) as TestOutcome];
    } catch {
      return [];
    }
  });
}
