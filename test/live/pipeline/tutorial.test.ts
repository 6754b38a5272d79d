/** docs/tutorial.md as a reader follows it: every command in one shell, in a folder of its own, with the services that it starts itself. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../../config/package-root.js';
import { VARIABLES } from '../../../config/variables.js';

const PATIENCE_MS = 420_000;

test('every command of the tutorial works, and prints what the tutorial says', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-tutorial-'));
  const env = environment(folder);
  t.after(async () => {
    // Whatever went wrong: what the tutorial has started does not outlive it.
    await promisify(execFile)(process.execPath, [join(packageRoot(), 'cli', 'sluice.js'), 'down'], {
      env,
      cwd: folder,
    });
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const text = await readFile(join(packageRoot(), 'docs', 'tutorial.md'), 'utf8');
  const commands = blocksOf(text, 'sh').join('\n').replaceAll('../my-app', join(folder, 'my-app'));

  const { code, output } = await runInShell(commands, env, t.signal);

  assert.equal(code, 0, output);
  const printed = words(output);
  for (const line of blocksOf(text, 'text').join('\n').split('\n'))
    assert.ok(printed.includes(words(line)), `the tutorial says "${line}", but it printed:\n${output}`);
});

test('the pipeline that the tutorial shows is the one of the template', async () => {
  const [text, pipeline] = await Promise.all([
    readFile(join(packageRoot(), 'docs', 'tutorial.md'), 'utf8'),
    readFile(join(packageRoot(), 'templates', 'orders', 'pipeline.ts'), 'utf8'),
  ]);
  const code = words(pipeline.replace(/^\s*\/\/.*$/gm, ''));
  for (const block of blocksOf(text, 'ts')) assert.ok(code.includes(words(block)), block);
  const tests = await readFile(join(packageRoot(), 'templates', 'orders', 'pipeline.test.mjs'), 'utf8');
  for (const block of blocksOf(text, 'js')) assert.ok(words(tests).includes(words(block)), block);
  assert.ok(pipeline.split('\n').length <= 80, 'the second pipeline fits 80 lines');
});

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) =>
    block.trim(),
  );
}

/** Without the differences that a line's width makes. */
function words(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ');
}

/** As a reader's: without the services of the test run, and with a state folder that is known in case it has to be cleaned up. */
function environment(folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !(name in VARIABLES) && !name.startsWith('NODE_'));
  return { ...Object.fromEntries(own), SLUICE_STATE: join(folder, 'state') };
}

/** Each command is shown before its output; the first that fails ends it. */
async function runInShell(
  commands: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ code: number | null; output: string }> {
  const script = `set -ex\n${commands}\n`;
  const child = spawn('bash', ['-c', script], {
    cwd: packageRoot(),
    env,
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, output };
}
