import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFault, FAULT_NAMES, type FaultName, isFaultName } from '../../../chaos/fault.js';
import { drawSchedule } from '../../../chaos/schedule.js';

const ALL = Object.keys(FAULT_NAMES).filter(isFaultName);
const textOf = (seed: number, names: readonly FaultName[] = ALL): string[] =>
  drawSchedule(seed, 60, names).map(({ number, name, fault }) => `${number} ${name} ${describeFault(fault)}`);

test('the same seed gives the same faults, whatever order the kinds are named in', () => {
  assert.deepEqual(textOf(7), textOf(7));
  assert.deepEqual(textOf(7, [...ALL].reverse()), textOf(7));
});

test('another seed gives another order, other targets and other durations', () => {
  assert.notDeepEqual(textOf(8), textOf(7));
});

test('a schedule meets every kind before it meets one again', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = drawSchedule(seed, ALL.length, ALL).map(({ name }) => name);
    assert.deepEqual([...first].sort(), [...ALL].sort());
  }
});

test('a round holds each kind as often as its weight says', () => {
  const round = ALL.reduce((sum, name) => sum + FAULT_NAMES[name].weight, 0);
  const counts = new Map<FaultName, number>();
  for (const { name } of drawSchedule(3, 2 * round, ALL)) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const name of ALL) assert.equal(counts.get(name), 2 * FAULT_NAMES[name].weight, name);
});

test('a schedule of chosen kinds holds no other', () => {
  const names = new Set(drawSchedule(1, 30, ['kill-worker', 'zombie-worker']).map(({ name }) => name));
  assert.deepEqual([...names].sort(), ['kill-worker', 'zombie-worker']);
});

test('a producer is killed when its records are in the log and its transaction is open', () => {
  const [scheduled] = drawSchedule(1, 1, ['kill-producer-in-transaction']);
  assert.deepEqual(scheduled?.fault, {
    kind: 'kill-at',
    victim: 'producer',
    at: { service: 'kafka', client: 'producer', message: 'produce' },
    lost: 'reply',
  });
});

test('kinds that cannot be done are passed over and leave the others as they were', () => {
  const all = drawSchedule(9, 80, ALL).filter(({ name }) => !name.endsWith('-executor'));
  const without = drawSchedule(9, 40, ALL, new Set(['executors']));
  assert.deepEqual(
    without.map(({ fault }) => fault),
    all.slice(0, 40).map(({ fault }) => fault),
  );
  assert.throws(() => drawSchedule(9, 1, ['kill-executor'], new Set(['executors'])), /that can be done/);
});
