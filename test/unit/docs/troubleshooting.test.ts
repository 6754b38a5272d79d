import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';

const FOLDERS = ['chaos', 'cli', 'config', 'producer', 'scripts', 'spark', 'stack', 'verify', 'web'];

/** All sources, with texts that go over several lines put together. */
const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mjs)$/.test(name))
    .map((name) => readFileSync(join(packageRoot(), folder, name), 'utf8')),
)
  .join('\n')
  .replace(/['`] \+\n\s*['`]/g, '');

const document = readFileSync(join(packageRoot(), 'docs', 'troubleshooting.md'), 'utf8');
const quotes = [...document.matchAll(/^> (.+)$/gm)].map(([, quote = '']) => quote);

test('the document quotes messages', () => {
  assert.ok(quotes.length >= 15, `${quotes.length}`);
});

for (const quote of quotes) {
  test(`a message is still printed as quoted: ${quote}`, () => {
    const missing = quote
      .split('…')
      .map((part) => part.trim())
      .filter((part) => part.length > 3 && !sources.includes(part));
    assert.deepEqual(missing, []);
  });
}
