import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertNoRun, RunClaim, readRun, stopRun } from '../../../cli/run-record.js';
import { startTimeOf } from '../../../stack/process.js';

function stateDir(t: { after(clean: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A record that names another process. */
function writeRecord(folder: string, pid: number, startTime: string): void {
  const now = new Date().toISOString();
  const record = {
    version: 1,
    process: { pid, startTime },
    startedAt: now,
    updatedAt: now,
    phase: 'running',
    queries: [],
  };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
}

test('a claim is there while it lives, only for its owner to read, and gone when given up', (t) => {
  const folder = stateDir(t);
  {
    using claim = new RunClaim(folder);
    assert.equal(readRun(folder)?.phase, 'starting');
    claim.write('running', []);
    assert.equal(readRun(folder)?.phase, 'running');
    assert.equal(readRun(folder)?.process.pid, process.pid);
    assert.equal(statSync(join(folder, 'run.json')).mode & 0o777, 0o600);
    claim[Symbol.dispose]();
  }
  assert.equal(readRun(folder), undefined);
});

test('the record of a process that is gone, or whose pid another process has got, is no run', (t) => {
  const folder = stateDir(t);
  writeRecord(folder, process.ppid, 'another start time');
  assert.equal(readRun(folder), undefined);
  using _ = new RunClaim(folder);
  assert.equal(readRun(folder)?.process.pid, process.pid);
});

test('half a record is no run', (t) => {
  const folder = stateDir(t);
  writeFileSync(join(folder, 'run.json'), '{"version": 1, "proc');
  assert.equal(readRun(folder), undefined);
});

test('a second run is refused while one lives, and stopping it makes room', async (t) => {
  const folder = stateDir(t);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  writeRecord(folder, child.pid ?? 0, startTimeOf(child.pid ?? 0) ?? '');
  assert.throws(() => assertNoRun(folder), new RegExp(`runs already, as process ${child.pid}`));
  assert.throws(() => new RunClaim(folder), /runs already/);

  const ended = once(child, 'exit');
  assert.equal(await stopRun(folder), true);
  assert.deepEqual(await ended, [null, 'SIGTERM']);
  assert.throws(() => readFileSync(join(folder, 'run.json')), /ENOENT/);
  assert.equal(await stopRun(folder), false);
});
