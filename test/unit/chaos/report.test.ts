import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Findings, failureShareMax, judge, quantile, summarizeKinds } from '../../../chaos/report.js';
import type { Check, VerifyReport } from '../../../verify/index.js';

const CHECK: Check = {
  name: 'lake.rows',
  what: 'all',
  status: 'passed',
  holds: true,
  expected: 3,
  found: 3,
  differences: 0,
  samples: [],
};

function verification(checks: readonly Check[], ok = true): VerifyReport {
  return { format: 'sluice.verify/1', ok, verdict: 'as said', checks } as unknown as VerifyReport;
}

const GOOD: Findings = {
  seed: 1,
  faultsBegun: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  faults: [{ number: 1, name: 'kill-worker', what: 'kill', atSeconds: 0, isInBatch: true, recoveredMs: 900 }],
  leftOut: [],
  failures: [],
  verification: verification([CHECK]),
  readers: [{ name: 'tables', reads: 3, seen: 9, violations: 0, samples: [] }],
  leftovers: [],
  supervisor: { starts: 1, ownEnds: [], exitCode: 0 },
  producer: { starts: 1, ownEnds: [] },
  folder: undefined,
};

test('a run in which nothing is wrong is ok and says how many faults it had', () => {
  const report = judge(GOOD);
  assert.equal(report.ok, true);
  assert.match(report.verdict, /^1 faults, 1 of them inside a micro-batch: 0 lost, 0 duplicated, 0 wrong rows/);
});

const BAD: readonly { readonly what: string; readonly change: Partial<Findings>; readonly verdict: RegExp }[] = [
  { what: 'the system does not come back', change: { failures: ['no progress'] }, verdict: /no progress/ },
  { what: 'a fault is missing', change: { faultsBegun: 2 }, verdict: /1 of 2 faults/ },
  { what: 'no fault has struck', change: { faults: [], faultsBegun: 0 }, verdict: /no fault has struck/ },
  { what: 'nothing was verified', change: { verification: undefined }, verdict: /nothing was verified/ },
  { what: 'the oracle objects', change: { verification: verification([], false) }, verdict: /wrong rows \(as said\)/ },
  {
    what: 'a live reader saw a wrong state',
    change: { readers: [{ name: 'tables', reads: 3, seen: 9, violations: 2, samples: ['row 1 fell'] }] },
    verdict: /saw 2 states that must not be: row 1 fell/,
  },
  {
    what: 'a live reader has read nothing',
    change: { readers: [{ name: 'tables', reads: 0, seen: 0, violations: 0, samples: [] }] },
    verdict: /never came through/,
  },
  { what: 'something is left behind', change: { leftovers: ['lock on x'] }, verdict: /1 leftovers: lock on x/ },
  {
    what: 'the supervisor does not end in order',
    change: { supervisor: { starts: 1, ownEnds: [], exitCode: 1 } },
    verdict: /the supervisor ended with 1/,
  },
];

for (const { what, change, verdict } of BAD) {
  test(`a run is not ok when ${what}`, () => {
    const report = judge({ ...GOOD, ...change });
    assert.equal(report.ok, false);
    assert.match(report.verdict, verdict);
  });
}

test('differences are counted by what they mean, and those beyond the samples as wrong', () => {
  const check: Check = {
    ...CHECK,
    holds: false,
    differences: 5,
    samples: [
      { kind: 'missing', where: 'a' },
      { kind: 'duplicate', where: 'b' },
      { kind: 'different', where: 'c' },
    ],
  };
  assert.deepEqual(judge({ ...GOOD, verification: verification([check], false) }).rows, {
    lost: 1,
    duplicated: 1,
    wrong: 3,
  });
});

test('times are summed up per kind by the nearest rank', () => {
  const faults = [5, 1, 3, 2, 4].map((seconds, at) => ({
    ...(GOOD.faults[0] as Findings['faults'][number]),
    number: at + 1,
    recoveredMs: seconds * 1_000,
  }));
  assert.deepEqual(summarizeKinds(faults), [
    { name: 'kill-worker', count: 5, p50Ms: 3_000, p95Ms: 5_000, maxMs: 5_000 },
  ]);
  assert.equal(quantile([1], 0.95), 1);
});

test('no failure in 300 faults bounds the share of harmful ones at one per cent', () => {
  assert.ok(Math.abs(failureShareMax(300) - 0.00994) < 0.0001);
  assert.equal(failureShareMax(0), 1);
});
