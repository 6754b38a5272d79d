import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  forgetVerification,
  readVerification,
  recordReport,
  recordVerification,
} from '../../../cli/verification-record.js';

const REPORT = { ok: false, verdict: '1 of 2.', startedAt: '2026-03-01T12:00:00.000Z', durationMs: 1_500 };

test('the last verification of a pipeline is kept until it is forgotten', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-verification-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const stateDir = join(folder, 'not-there-yet');
  assert.equal(readVerification(stateDir, 'p'), undefined);
  const checks = [
    { name: 'a', holds: true },
    { name: 'b', holds: false },
  ];
  recordReport(stateDir, 'p', { ...REPORT, checks });
  const kept = { at: '2026-03-01T12:00:01.500Z', ok: false, verdict: '1 of 2.', failed: ['b'] };
  assert.deepEqual(readVerification(stateDir, 'p'), kept);
  assert.equal(readVerification(stateDir, 'q'), undefined);
  recordVerification(stateDir, 'p', { ...REPORT, ok: true }, []);
  assert.deepEqual(readVerification(stateDir, 'p'), { ...kept, ok: true, failed: [] });
  writeFileSync(join(stateDir, 'verification.json'), '{"format": "verif');
  assert.equal(readVerification(stateDir, 'p'), undefined);
  forgetVerification(stateDir);
  forgetVerification(stateDir);
});
