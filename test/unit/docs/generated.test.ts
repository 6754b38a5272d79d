import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderCommands } from '../../../cli/command-document.js';
import { renderConfiguration } from '../../../config/configuration-document.js';
import { packageRoot } from '../../../config/package-root.js';

const read = (name: string): string => readFileSync(join(packageRoot(), 'docs', name), 'utf8');

test('docs/cli.md is what the commands say of themselves; if not: node dist/cli/command-document.js > docs/cli.md', async () => {
  assert.equal(read('cli.md'), await renderCommands());
});

test('docs/configuration.md is what the table of variables says; if not: node dist/config/configuration-document.js > docs/configuration.md', () => {
  assert.equal(read('configuration.md'), renderConfiguration());
});
