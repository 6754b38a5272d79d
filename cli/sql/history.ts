// The statements of earlier sessions, newest first as readline wants them; in the file oldest first, one a line.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const HISTORY_MAX = 1_000;

/** None when there is no file yet. */
export function readHistory(file: string): string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines
      .filter((line) => line !== '')
      .reverse()
      .slice(0, HISTORY_MAX);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Only for its owner to read: statements may hold what is in tables. */
export function writeHistory(file: string, newestFirst: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lines = newestFirst.slice(0, HISTORY_MAX).reverse();
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  chmodSync(file, 0o600);
}
