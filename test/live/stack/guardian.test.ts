// A stack that belongs to a command must not outlive it, however the command ends.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../../../config/settings.js';
import { inspectStack, startStack, stopStack } from '../../../stack/index.js';
import { isAlive, type ProcessIdentity } from '../../../stack/process.js';
import { readRecord, stackFile } from '../../../stack/state.js';
import { ANY_PORTS } from './any-ports.js';

const stateDir = mkdtempSync(join(tmpdir(), 'sluice-guardian-'));
const env = { SLUICE_STATE: stateDir, ...ANY_PORTS };
let owner: ChildProcess | undefined;

afterEach(async () => {
  owner?.kill('SIGKILL');
  await stopStack(stateDir);
});
after(() => rmSync(stateDir, { recursive: true, force: true }));

/** Starts a process that owns a stack; `until` is asked again and again until it is content. */
async function startOwner(until: (output: string) => boolean): Promise<void> {
  // The compiled program, or the source with the loader that this test itself runs under.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const program = fileURLToPath(new URL(`./owner.${extension}`, import.meta.url));
  const flags = process.execArgv.filter((flag) => !flag.startsWith('--test'));
  const child = spawn(process.execPath, [...flags, program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  owner = child;
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  while (!until(output)) {
    assert.equal(child.exitCode, null, output);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function processesOnRecord(): readonly ProcessIdentity[] {
  const record = readRecord(stateDir) ?? assert.fail('there is no record of the stack');
  return [...Object.values(record.processes), ...(record.guardian ? [record.guardian] : [])];
}

async function waitUntil(isDone: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isDone()) {
    assert.ok(Date.now() < deadline, `not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('kill -9 of the owner ends the whole stack and its guardian', async () => {
  await startOwner((output) => output.includes('ready'));
  const processes = processesOnRecord();
  assert.equal(processes.length, 4);
  assert.ok(processes.every(isAlive));
  owner?.kill('SIGKILL');
  await waitUntil(() => !processes.some(isAlive), 20_000);
  await waitUntil(() => !existsSync(stackFile(stateDir)), 5000);
});

test('kill -9 of the owner in the middle of the start leaves no process either', async () => {
  await startOwner(() => Object.keys(readRecord(stateDir)?.processes ?? {}).length === 3);
  const processes = processesOnRecord();
  assert.equal(inspectStack(stateDir).kind, 'starting');
  owner?.kill('SIGKILL');
  await waitUntil(() => !processes.some(isAlive), 20_000);
});

test('an interrupted start stops what it has started and says so', async () => {
  const interrupt = new AbortController();
  const starting = startStack(readSettings(env, stateDir).stack, () => {}, { signal: interrupt.signal, isOwned: true });
  await waitUntil(() => Object.keys(readRecord(stateDir)?.processes ?? {}).length > 0, 10_000);
  const processes = processesOnRecord();
  interrupt.abort();
  await assert.rejects(starting, { name: 'StackError', kind: 'aborted', exitCode: 130 });
  await waitUntil(() => !processes.some(isAlive), 5000);
  assert.equal(inspectStack(stateDir).kind, 'none');
});
