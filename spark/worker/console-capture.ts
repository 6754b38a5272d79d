/**
 * What a handler prints, with the query and batch it belongs to: to the driver's error output as `[query batch] text`, and, where
 * SLUICE_WORKER_LOG names a file, as one line of JSON there. Both at once when printed: what a worker said before it was killed is there.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Console } from 'node:console';
import { appendFileSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { BatchLog } from './handler.js';

/** One line of the log file. */
export interface LogRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Absent if the query has no name. */
  readonly query?: string | undefined;
  /** Null for what is printed outside of a batch: while the module loads, by a timer that a batch left behind. */
  readonly batch: number | null;
  readonly level: Level;
  /** May have several lines. */
  readonly text: string;
}

const LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** A record's text is cut here; a handler that prints its batch must not fill the driver's disk at once. */
const TEXT_CHARS_MAX = 64 * 1024;

export interface ConsoleCaptureOptions {
  readonly query: string | undefined;
  /** Where the records go, besides the error output. */
  readonly file: string | undefined;
  /** Leads stacks to their sources. */
  readonly mapStack: (text: string) => string;
}

export interface ConsoleCapture {
  /** Everything printed while `work` runs, and by what it sets off, is said to come from `batch`. */
  within<T>(batch: bigint, work: () => Promise<T>): Promise<T>;
  /** A console of that batch, wherever it is called from. */
  logOf(batch: bigint): BatchLog;
}

/** Replaces the global console for the rest of the process. */
export function captureConsole({ query, file, mapStack }: ConsoleCaptureOptions): ConsoleCapture {
  const current = new AsyncLocalStorage<bigint>();
  let level: Level = 'log';

  // A real Console above streams that write at once: groups, tables, counters and format strings are Node's.
  const sink = (ofStream: Level): Writable =>
    Object.assign(new Writable(), {
      write: (text: string) => {
        emit(level === 'log' ? ofStream : level, text.replace(/\n$/, ''));
        return true;
      },
    });
  const captured = new Console({ stdout: sink('log'), stderr: sink('error'), ignoreErrors: false });
  for (const name of LEVELS) {
    const print = captured[name].bind(captured);
    captured[name] = (...args: unknown[]) => {
      level = name;
      try {
        print(...args);
      } finally {
        level = 'log';
      }
    };
  }
  globalThis.console = captured;

  function emit(at: Level, printed: string): void {
    const batch = current.getStore();
    const whole = mapStack(printed);
    const text =
      whole.length <= TEXT_CHARS_MAX ? whole : `${whole.slice(0, TEXT_CHARS_MAX)}… (${whole.length} characters)`;
    const prefix = `[${query ?? '(unnamed query)'}${batch === undefined ? '' : ` ${batch}`}] `;
    writeError(`${prefix}${text.replaceAll('\n', `\n${prefix}`)}\n`);
    if (file === undefined || file === '') return;
    const record: LogRecord = {
      time: new Date().toISOString(),
      query,
      batch: batch === undefined ? null : Number(batch),
      level: at,
      text,
    };
    try {
      // Opened anew for each record, so that the file can be rotated under us; appended in one write, so that workers do not mix.
      appendFileSync(file, `${JSON.stringify(record)}\n`);
    } catch {
      // A full disk under the log must not fail the batch, and the error output has the text.
    }
  }

  return {
    within: (batch, work) => current.run(batch, work),
    logOf(batch) {
      const log: Partial<Record<Level, (...args: unknown[]) => void>> = {};
      for (const name of LEVELS) log[name] = (...args) => current.run(batch, () => captured[name](...args));
      return log as BatchLog;
    },
  };
}

function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // The driver's error output is full or gone; there is nobody to tell.
  }
}
