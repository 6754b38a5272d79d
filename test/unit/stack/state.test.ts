import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from '../../../config/settings.js';
import { rotateLog, tailOfLog } from '../../../stack/logs.js';
import { ownIdentity } from '../../../stack/process.js';
import { inspectStack, readStack } from '../../../stack/stack.js';
import { readRecord, removeRecord, type StackRecord, stackFile, writeRecord } from '../../../stack/state.js';
import { stopStack } from '../../../stack/stop.js';

/** What is used of a test's context. */
interface TestScope {
  after(action: () => unknown): void;
}

function folder(t: TestScope): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-state-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const GONE = { pid: 2 ** 22 + 1, startTime: 'gone' };

function record(
  stateDir: string,
  processes: StackRecord['processes'],
  phase: StackRecord['phase'] = 'running',
): StackRecord {
  return {
    version: 1,
    phase,
    startedAt: '2024-01-01T00:00:00.000Z',
    processes,
    plan: {
      settings: readSettings({ SLUICE_STATE: stateDir }, stateDir).stack,
      ports: { kafka: 1, kafkaController: 2, postgres: 3, sparkConnect: 4, sparkUi: 5 },
      postgresPassword: 'p@ss/word',
      rolePasswords: { writer: 'w', reader: 'r' },
      sparkToken: 'token',
    },
  };
}

test('the record comes back as it was written, for its owner only', (t) => {
  const stateDir = folder(t);
  const written = record(stateDir, { kafka: GONE });
  writeRecord(stateDir, written);
  // What JSON does not carry: variables that are not set.
  assert.deepEqual(readRecord(stateDir), JSON.parse(JSON.stringify(written)));
  assert.equal(statSync(stackFile(stateDir)).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(stateDir), ['stack.json']);
  removeRecord(stateDir);
  assert.equal(readRecord(stateDir), undefined);
});

test('a damaged record, or one of another version, is none', (t) => {
  const stateDir = folder(t);
  for (const text of ['{"version": 1,', '', '{"version": 2}']) {
    writeFileSync(stackFile(stateDir), text);
    assert.equal(readRecord(stateDir), undefined);
  }
});

test('a stack is running, broken, starting or none by the processes on record', async (t) => {
  const stateDir = folder(t);
  const own = ownIdentity();
  const kindOf = (processes: StackRecord['processes'], phase?: StackRecord['phase']): string => {
    writeRecord(stateDir, record(stateDir, processes, phase));
    return inspectStack(stateDir).kind;
  };
  assert.equal(inspectStack(stateDir).kind, 'none');
  assert.equal(kindOf({ kafka: GONE, postgres: GONE, spark: GONE }), 'none');
  assert.equal(kindOf({ kafka: own }, 'starting'), 'starting');
  assert.equal(kindOf({ kafka: own, postgres: own, spark: GONE }), 'broken');
  assert.deepEqual((inspectStack(stateDir) as { dead?: unknown }).dead, ['spark']);
  assert.equal(await readStack(stateDir), undefined);
  assert.equal(kindOf({ kafka: own, postgres: own, spark: own }), 'running');
  assert.equal((await readStack(stateDir))?.postgres.url, 'postgresql://sluice:p%40ss%2Fword@127.0.0.1:3/sluice');
  removeRecord(stateDir);
});

test('stopping what is not there says so and changes nothing', async (t) => {
  const stateDir = folder(t);
  assert.equal(await stopStack(stateDir), false);
  assert.equal(await stopStack(join(stateDir, 'missing')), false);
  assert.deepEqual(readdirSync(stateDir), []);
});

test('stopping a stack whose processes are gone removes the record', async (t) => {
  const stateDir = folder(t);
  writeRecord(stateDir, record(stateDir, { kafka: GONE, postgres: GONE, spark: GONE }));
  const lines: string[] = [];
  assert.equal(await stopStack(stateDir, (line) => lines.push(line)), true);
  assert.deepEqual([lines, readdirSync(stateDir)], [[], []]);
});

test('a log is kept once, and its tail is short in lines and columns', (t) => {
  const file = join(folder(t), 'kafka.log');
  assert.equal(tailOfLog(file), '');
  writeFileSync(
    file,
    `${Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')}\n${'x'.repeat(1000)}\n`,
  );
  const tail = tailOfLog(file, 3).split('\n');
  assert.deepEqual(tail.slice(0, 2), ['line 98', 'line 99']);
  assert.equal(tail[2]?.length, 200);
  rotateLog(file);
  rotateLog(file);
  assert.match(readFileSync(file.replace('.log', '.previous.log'), 'utf8'), /^line 0/);
});
