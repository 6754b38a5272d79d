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
    { name: 'a', holds: true, status: 'passed' },
    { name: 'b', holds: false, status: 'failed' },
    { name: 'c', holds: false, status: 'empty' },
  ] as const;
  const late = (offset: number, watermark: string) => ({
    partition: 0,
    offset,
    batchId: 3,
    eventTime: '2026-03-01T11:00:00.000000Z',
    windowEnd: '2026-03-01T11:01:00.000000Z',
    watermark,
  });
  const [early, latest] = [late(7, '2026-03-01T11:02:00.000000Z'), late(9, '2026-03-01T11:03:00.000000Z')];
  const queries = [{ query: 'counts', lateSamples: [early, latest] }, { query: 'others' }];
  recordReport(stateDir, 'p', { ...REPORT, checks, queries });
  const kept = {
    at: '2026-03-01T12:00:01.500Z',
    ok: false,
    verdict: '1 of 2.',
    failed: ['b'],
    lateRows: [latest, early].map((row) => ({ query: 'counts', ...row })),
  };
  assert.deepEqual(readVerification(stateDir, 'p'), kept);
  assert.equal(readVerification(stateDir, 'q'), undefined);
  recordVerification(stateDir, 'p', { ...REPORT, ok: true, failed: [], lateSamples: [] });
  assert.deepEqual(readVerification(stateDir, 'p'), { ...kept, ok: true, failed: [], lateRows: [] });
  writeFileSync(join(stateDir, 'verification.json'), '{"format": "verif');
  assert.equal(readVerification(stateDir, 'p'), undefined);
  forgetVerification(stateDir);
  forgetVerification(stateDir);
});
