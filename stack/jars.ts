/**
 * The jars of Spark and Kafka, where they are still to be fetched: a package from npm comes without them. The set-up's own step does it, in a
 * process of its own; in a clone the set-up has done so before anything of this could run.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { hasJars } from './java.js';
import { StackError } from './stack-error.js';
import type { Report } from './stop.js';

/** Fetches them unless they are there. @throws StackError saying what the machine lacks, or what Maven said */
export async function ensureJars(report: Report, signal: AbortSignal | undefined): Promise<void> {
  if (hasJars('spark') && hasJars('kafka')) return;
  report('fetching the jars of Spark and Kafka by Maven, which is done once');
  const script = join(packageRoot(), 'scripts', 'setup.mjs');
  const child = spawn(process.execPath, [script, '--jars'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw new StackError('aborted', 'Stopped while the jars were being fetched.');
  if (code !== 0) throw new StackError('unsupported', `the jars of Spark and Kafka cannot be fetched:\n${said.trim()}`);
  for (const line of said.trim().split('\n')) report(line);
}
