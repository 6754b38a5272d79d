import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styleFor } from '../../../../cli/ui/style.js';
import { formatRound } from '../../../../cli/ui/watch-report.js';
import type { RoundOutcome, WatchRound } from '../../../../verify/index.js';

const PLAIN = styleFor({ isTTY: false });

function round(outcome: RoundOutcome, verdict: string, failed: readonly string[] = []): WatchRound<unknown> {
  return {
    format: 'sluice.verify.round/1',
    round: 3,
    startedAt: '2026-03-01T12:00:05.123Z',
    durationMs: 1_234,
    outcome,
    verdict,
    records: 12_345,
    batches: 40,
    pending: 7,
    late: 2,
    lateSamples: [],
    failed,
  };
}

test('a round that holds says what was seen, and how long it took', () => {
  const line = formatRound(round('holds', 'All 20 checks hold.'), PLAIN);
  assert.equal(line, '12:00:05 holds  12,345 records, 40 batches, 2 late, 7 to come  1.2 s');
});

test('a violation names the checks, a wait and an absent service their reason', () => {
  assert.match(
    formatRound(round('violated', '1 of 20', ['lake.rows', 'events.ledger']), PLAIN),
    /^12:00:05 VIOLATED {2}12,345 records.* {2}lake\.rows, events\.ledger$/,
  );
  assert.match(formatRound(round('waiting', 'Nothing to verify.'), PLAIN), /waiting.*Nothing to verify\.$/);
  assert.equal(
    formatRound(round('unreachable', 'Postgres at db could not be read.'), PLAIN),
    '12:00:05 unreachable  Postgres at db could not be read.',
  );
});
