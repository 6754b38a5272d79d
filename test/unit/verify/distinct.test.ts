import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Batch } from '../../../verify/batches.js';
import { CheckBuilder } from '../../../verify/compare.js';
import {
  ActiveUsers,
  type ClosedWindow,
  EstimateComparison,
  estimateErrorMax,
  estimateRows,
} from '../../../verify/distinct.js';
import { replay } from '../../../verify/replay.js';
import { batchesOf, keyed, storeOf, type TestEvent, us } from './support.js';

const minute = (at: string): number => Number(us(at) / 60_000_000n);

async function windowsOf(
  events: readonly TestEvent[],
  batches: readonly Batch[],
): Promise<{ windows: ClosedWindow[]; simulation: ActiveUsers }> {
  const windows: ClosedWindow[] = [];
  const simulation = new ActiveUsers((window) => {
    windows.push(window);
  });
  await replay({ query: 'active_users', batches, offsets: 0, ends: new Map() }, storeOf(events), simulation);
  return { windows: windows.sort((a, b) => a.startMinute - b.startMinute), simulation };
}

describe('active_users, simulated', () => {
  it('puts an event into the five windows around it', async () => {
    const { windows } = await windowsOf([{ at: '12:10:00' }], batchesOf([1]));
    assert.deepEqual(
      windows.map(({ startMinute }) => startMinute - minute('12:10:00')),
      [-4, -3, -2, -1, 0],
    );
  });

  it('counts a user once per window, whatever the type of event', async () => {
    const events: TestEvent[] = [
      { at: '12:10:00', user: 'a' },
      { at: '12:10:30', user: 'a', type: 'click' },
      { at: '12:12:00', user: 'b' },
    ];
    const { windows } = await windowsOf(events, batchesOf([3]));
    assert.deepEqual(
      windows.map(({ users }) => users.size),
      [1, 1, 2, 2, 2, 1, 1],
    );
  });

  it('judges each window of an event by itself', async () => {
    // At watermark 12:12:00 the windows from 12:06 and 12:07 are closed, those from 12:08 on are open.
    const { windows, simulation } = await windowsOf([{ at: '12:10:59' }], batchesOf([0, '12:12:00'], [1, '12:12:00']));
    assert.deepEqual(
      windows.map(({ startMinute }) => startMinute - minute('12:10:00')),
      [-2, -1, 0],
    );
    assert.deepEqual(
      [simulation.counted, simulation.countedPairs, simulation.late.events, simulation.late.pairs],
      [1, 3, 0, 2],
    );
  });

  it('calls an event late when all its windows are closed', async () => {
    const { windows, simulation } = await windowsOf([{ at: '12:10:59' }], batchesOf([0, '12:15:00'], [1, '12:15:00']));
    assert.equal(windows.length, 0);
    assert.deepEqual([simulation.counted, simulation.late.events, simulation.late.pairs], [0, 1, 5]);
  });

  it('hands a window out when the watermark has passed it, with the batch that changed it last', async () => {
    const events: TestEvent[] = [
      { at: '12:00:00', user: 'a' },
      { at: '12:00:30', user: 'a' },
      { at: '12:20:00', user: 'b' },
    ];
    const store = storeOf(events);
    const closed: ClosedWindow[] = [];
    const simulation = new ActiveUsers((window) => {
      closed.push(window);
    });
    const batches = batchesOf([1], [1], [1, '12:18:00']);
    const partition = store.partitions.get(0);
    assert.ok(partition);
    for (const batch of batches) {
      simulation.event(partition, batch.id, batch);
      await simulation.endBatch(batch);
    }
    assert.equal(simulation.openWindows, 5);
    assert.deepEqual(new Set(closed.map(({ batchId }) => batchId)), new Set([1]));
  });
});

describe('the bound of the estimate', () => {
  it('is narrow for few users and five standard deviations for many', () => {
    assert.equal(estimateErrorMax(1), 2);
    assert.equal(estimateErrorMax(100), 6);
    assert.equal(estimateErrorMax(1000), 58);
    assert.equal(estimateErrorMax(100_000), 10_000);
  });

  const closed = (users: number): ClosedWindow => ({
    startMinute: minute('12:00:00'),
    users: new Set(Array.from({ length: users }, (_, i) => i)),
    batchId: 3,
  });
  const table = (...row: (string | number | bigint)[]): ReadonlyMap<string, string> =>
    keyed(1, [[us('12:00:00'), ...row]]);
  const run = (found: ReadonlyMap<string, string>): { status: string; where: string } => {
    const check = new CheckBuilder('active_users.bound', 'test');
    const estimates = new EstimateComparison(check, new Map(found));
    estimates.expect(closed(1000));
    estimates.finish();
    const { status, samples } = check.finish({ emptyHolds: false });
    return { status, where: samples[0]?.where ?? '' };
  };

  it('holds an estimate within it and refuses one beyond it', () => {
    assert.equal(run(table(us('12:05:00'), 1058, 3)).status, 'passed');
    assert.match(run(table(us('12:05:00'), 1059, 3)).where, /active_user_count/);
    assert.match(run(table(us('12:05:00'), 941, 3)).where, /active_user_count/);
  });

  it('takes no other window_end, batch_id or row', () => {
    assert.equal(run(table(us('12:05:01'), 1000, 3)).status, 'failed');
    assert.match(run(table(us('12:05:00'), 1000, 2)).where, /batch_id/);
    assert.equal(run(keyed(1, [])).status, 'failed');
    assert.equal(
      run(
        keyed(1, [
          [us('12:00:00'), us('12:05:00'), 1000, 3],
          [us('12:01:00'), us('12:06:00'), 1, 3],
        ]),
      ).status,
      'failed',
    );
  });

  it('is not what equality with Spark means', () => {
    const check = new CheckBuilder('active_users.spark', 'test');
    const rows = estimateRows(check, new Map(table(us('12:05:00'), 1000, 3)));
    rows.expect([String(us('12:00:00'))], ['1001']);
    rows.finish();
    assert.equal(check.differences, 1);
  });
});
