// A line of a log, whoever wrote it: Kafka and Spark by log4j, Postgres, the pipeline, handlers as JSON. All of them write their time in UTC.

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type Level = (typeof LEVELS)[number];

export interface LogEntry {
  /** `kafka`, `postgres`, `spark`, `run`, `handlers`, … */
  readonly source: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly time: string;
  readonly level: Level;
  /** What was said; further lines (a stack trace) follow after line breaks. */
  readonly text: string;
  /** Of handlers: whose micro-batch it was. */
  readonly query?: string;
  readonly batch?: number;
}

/** `2026-03-01T12:00:00.123Z WARN …` (log4j, the pipeline), `2026-03-01 12:00:00.123 UTC [42] LOG:  …` (Postgres). */
const LINE = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d\.\d{3})(?:Z| UTC)? +(?:\[\d+\] )?(?:([A-Z]+\d?):? +)?(.*)$/;

const LEVEL_OF: Readonly<Record<string, Level>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  DETAIL: 'info',
  HINT: 'info',
  STATEMENT: 'info',
  CONTEXT: 'info',
  INFO: 'info',
  LOG: 'info',
  NOTICE: 'info',
  WARN: 'warn',
  WARNING: 'warn',
  ERROR: 'error',
  FATAL: 'error',
  PANIC: 'error',
};

/** The entry that begins with this line; undefined for a line that goes on with the one before. */
export function parseLine(source: string, line: string): LogEntry | undefined {
  if (line.startsWith('{')) return parseJson(source, line);
  const [, day, clock, word, rest = ''] = LINE.exec(line) ?? [];
  if (day === undefined) return undefined;
  const level = word === undefined ? undefined : LEVEL_OF[word];
  // A word in capitals that is no level belongs to the text.
  const text = word === undefined || level !== undefined ? rest : `${word} ${rest}`;
  return { source, time: `${day}T${clock}Z`, level: level ?? 'info', text };
}

function parseJson(source: string, line: string): LogEntry | undefined {
  let entry: Partial<Record<'time' | 'level' | 'text' | 'query' | 'batch', unknown>>;
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch {
    // Not JSON: it goes on with the line before.
    return undefined;
  }
  const { time, level, text, query, batch } = entry;
  if (typeof time !== 'string' || typeof text !== 'string') return undefined;
  return {
    source,
    time,
    level: level === 'log' ? 'info' : (LEVELS.find((one) => one === level) ?? 'info'),
    text,
    ...(typeof query === 'string' ? { query } : {}),
    ...(typeof batch === 'number' ? { batch } : {}),
  };
}

/** Puts lines together to entries. What a file begins with in the middle of an entry is left out. */
export class EntryReader {
  readonly #source: string;
  #open: LogEntry | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** Gives the entries that are complete: one is when the next begins. */
  read(lines: readonly string[]): LogEntry[] {
    const complete: LogEntry[] = [];
    for (const line of lines) {
      const entry = parseLine(this.#source, line);
      if (entry !== undefined) {
        complete.push(...this.flush());
        this.#open = entry;
      } else if (this.#open !== undefined && line.trim() !== '') {
        this.#open = { ...this.#open, text: `${this.#open.text}\n${line.trimEnd()}` };
      }
    }
    return complete;
  }

  /** The entry that no other has followed yet. */
  flush(): LogEntry[] {
    const entry = this.#open;
    this.#open = undefined;
    return entry === undefined ? [] : [entry];
  }
}
