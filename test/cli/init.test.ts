/** `sluice init`: a project that is whole, where nothing was before. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sluice, temporaryFolder } from './run-sluice.js';

test('init writes the files that it lists, and a package that depends on the sluice that made it', async (t) => {
  const cwd = temporaryFolder(t);
  const { exitCode, stdout, stderr } = await sluice(['init', 'my-app'], { cwd });
  assert.equal(exitCode, 0, stderr);
  const files = stdout.trim().split('\n');
  assert.ok(files.includes('my-app/pipeline.ts') && files.includes('my-app/.gitignore'), stdout);
  for (const file of files) assert.ok(existsSync(join(cwd, file)), file);
  const { name, dependencies } = JSON.parse(readFileSync(join(cwd, 'my-app', 'package.json'), 'utf8'));
  assert.equal(name, 'my-app');
  const target = join(cwd, 'my-app', String(dependencies.sluice).replace('file:', ''));
  assert.equal(JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')).name, 'sluice');
  assert.match(stderr, /npx sluice run pipeline\.ts/);
});

test('the project compiles as it is, with the compiler that it brings', async (t) => {
  const cwd = temporaryFolder(t);
  assert.equal((await sluice(['init', 'my-app'], { cwd })).exitCode, 0);
  const project = join(cwd, 'my-app');
  const run = (command: string, ...args: string[]) => promisify(execFile)(command, args, { cwd: project });
  await run('npm', 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund');
  await run('npx', 'tsc', '--noEmit');
  const pipeline = readFileSync(join(project, 'pipeline.ts'), 'utf8');
  writeFileSync(join(project, 'pipeline.ts'), pipeline.replace("col('quantity').gt(0)", "col('quantity').bigger(0)"));
  await assert.rejects(run('npx', 'tsc', '--noEmit'), ({ stdout }: { stdout: string }) => {
    assert.match(stdout, /pipeline\.ts.*'bigger' does not exist/);
    return true;
  });
});

test('init --json lists the same on stdout and says nothing', async (t) => {
  const cwd = temporaryFolder(t);
  const { stdout, stderr } = await sluice(['init', 'my-app', '--json'], { cwd });
  const { folder, template, files, next } = JSON.parse(stdout);
  assert.deepEqual([folder, template, next[0]], ['my-app', 'orders', 'cd my-app']);
  for (const file of files) assert.ok(existsSync(join(cwd, 'my-app', file)), file);
  assert.equal(stderr, '');
});

test('init overwrites nothing: a folder with files is refused with exit code 2', async (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'mine.txt'), 'mine');
  const { exitCode, stderr } = await sluice(['init', '.'], { cwd });
  assert.equal(exitCode, 2);
  assert.match(stderr, /is not empty; choose another folder|is no name for a project/);
  assert.equal(existsSync(join(cwd, 'pipeline.ts')), false);
});

test('init refuses a template that there is not, and names those there are', async (t) => {
  const { exitCode, stderr } = await sluice(['init', 'my-app', '--template', 'carts'], { cwd: temporaryFolder(t) });
  assert.equal(exitCode, 2);
  assert.match(stderr, /orders/);
});

test('run refuses a file that is no pipeline before it starts anything', async (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'pipeline.ts'), 'export default {};');
  const { exitCode, stderr } = await sluice(['run', 'pipeline.ts'], { cwd, env: { SLUICE_STATE: join(cwd, 'state') } });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /exports no pipeline/);
  assert.equal(existsSync(join(cwd, 'state', 'stack.json')), false);
});
