// Runs the tests: one real Kafka, Postgres and Spark for all of them, started here and stopped here, whatever the tests do.
//
//   npm test                          everything
//   npm test -- unit live/connect     only what stands below these folders (or files) of test/
//
// Set SLUICE_TEST_STACK=none to leave the services out when only unit tests are of interest.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tests = join(root, 'dist', 'test');
const wanted = process.argv.slice(2);

const files = [];
for (const part of wanted.length > 0 ? wanted : ['.']) {
  const found = await testFiles(part);
  if (found.length === 0) {
    console.error(`No test below test/${part}. Folders: ${(await readdir(tests)).join(', ')}`);
    process.exit(2);
  }
  files.push(...found);
}

const needsStack = files.some(
  (file) => !/^(unit|types|simulation)[\\/]|^architecture|^pyspark[\\/](plans|normalize)/.test(relative(tests, file)),
);
const needsPySpark = files.some((file) => relative(tests, file).startsWith('pyspark'));
const state = await mkdtemp(join(tmpdir(), 'sluice-test-'));
let stack;
let code = 1;
try {
  const env = { ...process.env, TZ: 'UTC' };
  // Made once, before several test files want it at the same moment, and while the services start.
  const pySpark = needsPySpark ? makePySpark() : undefined;
  if (needsStack && process.env.SLUICE_TEST_STACK !== 'none') {
    const { startTestStack } = await import('../dist/test/support/test-stack.js');
    stack = await startTestStack(state, (line) => console.error(`stack: ${line}`));
    Object.assign(env, stack.env);
  }
  await pySpark;
  code = await run(process.execPath, ['--enable-source-maps', '--test', '--test-concurrency=2', ...files], env);
} finally {
  await stack?.stop();
  await rm(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exit(code);

/** A failure is the tests' to tell: the services must be stopped, and other tests may run. */
async function makePySpark() {
  const { pythonWithSpark } = await import('../dist/test/pyspark/environment.js');
  await pythonWithSpark().catch((error) => console.error(`PySpark: ${error.message}`));
}

/** The compiled test files below `part`, a folder or file of test/ with or without its extension. */
async function testFiles(part) {
  const path = join(tests, part.replace(/^test[\\/]/, '').replace(/\.ts$/, '.js'));
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) return [];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(path, name))
    .sort();
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (status) => resolve(status ?? 1));
  });
}
