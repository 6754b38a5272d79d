/** docs/tutorial.md as a reader follows it, in a folder of its own, with the services that it starts itself. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';
import { assertPrinted, blocksOf, readDocument, readersPlace, runInShell, words } from '../../support/document.js';

test('every command of the tutorial works, and prints what the tutorial says', async (t) => {
  const { folder, env } = await readersPlace(t);
  const text = await readDocument('tutorial.md');
  const commands = blocksOf(text, 'sh').join('\n').replaceAll('../my-app', join(folder, 'my-app'));
  assertPrinted(await runInShell(commands, env, t.signal), text);
});

test('the pipeline that the tutorial shows is the one of the template', async () => {
  const template = (name: string): Promise<string> =>
    readFile(join(packageRoot(), 'templates', 'orders', name), 'utf8');
  const [text, pipeline, tests] = await Promise.all([
    readDocument('tutorial.md'),
    template('pipeline.ts'),
    template('pipeline.test.mjs'),
  ]);
  const code = words(pipeline.replace(/^\s*\/\/.*$/gm, ''));
  for (const block of blocksOf(text, 'ts')) assert.ok(code.includes(words(block)), block);
  for (const block of blocksOf(text, 'js')) assert.ok(words(tests).includes(words(block)), block);
  assert.ok(pipeline.split('\n').length <= 80, 'the second pipeline fits 80 lines');
});
