/** A short run of `sluice chaos` as a user makes it; the long ones, with their figures, are in docs/reliability-chaos.md. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ChaosReport } from '../../chaos/index.js';
import { findOrphans } from '../../chaos/leftovers.js';
import { sluice, startSluice } from '../cli/run-sluice.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-chaos-test-'));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
/** The runs put their systems below TMPDIR; short-lived JVMs spend less on their compilers when they leave out the second one. */
const own = { cwd: folder, env: { TMPDIR: temporary, JDK_JAVA_OPTIONS: '-XX:TieredStopAtLevel=1' } };

after(() => rmSync(folder, { recursive: true, force: true }));

/** One of each way to fall: processes killed and standing still, replies that never come, a full disk. */
const KINDS = [
  'kill-worker-at-commit',
  'kill-spark',
  'kill-supervisor',
  'kill-postgres',
  'kill-kafka',
  'kill-producer-in-transaction',
  'lose-postgres-reply',
  'lose-kafka-reply',
  'pause-worker',
  'disk-full',
];

/** A busy machine is no fault of the system's. */
const PATIENCE = '10m';

async function assertNothingLeft(): Promise<void> {
  assert.deepEqual(await findOrphans(temporary), []);
  assert.deepEqual(readdirSync(temporary), []);
}

test('faults of ten kinds leave nothing lost, doubled, wrong or behind', async () => {
  // As many as there is time for: the whole system goes through every one of them.
  const faults = ['--faults', String(KINDS.length), '--seed', '11', '--only', KINDS.join(',')];
  const run = await sluice(['chaos', ...faults, '--duration', '90s', '--patience', PATIENCE, '--json'], own);
  assert.notEqual(run.stdout, '', run.stderr);
  const report = JSON.parse(run.stdout) as ChaosReport;
  assert.equal(report.ok, true, report.verdict);
  assert.equal(run.exitCode, 0);
  assert.ok(report.faults.length > 0);
  assert.deepEqual(
    report.faults.map(({ number }) => number),
    report.faults.map((_, at) => at + 1),
  );
  assert.deepEqual(report.rows, { lost: 0, duplicated: 0, wrong: 0 });
  assert.deepEqual(report.leftovers, []);
  assert.ok(report.verification !== undefined && report.verification.topic.records > 0);
  for (const reader of report.readers) assert.ok(reader.reads > 0 && reader.seen > 0, JSON.stringify(reader));
  await assertNothingLeft();
});

test('a run that is interrupted stops everything that it has started', async () => {
  const { child, result } = startSluice(['chaos', '--faults', '2', '--only', 'kill-worker'], own);
  let said = '';
  child.stderr?.on('data', (text: string) => {
    said += text;
  });
  while (!/^pipeline$/m.test(said) && child.exitCode === null) await once(child.stderr ?? child, 'data');
  child.kill('SIGINT');
  const { exitCode, stderr } = await result;
  assert.equal(exitCode, 130, stderr);
  await assertNothingLeft();
});
