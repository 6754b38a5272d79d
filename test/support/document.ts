/** A document as its reader follows it: its commands in one shell, one after the other, and what they print held against what it shows. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../config/package-root.js';
import { VARIABLES } from '../../config/variables.js';

const PATIENCE_MS = 900_000;

/** A command that goes on until it is interrupted has shown by then what the document is about: where it serves, or a first round. */
const INTERRUPT_ME = /\(Ctrl-C ends it\)|^\d\d:\d\d:\d\d holds .*\n/gm;

/** @param name of a file in docs/ */
export async function readDocument(name: string): Promise<string> {
  return await readFile(join(packageRoot(), 'docs', name), 'utf8');
}

export function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) =>
    block.trim(),
  );
}

/** Without the differences that a line's width makes. */
export function words(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ');
}

/**
 * A folder for what a document's commands write, and an environment as a reader's: without the services of the test run. What they start does not outlive
 * the test, whatever goes wrong.
 */
export async function readersPlace(
  t: TestContext,
): Promise<{ folder: string; env: NodeJS.ProcessEnv & { SLUICE_STATE: string } }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-document-'));
  const own = Object.entries(process.env).filter(([name]) => !(name in VARIABLES) && !name.startsWith('NODE_'));
  const env = { ...Object.fromEntries(own), SLUICE_STATE: join(folder, 'state') };
  t.after(async () => {
    const down = [join(packageRoot(), 'cli', 'sluice.js'), 'down'];
    await promisify(execFile)(process.execPath, down, { env, cwd: folder });
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return { folder, env };
}

/**
 * Runs commands in one shell, in the folder of this package. Each is shown before its output; the first that fails ends it. One that goes on until Ctrl-C
 * gets that from here, as all processes of a terminal do.
 *
 * @returns what they printed, when all have ended well.
 */
export async function runInShell(commands: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  // With a trap the shell itself lives on after an interrupt, and what it runs gets it as ever. npx then answers 130, whatever its command does.
  const rules = `trap ':' INT\ntrap 'code=$?; [ $code = 130 ] || exit $code' ERR\nset -x`;
  const child = spawn('bash', ['-c', `${rules}\n${commands}\n`], {
    cwd: packageRoot(),
    env,
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as a terminal gives it.
    detached: true,
  });
  let output = '';
  let heard = 0;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      INTERRUPT_ME.lastIndex = heard;
      if (!INTERRUPT_ME.test(output)) return;
      heard = INTERRUPT_ME.lastIndex;
      process.kill(-(child.pid as number), 'SIGINT');
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  assert.equal(code, 0, output);
  return output;
}

/** What a document shows is printed: block after block, the lines of one in any order. `…` stands for anything. */
export function assertPrinted(output: string, text: string): void {
  const printed = words(output);
  let from = 0;
  for (const block of blocksOf(text, 'text')) {
    const ends = block.split('\n').map((line) => {
      const pattern = patternOf(line);
      pattern.lastIndex = from;
      const found = pattern.exec(printed);
      const before = printed.slice(Math.max(0, from - 80), from);
      assert.ok(found, `the document says "${line}", but after "${before}" came:\n${output}`);
      return found.index + found[0].length;
    });
    from = Math.max(...ends);
  }
}

function patternOf(line: string): RegExp {
  const parts = words(line).split('…');
  return new RegExp(parts.map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]{0,200}?'), 'g');
}
