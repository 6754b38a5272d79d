/** What a command loads before it answers: the reason why `--help` and `status` feel instant. Their times are in bench/command-line.ts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { MANIFEST_FILE, readManifest } from '../../cli/command-manifest.js';
import { packageRoot } from '../../config/package-root.js';
import { temporaryFolder } from './run-sluice.js';

const HEAVY = ['@grpc/grpc-js', 'protobufjs', 'apache-arrow', 'esbuild', 'hyparquet', '@duckdb/node-api'];

/** Notes every module that is asked for, in a file. */
const NOTING = `
  import { appendFileSync } from 'node:fs';
  export function load(url, context, next) {
    appendFileSync(process.env.NOTED_MODULES, url + '\\n');
    return next(url, context);
  }`;
const REGISTER = `
  import { register } from 'node:module';
  register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(NOTING)}`)});`;

/** Packages and own files, as paths from the root. */
async function loadedBy(t: TestContext, ...args: string[]): Promise<{ packages: string[]; own: string[] }> {
  const cwd = temporaryFolder(t);
  const notes = join(cwd, 'modules');
  const preload = `data:text/javascript,${encodeURIComponent(REGISTER)}`;
  const command = ['--import', preload, join(packageRoot(), 'cli', 'sluice.js'), ...args];
  const env = { PATH: process.env.PATH, HOME: cwd, NOTED_MODULES: notes };
  // `status` says by its exit code that nothing runs.
  await promisify(execFile)(process.execPath, command, { cwd, env }).catch((error: { code?: unknown }) => {
    if (error.code !== 3) throw error;
  });
  const urls = readFileSync(notes, 'utf8').trim().split('\n');
  const paths = urls.filter((url) => url.startsWith('file:')).map((url) => url.slice(url.indexOf(packageRoot())));
  const packageOf = (path: string): string => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '';
  return {
    packages: [...new Set(paths.filter((path) => path.includes('/node_modules/')).map(packageOf))],
    own: paths.filter((path) => !path.includes('/node_modules/')).map((path) => path.slice(packageRoot().length + 1)),
  };
}

test('help and version load the command line library and no command', async (t) => {
  for (const args of [['--help'], ['--version']]) {
    const { packages, own } = await loadedBy(t, ...args);
    assert.deepEqual(packages, ['@oclif/core'], args.join(' '));
    assert.ok(own.includes('dist/cli/main.js'));
    assert.deepEqual(
      own.filter((path) => path.startsWith('dist/cli/commands/')),
      [],
    );
  }
});

test('the help of a command loads what it takes to print it', async (t) => {
  const { packages } = await loadedBy(t, 'verify', '--help');
  assert.deepEqual(packages, ['@oclif/core']);
});

test('status loads no gRPC, no Arrow and no bundler', async (t) => {
  const { packages, own } = await loadedBy(t, 'status');
  assert.ok(own.includes('dist/cli/commands/status.js'));
  assert.deepEqual(
    packages.filter((name) => HEAVY.includes(name)),
    [],
  );
});

test('what is kept of the commands is what the commands say', async () => {
  const kept: unknown = JSON.parse(readFileSync(join(packageRoot(), MANIFEST_FILE), 'utf8'));
  assert.deepEqual(kept, JSON.parse(JSON.stringify(await readManifest())));
});
