/** What a command loads before it answers: the reason why `--help` and `status` feel instant. Their times are in bench/command-line.ts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MANIFEST_FILE, readManifest } from '../../cli/command-manifest.js';
import { packageRoot } from '../../config/package-root.js';
import { type LoadedModules, loadedModules } from '../support/loaded-modules.js';
import { temporaryFolder } from './run-sluice.js';

const HEAVY = ['@grpc/grpc-js', 'protobufjs', 'apache-arrow', 'esbuild', 'hyparquet', '@duckdb/node-api'];

/** What a command loads, run in a folder of its own. */
async function loadedBy(t: TestContext, ...args: string[]): Promise<LoadedModules> {
  const cwd = temporaryFolder(t);
  const env = { PATH: process.env.PATH, HOME: cwd };
  // `status` says by its exit code that nothing runs.
  return loadedModules([join(packageRoot(), 'cli', 'sluice.js'), ...args], { cwd, env, exitCodes: [0, 3] });
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
