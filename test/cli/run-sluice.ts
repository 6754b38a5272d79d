// Runs the built command as a user would: in a folder of its own, without the settings of whoever runs the tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { VARIABLES } from '../../config/variables.js';
import { assertMatchesSchema } from '../support/json-schema.js';

export interface SluiceResult {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningSluice {
  readonly child: ChildProcess;
  readonly result: Promise<SluiceResult>;
}

export interface SluiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A folder that is gone after the test; with a `.env` if one is given. */
export function temporaryFolder(t: { after(clean: () => void): void }, envFile?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (envFile !== undefined) writeFileSync(join(folder, '.env'), envFile);
  return folder;
}

export function startSluice(args: readonly string[], { env = {}, cwd }: SluiceOptions): RunningSluice {
  const own = Object.entries(process.env).filter(([name]) => !(name in VARIABLES) && !name.startsWith('NODE_'));
  const child = spawn(process.execPath, [join(packageRoot(), 'cli', 'sluice.js'), ...args], {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const result = new Promise<SluiceResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? undefined, stdout, stderr }));
  });
  return { child, result };
}

/** To its end. What is printed as JSON is held against its schema, whatever the test is about. */
export async function sluice(args: readonly string[], options: SluiceOptions): Promise<SluiceResult> {
  const result = await startSluice(args, options).result;
  if (args.includes('--json') && result.stdout !== '') assertMatchesSchema(args, result.stdout);
  return result;
}
