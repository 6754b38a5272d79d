/** `--env docker`: the command line against services in containers, as far as it goes without any. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sluice } from './run-sluice.js';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-env-docker-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('commands that start, stop or empty services are refused, with what does it there', async (t) => {
  const cwd = folder(t);
  for (const command of ['run', 'down', 'up']) {
    const { exitCode, stderr } = await sluice([command, '--env', 'docker'], { cwd });
    assert.equal(exitCode, 2, command);
    assert.match(stderr, new RegExp(`docker-compose exec pipeline sluice ${command}`));
  }
});

test('without an .env it says what to run first', async (t) => {
  const { exitCode, stderr } = await sluice(['status', '--env', 'docker'], { cwd: folder(t) });
  assert.equal(exitCode, 2);
  assert.match(stderr, /run \.\/start\.sh first/);
});

test('status says whose services it asks, and that they do not answer', async (t) => {
  const cwd = folder(t);
  const ports = ['KAFKA_PORT=1', 'POSTGRES_PORT=1', 'SPARK_CONNECT_PORT=1'].join('\n');
  writeFileSync(join(cwd, '.env'), `POSTGRES_PASSWORD=p\nSPARK_CONNECT_AUTHENTICATE_TOKEN=t\n${ports}\n`);
  const { exitCode, stdout } = await sluice(['status', '--env', 'docker'], { cwd });
  assert.equal(exitCode, 3);
  assert.match(stdout, /^Services in Docker, by the \.env of this folder\nKafka +down {2}127\.0\.0\.1:1\n/);
});
