/** `sluice config show`, the first command of two words: how it is found, and how it is missed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sluice, temporaryFolder } from './run-sluice.js';

test('config show names what was changed and where, and no secret', async (t) => {
  const cwd = temporaryFolder(t, 'KAFKA_PORT=9999\nPOSTGRES_PASSWORD=hunter2hunter2\n');
  const { exitCode, stdout } = await sluice(['config', 'show', '--changed'], { cwd });
  assert.equal(exitCode, 0);
  assert.match(stdout, /^KAFKA_PORT +9999 {2}\(\.env, line 1\)$/m);
  assert.match(stdout, /^POSTGRES_PASSWORD +set \(hidden\)/m);
  assert.equal(stdout.includes('hunter2'), false);
});

test('a mistyped second word is met with the command that was meant, and exit code 2', async (t) => {
  const { exitCode, stderr } = await sluice(['config', 'shwo'], { cwd: temporaryFolder(t) });
  assert.equal(exitCode, 2);
  assert.match(stderr, /no command "config shwo"\. Did you mean `sluice config show`\?/);
});
