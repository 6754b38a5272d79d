/** docs/quickstart.md as a reader follows it, with the services that it starts itself. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { sluice } from '../../cli/run-sluice.js';
import { assertPrinted, blocksOf, readDocument, readersPlace, runInShell } from '../../support/document.js';

test('every command of the quick start works, and prints what the document says', async (t) => {
  const { folder, env } = await readersPlace(t);
  const text = await readDocument('quickstart.md');
  // The commands run where this package is: what they write goes elsewhere, and a port that somebody has does not stop them.
  const own = { ...env, LAKE_PATH: join(folder, 'lake'), DASHBOARD_PORT: '0' };
  assertPrinted(await runInShell(blocksOf(text, 'sh').join('\n'), own, t.signal), text);

  // Where the first one ended goes another one on; its JSON is held against its schema.
  const again = await sluice(['demo', '--count', '5000', '--duration', '2s', '--json'], {
    cwd: folder,
    env: { SLUICE_STATE: own.SLUICE_STATE, LAKE_PATH: own.LAKE_PATH },
  });
  assert.equal(again.exitCode, 0, again.stderr);
  const { report, produced } = JSON.parse(again.stdout);
  assert.deepEqual([report.ok, produced.sent, report.topic.records], [true, 5_000, 125_000], report.verdict);
});
