/** docs/quickstart.md as a reader follows it, with the services that it starts itself. */
import { join } from 'node:path';
import { test } from 'node:test';
import { assertPrinted, blocksOf, readDocument, readersPlace, runInShell } from '../../support/document.js';

test('every command of the quick start works, and prints what the document says', async (t) => {
  const { folder, env } = await readersPlace(t);
  const text = await readDocument('quickstart.md');
  // The commands run where this package is: what they write goes elsewhere, and a port that somebody has does not stop them.
  const own = { ...env, LAKE_PATH: join(folder, 'lake'), DASHBOARD_PORT: '0' };
  assertPrinted(await runInShell(blocksOf(text, 'sh').join('\n'), own, t.signal), text);
});
