import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  endProcess,
  isAlive,
  ownIdentity,
  type ProcessIdentity,
  spawnDetached,
  startTimeOf,
  waitForEnd,
} from '../../../stack/process.js';

/** What is used of a test's context. */
interface TestScope {
  after(action: () => unknown): void;
}

function folder(t: TestScope): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-process-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts a Node program that is ended when the test is, and waits until it has written its first line. */
async function start(t: TestScope, program: string): Promise<ProcessIdentity & { readonly logFile: string }> {
  const cwd = folder(t);
  const logFile = join(cwd, 'out.log');
  const recorded: ProcessIdentity[] = [];
  const identity = await spawnDetached(
    { label: 'test', command: process.execPath, args: ['-e', program], env: process.env, cwd, logFile },
    (own) => recorded.push(own),
  );
  t.after(() => endProcess(identity, { graceMs: 0 }));
  assert.deepEqual(recorded, [identity]);
  while (statSync(logFile).size === 0 && isAlive(identity)) await new Promise((resolve) => setTimeout(resolve, 10));
  return { ...identity, logFile };
}

test('a process is known by pid and start time', () => {
  const own = ownIdentity();
  assert.equal(own.pid, process.pid);
  assert.equal(startTimeOf(process.pid), own.startTime);
  assert.ok(isAlive(own));
  assert.ok(!isAlive({ ...own, startTime: `${own.startTime}1` }));
});

test('a process that is not there has no start time', () => {
  assert.equal(startTimeOf(2 ** 22 + 1), undefined);
});

test('a process that nobody has reaped yet counts as ended', async () => {
  // The child of a shell that has become `sleep`: it ends, and its parent never asks for it.
  const parent = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });

  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    const deadline = Date.now() + 5000;
    while (startTimeOf(zombie) !== undefined && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(startTimeOf(zombie), undefined);
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a started process writes to its log, gets no signal of this terminal, and ends when asked', async (t) => {
  const started = await start(t, 'console.log("ready " + process.pid); setInterval(() => {}, 1000)');
  assert.match(readFileSync(started.logFile, 'utf8'), new RegExp(`^ready ${started.pid}`));
  assert.equal(statSync(started.logFile).mode & 0o777, 0o600);
  assert.equal(await endProcess(started), 'ended');
  assert.equal(await endProcess(started), 'was_gone');
});

test('a process that does not listen is killed, with what it has started', async (t) => {
  const program = `
    process.on('SIGTERM', () => {});
    const child = require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const started = await start(t, program);
  const childPid = Number(readFileSync(started.logFile, 'utf8'));
  const startTime = startTimeOf(childPid);
  assert.ok(startTime !== undefined);
  assert.equal(await endProcess(started, { graceMs: 100 }), 'killed');
  assert.ok(await waitForEnd({ pid: childPid, startTime }, 5000));
});

test('a process that has the pid but another start time is left alone', async (t) => {
  const started = await start(t, 'console.log("ready"); setInterval(() => {}, 1000)');
  assert.equal(await endProcess({ pid: started.pid, startTime: 'another' }), 'was_gone');
  assert.ok(isAlive(started));
});

test('a program that does not exist is a clear error', async (t) => {
  const cwd = folder(t);
  const request = {
    label: 'the thing',
    command: 'no-such-program',
    args: [],
    env: process.env,
    cwd,
    logFile: join(cwd, 'x.log'),
  };
  await assert.rejects(
    spawnDetached(request, () => assert.fail('nothing was started')),
    { name: 'StackError', kind: 'not_started', message: /^the thing: no-such-program cannot be started/ },
  );
});
