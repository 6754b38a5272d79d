/** start.sh and start.ps1 are the same program twice: what one knows, the other knows. Only the shell's one can be run here. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';
import { packageRoot } from '../../../config/package-root.js';
import { VARIABLES } from '../../../config/variables.js';
import { readProjectFile } from './compose-file.js';

const shell = readProjectFile('start.sh');
const power = readProjectFile('start.ps1');

test('both scripts have the same options', () => {
  const ofShell = [...shell.matchAll(/^ {4}--([a-z]+)\) /gm)].map(([, option = '']) => option);
  const ofPower = [...power.matchAll(/^ {2}(?:\[ValidateRange\(\d+, \d+\)\])?\[(?:switch|int)\]\$(\w+)/gm)].map(
    ([, option = '']) => option.toLowerCase(),
  );
  assert.deepEqual(ofShell.sort(), ofPower.sort());
  assert.ok(ofShell.includes('producer') && ofShell.includes('clean'));
});

test('both scripts read and make the same variables, all of them known', () => {
  const names = (text: string) =>
    new Set([...text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name).filter((name) => name in VARIABLES));
  const [ofShell, ofPower] = [names(shell), names(power)];
  // The PowerShell one always builds, and so does not ask for the tag.
  const onlyShell = [...ofShell].filter((name) => !ofPower.has(name) && name !== 'SLUICE_IMAGE_TAG');
  const onlyPower = [...ofPower].filter((name) => !ofShell.has(name));
  assert.deepEqual([onlyShell, onlyPower], [[], []]);
  assert.ok(ofShell.has('POSTGRES_PASSWORD') && ofShell.has('SPARK_UI_PORT'));
});

test('both scripts ask the same questions of the tables and call the same services', () => {
  for (const text of [
    'SELECT count(*) FROM page_view_counts',
    'sluice produce --quiet --count 20000',
    'up -d --no-deps producer',
    'rm -rf /data/lake/* /data/lake/.[!.]*',
    'down -v --remove-orphans',
    'address already in use|port is already allocated',
  ]) {
    assert.ok(shell.includes(text), `start.sh lacks ${text}`);
    assert.ok(power.includes(text), `start.ps1 lacks ${text}`);
  }
});

test('the shell scripts are well formed, and a wrong option is refused with the ones there are', () => {
  for (const script of ['start.sh', 'spark/entrypoint.sh', 'scripts/docker-trial.sh'])
    execFileSync('bash', ['-n', join(packageRoot(), script)]);
  const { status, stderr } = spawnSync('bash', [join(packageRoot(), 'start.sh'), '--nonsense'], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /unknown option --nonsense[\s\S]*--producer/);
});

test('the PowerShell script is well formed, and a slip in it would be noticed', async () => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(fileURLToPath(import.meta.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm'))),
  );
  const hasError = (text: string): boolean | undefined => parser.parse(text)?.rootNode.hasError;
  assert.equal(hasError(power), false);
  assert.equal(hasError(power.replace('}', '')), true);
  assert.equal(hasError(power.replace("'", '')), true);
});

test('a machine without Docker is told so', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-no-docker-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // A PATH with the few programs that the script needs before it asks for Docker.
  writeFileSync(join(folder, 'dirname'), '#!/bin/sh\nexec /usr/bin/dirname "$@"\n', { mode: 0o755 });
  const { status, stderr } = spawnSync('/bin/bash', [join(packageRoot(), 'start.sh')], {
    encoding: 'utf8',
    env: { PATH: folder },
  });
  assert.equal(status, 1);
  assert.match(stderr, /^start: Docker is not installed\.\n.*npm start/);
});
