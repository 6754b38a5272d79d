import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPipeline } from '../../../cli/open-pipeline.js';
import { planOfflineReset } from '../../../cli/reset-plan.js';
import { readSettings } from '../../../config/settings.js';

test('a reset takes what sluice has made and leaves what else lies in the same folders', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-reset-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const gone = [
    'lake/event_date=2026-01-31',
    'lake/_temporary',
    'state/kafka',
    'state/postgres',
    'state/checkpoints/user-activity',
  ];
  const kept = ['lake/notes', 'lake/event_date=backup', 'state/logs', 'state/checkpoints/another'];
  for (const name of [...gone, ...kept]) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'file'), '');
  }
  const settings = readSettings({ SLUICE_STATE: 'state', LAKE_PATH: 'lake' }, folder);
  const { steps } = await planOfflineReset(settings, await openPipeline(settings));
  assert.ok(
    gone.every((name) => existsSync(join(folder, name))),
    'planning deletes nothing',
  );
  assert.ok(steps.some(({ what }) => what === `2 parts of the lake ${join(folder, 'lake')}`));

  for (const { run } of steps) await run();
  for (const { run } of steps) await run();
  assert.deepEqual(
    gone.filter((name) => existsSync(join(folder, name))),
    [],
  );
  assert.deepEqual(
    kept.filter((name) => !existsSync(join(folder, name))),
    [],
  );
});

test('a lake that is not in the file system is not touched, and said so', async () => {
  const settings = readSettings({ LAKE_PATH: 's3a://bucket/lake' }, tmpdir());
  const pipeline = await openPipeline(settings);
  await assert.rejects(
    planOfflineReset(settings, pipeline),
    /LAKE_PATH is s3a:\/\/bucket\/lake: .* tools of that storage/,
  );
});
