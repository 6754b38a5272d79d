import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from '../../../../cli/top/sparkline.js';
import {
  BEGIN,
  HISTORY_MAX,
  SORTS,
  selectedQuery,
  sortedQueries,
  type TopState,
  withKey,
  withSnapshot,
} from '../../../../cli/top/state.js';
import { NOW_MS, SNAPSHOTS, snapshotAt } from './snapshots.js';

const SHOWN: TopState = { ...BEGIN, snapshots: SNAPSHOTS };

function press(state: TopState, ...names: string[]): TopState {
  return names.reduce((before, name) => {
    const next = withKey(before, { name, sequence: name });
    assert.notEqual(next, 'quit', `${name} quits`);
    return next as TopState;
  }, state);
}

const names = (state: TopState): string[] => sortedQueries(state).map(({ query }) => query);

test('snapshots are kept up to a limit, and those of another pipeline are forgotten', () => {
  let state = BEGIN;
  for (let at = 0; at < HISTORY_MAX + 5; at++) state = withSnapshot(state, snapshotAt(NOW_MS + at));
  assert.equal(state.snapshots.length, HISTORY_MAX);
  assert.equal(state.snapshots.at(-1)?.at, new Date(NOW_MS + HISTORY_MAX + 4).toISOString());
  assert.equal(withSnapshot(state, snapshotAt(NOW_MS, {}, { pipeline: 'orders' })).snapshots.length, 1);
});

test('a paused screen takes no snapshot until it goes on', () => {
  const paused = press(SHOWN, 'p');
  assert.equal(withSnapshot(paused, snapshotAt(NOW_MS + 1)), paused);
  assert.equal(withSnapshot(press(paused, 'space'), snapshotAt(NOW_MS + 1)).snapshots.length, 21);
});

test('s goes through all columns and back to the name, r reverses the order', () => {
  assert.deepEqual(names(SHOWN), ['average_delivery_time_per_warehouse_and_country', 'events', 'page_view_counts']);
  const byIn = press(SHOWN, 's');
  assert.deepEqual([byIn.sort, names(byIn)[0]], ['in', 'page_view_counts']);
  const byLag = press(SHOWN, 's', 's', 's', 's');
  assert.deepEqual(
    [byLag.sort, names(byLag)],
    ['lag', ['events', 'page_view_counts', 'average_delivery_time_per_warehouse_and_country']],
  );
  assert.deepEqual(names(press(byLag, 'r')), names(byLag).reverse());
  assert.equal(press(SHOWN, ...Object.keys(SORTS).map(() => 's')).sort, 'name');
});

test('the query whose watermark is oldest is furthest behind, those without one come last', () => {
  const queries = [
    { ...SNAPSHOTS[0]?.queries[0], query: 'new', watermark: '2026-03-01T12:09:00Z' },
    { ...SNAPSHOTS[0]?.queries[2], query: 'none' },
    { ...SNAPSHOTS[0]?.queries[0], query: 'old', watermark: '2026-03-01T11:00:00Z' },
  ] as TopState['snapshots'][0]['queries'];
  assert.deepEqual(names({ ...SHOWN, sort: 'behind', snapshots: [snapshotAt(NOW_MS, {}, { queries })] }), [
    'old',
    'new',
    'none',
  ]);
});

test('the selection moves within the list and follows its query when the order changes', () => {
  assert.equal(selectedQuery(SHOWN)?.query, 'average_delivery_time_per_warehouse_and_country');
  const moved = press(SHOWN, 'down', 'j', 'down', 'down');
  assert.equal(selectedQuery(moved)?.query, 'page_view_counts');
  assert.equal(selectedQuery(press(moved, 'r'))?.query, 'page_view_counts');
  assert.equal(selectedQuery(press(moved, 'k'))?.query, 'events');
  assert.equal(selectedQuery({ ...SHOWN, selected: 'gone' })?.query, 'average_delivery_time_per_warehouse_and_country');
});

test('Enter opens details, Esc and the help key lead back, other keys change nothing', () => {
  const details = press(SHOWN, 'down', 'return');
  assert.deepEqual([details.view, details.selected], ['details', 'events']);
  assert.equal(press(details, 'escape').view, 'table');
  assert.equal(press(SHOWN, '?').view, 'help');
  assert.equal(press(SHOWN, 'h', 'h').view, 'table');
  assert.equal(press(SHOWN, 'x'), SHOWN);
  assert.equal(press(BEGIN, 'return', 'down').view, 'table');
});

test('q and Ctrl-C quit from every view', () => {
  for (const view of ['table', 'details', 'help'] as const) {
    assert.equal(withKey({ ...SHOWN, view }, { name: 'q' }), 'quit');
    assert.equal(withKey({ ...SHOWN, view }, { name: 'c', ctrl: true }), 'quit');
  }
  assert.notEqual(withKey(SHOWN, { name: 'c' }), 'quit');
});

test('a sparkline shows the newest samples next to the largest, and only nothing as nothing', () => {
  assert.equal(sparkline([], 3), '   ');
  assert.equal(sparkline([0, 0], 3), ' ▁▁');
  assert.equal(sparkline([900, 0, 1, 4, 8], 4), '▁▂▅█');
  assert.equal(sparkline([0, 0.001, 1_000], 3), '▁▂█');
});
