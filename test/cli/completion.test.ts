import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { sluice, temporaryFolder } from './run-sluice.js';

test('bash offers commands, options and their values, and nothing that is not there', async (t) => {
  const cwd = temporaryFolder(t);
  const { stdout: script, exitCode } = await sluice(['completion', 'bash'], { cwd });
  assert.equal(exitCode, 0);
  const offered = (...words: string[]): string[] => {
    const ask = `COMP_WORDS=(sluice "$@"); COMP_CWORD=$#; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const text = execFileSync('bash', ['-c', `${script}\n${ask}`, 'bash', ...words], { encoding: 'utf8', cwd });
    return text.split('\n').filter((line) => line !== '');
  };
  assert.deepEqual(offered('ver'), ['verify']);
  assert.deepEqual(offered('queries', 's').sort(), ['show', 'stop']);
  assert.deepEqual(offered('verify', '--js'), ['--json']);
  assert.deepEqual(offered('logs', '--level', ''), ['debug', 'info', 'warn', 'error']);
  assert.deepEqual(offered('open', ''), ['spark', 'dashboard']);
  assert.deepEqual(offered('verify', '--no-such'), []);
});

test('the other shells get a script with every command, and an unknown shell is refused', async (t) => {
  const cwd = temporaryFolder(t);
  for (const shell of ['zsh', 'fish']) {
    const { stdout } = await sluice(['completion', shell], { cwd });
    for (const command of ['verify', 'queries', 'restart', 'logs'])
      assert.ok(stdout.includes(command), `${shell}: ${command}`);
  }
  const { exitCode, stderr } = await sluice(['completion', 'tcsh'], { cwd });
  assert.equal(exitCode, 2);
  assert.match(stderr, /tcsh.*bash, zsh, fish/);
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
