/** What a handler prints, with its query and batch: to the driver's error output and, where SLUICE_WORKER_LOG names a file, as a line of JSON there. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { format } from 'node:util';

const current = new AsyncLocalStorage<bigint>();

/** Everything printed while `work` runs is said to come from batch `id`. */
export function withBatch<T>(id: bigint, work: () => Promise<T>): Promise<T> {
  return current.run(id, work);
}

const LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const;

/** Replaces the console's methods for the rest of the process. */
export function captureConsole(query: string | undefined, file = process.env.SLUICE_WORKER_LOG): void {
  for (const level of LEVELS) {
    console[level] = (...args: unknown[]) => {
      const text = format(...args);
      const batch = current.getStore();
      process.stderr.write(`[${query ?? 'query'} ${batch ?? '-'}] ${text}\n`);
      if (file === undefined || file === '') return;
      const entry = {
        time: new Date().toISOString(),
        query,
        batch: batch === undefined ? null : Number(batch),
        level,
        text,
      };
      try {
        appendFileSync(file, `${JSON.stringify(entry)}\n`);
      } catch {
        // A log that cannot be written must not fail the batch; the text stands in the error output.
      }
    };
  }
}
