import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sluice, temporaryFolder } from './run-sluice.js';
import { bashOffers, fishOffers, hasShell, type Offers, zshOffers } from './shells.js';

/** What every shell has to offer, in any order; files have a folder's slash or not, as the shell likes. */
async function assertOffers(offers: Offers): Promise<void> {
  const offered = async (line: string): Promise<string[]> =>
    [...new Set((await offers(line)).map((word) => word.replace(/\/$/, '')))].sort();
  assert.deepEqual(await offered('sluice ver'), ['verify']);
  assert.deepEqual(await offered('sluice que'), ['queries']);
  assert.deepEqual(await offered('sluice queries s'), ['show', 'stop']);
  assert.deepEqual(await offered('sluice verify --js'), ['--json']);
  assert.deepEqual(await offered('sluice verify --no-s'), ['--no-spark']);
  assert.deepEqual(await offered('sluice verify --no-such'), []);
  assert.deepEqual(await offered('sluice logs --level '), ['debug', 'error', 'info', 'warn']);
  assert.deepEqual(await offered('sluice open '), ['dashboard', 'spark']);
  assert.deepEqual(await offered('sluice help dl'), ['dlq']);
  assert.deepEqual(await offered('sluice --js'), ['--json']);
  assert.deepEqual(await offered('sluice --json stat'), ['status'], 'options of all commands may stand before one');
  assert.deepEqual(await offered('sluice run '), ['own', 'pipeline.ts', 'script']);
  assert.deepEqual(await offered('sluice sql --file pipe'), ['pipeline.ts']);
  assert.deepEqual(await offered('sluice produce --count '), [], 'a number is no file');
  assert.deepEqual(await offered('sluice queries show '), [], 'nor is the name of a query');
}

const SHELLS = { bash: bashOffers, fish: fishOffers } as const;

async function folderWithScript(t: TestContext, shell: string): Promise<{ cwd: string; script: string }> {
  const cwd = temporaryFolder(t);
  const { stdout, exitCode } = await sluice(['completion', shell], { cwd });
  assert.equal(exitCode, 0);
  const script = join(cwd, 'script');
  writeFileSync(script, stdout);
  writeFileSync(join(cwd, 'pipeline.ts'), '');
  mkdirSync(join(cwd, 'own'));
  return { cwd, script };
}

for (const [shell, offersOf] of Object.entries(SHELLS)) {
  test(`${shell} offers commands, options and their values, and nothing that is not there`, async (t) => {
    if (!hasShell(shell)) return t.skip(`there is no ${shell} here`);
    const { cwd, script } = await folderWithScript(t, shell);
    await assertOffers(offersOf(script, cwd));
  });
}

test('zsh offers the same', async (t) => {
  if (!hasShell('zsh')) return t.skip('there is no zsh here');
  const { cwd, script } = await folderWithScript(t, 'zsh');
  const { offers, close } = zshOffers(script, cwd);
  t.after(close);
  await assertOffers(offers);
});

test('an unknown shell is refused', async (t) => {
  const { exitCode, stderr } = await sluice(['completion', 'tcsh'], { cwd: temporaryFolder(t) });
  assert.equal(exitCode, 2);
  assert.match(stderr, /"tcsh" is none of bash, zsh, fish/);
});

test('`open` prints where the dashboard is, and says so when nothing answers there', async (t) => {
  const cwd = temporaryFolder(t);
  const server = createServer((_, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const own = { cwd, env: { DASHBOARD_PORT: String(port), SLUICE_STATE: join(cwd, 'state') } };
  const found = await sluice(['open', 'dashboard'], own);
  assert.deepEqual([found.exitCode, found.stdout.trim()], [0, `http://127.0.0.1:${port}/`]);
  await new Promise((resolve) => server.close(resolve));
  const missed = await sluice(['open', 'dashboard'], own);
  assert.equal(missed.exitCode, 3);
  assert.match(missed.stderr, /Nothing answers at .*Start it with `sluice dashboard`/);
});
