import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { KeptProcess } from '../../../chaos/kept-process.js';

function keep(t: TestContext, program: string): { kept: KeptProcess; logFile: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kept-'));
  const logFile = join(folder, 'log');
  const kept = new KeptProcess({
    name: 'producer',
    args: () => ['-e', program],
    cwd: folder,
    env: {},
    logFile,
    restartMs: 10,
  });
  t.after(async () => {
    await kept.stop(1_000);
    rmSync(folder, { recursive: true, force: true });
  });
  return { kept, logFile };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'waited in vain');
    await delay(10);
  }
}

const READY = `console.log('ready'); setInterval(() => {}, 1000);`;

test('a killed program is started again, and the kill is not counted as an end of its own', async (t) => {
  const { kept } = keep(t, READY);
  kept.start();
  await until(() => kept.pid !== undefined);
  const first = kept.pid;
  assert.equal(kept.kill(), true);
  await until(() => kept.pid !== undefined && kept.pid !== first);
  assert.deepEqual([kept.starts, kept.ownEnds], [2, []]);
});

test('a program that ends by itself is started again, and its exit code is kept', async (t) => {
  const { kept } = keep(t, 'process.exit(4)');
  kept.start();
  await until(() => kept.starts > 1);
  assert.equal(kept.ownEnds[0]?.exitCode, 4);
});

test('a program that is stopped answers with its exit code and stays down', async (t) => {
  const { kept, logFile } = keep(t, `process.on('SIGTERM', () => process.exit(0)); ${READY}`);
  kept.start();
  await until(() => readFileSync(logFile, { encoding: 'utf8', flag: 'a+' }).includes('ready'));
  assert.equal(await kept.stop(10_000), 0);
  assert.deepEqual([kept.pid, kept.starts, await kept.stop(10)], [undefined, 1, null]);
});
