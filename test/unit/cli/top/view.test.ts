// What `sluice top` shows, next to golden files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ViewOptions } from '../../../../cli/top/figures.js';
import { BEGIN, type TopState } from '../../../../cli/top/state.js';
import { topLines } from '../../../../cli/top/view.js';
import { styleFor } from '../../../../cli/ui/style.js';
import { widthOf } from '../../../../cli/ui/text.js';
import { assertGolden } from '../../../support/golden.js';
import { NOW_MS, SNAPSHOTS, snapshotAt } from './snapshots.js';

const SHOWN: TopState = { ...BEGIN, snapshots: SNAPSHOTS };

function view(state: TopState, options: Partial<ViewOptions> = {}): string[] {
  const lines = topLines(state, { style: styleFor({}), width: 80, nowMs: NOW_MS, isInteractive: true, ...options });
  const { width = 80, height = Number.POSITIVE_INFINITY } = options;
  assert.ok(lines.length <= height, `${lines.length} lines on ${height}`);
  for (const line of lines) assert.ok(widthOf(line) <= width, `wider than ${width}: ${line}`);
  return lines;
}

const VIEWS: Readonly<Record<string, string[]>> = {
  'table-80': view(SHOWN, { height: 24 }),
  'table-120': view(SHOWN, { width: 120, height: 30 }),
  'table-44': view(SHOWN, { width: 44, height: 20 }),
  'table-colours': view(SHOWN, { style: styleFor({ isTTY: true, hasColors: () => true }) }),
  'table-once': view({ ...BEGIN, snapshots: SNAPSHOTS.slice(-1) }, { isInteractive: false }),
  'table-paused': view({ ...SHOWN, isPaused: true, sort: 'lag', isReversed: true, selected: 'page_view_counts' }),
  'details-80': view({ ...SHOWN, view: 'details', selected: 'page_view_counts' }, { height: 24 }),
  'details-error': view({ ...SHOWN, view: 'details', selected: 'events' }, { width: 100 }),
  'help-80': view({ ...SHOWN, view: 'help' }, { height: 24 }),
  'services-down': view({
    ...BEGIN,
    snapshots: [
      snapshotAt(
        NOW_MS - 30_000,
        {},
        {
          services: [
            {
              service: 'Kafka',
              address: 'k:1',
              isUp: false,
              problem: 'connect ECONNREFUSED 127.0.0.1:9092 \u001b[2J and so on, for longer than a line',
            },
            { service: 'Postgres', address: 'p:1', isUp: true },
            { service: 'Spark', address: 's:1', isUp: false },
          ],
          queries: [],
        },
      ),
    ],
  }),
};

for (const [name, lines] of Object.entries(VIEWS)) {
  test(`the view ${name} is as its golden file has it`, () => assertGolden(`top/${name}.txt`, lines.join('\n')));
}

test('on a terminal of any size no line is too wide and none too many', () => {
  for (const state of [SHOWN, { ...SHOWN, view: 'details' as const }, { ...SHOWN, view: 'help' as const }]) {
    for (const width of [40, 44, 60, 79, 80, 100, 200]) {
      for (const height of [6, 14, 24, 60]) view(state, { width, height });
    }
  }
});

test('before the first look it says that it is looking', () => {
  assert.deepEqual(view(BEGIN), ['looking …']);
});

test('a run that cannot be seen from here is not called stopped', () => {
  const { phase: _, ...unseen } = snapshotAt(NOW_MS, { phase: 'not-running' });
  const lines = view({ ...BEGIN, snapshots: [unseen] }, { elsewhere: 'in its container' }).join('\n');
  assert.match(lines, /^user-activity in its container /);
  assert.match(lines, /page_view_counts +\? /);
  assert.doesNotMatch(lines, /not running|stopped/);
});
