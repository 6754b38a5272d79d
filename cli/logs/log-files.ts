// The log files of a state directory, read to their end and followed. A service that starts again moves its log to `<name>.previous.log` and begins
// a new one: following goes on in that.
import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';
import { STATE_LAYOUT } from '../../config/names.js';
import { EntryReader, type LogEntry } from './log-entry.js';

const LOOK_INTERVAL_MS = 300;
const READ_BYTES_MAX = 1024 * 1024;

export interface LogFile {
  readonly source: string;
  readonly path: string;
}

/** What handlers print is known by what it is, the other files by their names. */
const HANDLERS = 'handlers';

/** The logs there are, by name; without those of earlier starts unless asked for. */
export async function logFiles(stateDir: string, { previous = false } = {}): Promise<LogFile[]> {
  const folder = join(stateDir, STATE_LAYOUT.logs);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /\.(?:log|jsonl)$/.test(name) && (previous || !name.includes('.previous.')))
    .sort((a, b) => Number(b.includes('.previous.')) - Number(a.includes('.previous.')) || (a < b ? -1 : 1))
    .map((name) => ({ source: sourceOf(name), path: join(folder, name) }));
}

function sourceOf(name: string): string {
  return name === STATE_LAYOUT.handlerLog ? HANDLERS : basename(name).replace(/(?:\.previous)?\.[a-z]+$/, '');
}

/** One file, from its beginning on. */
export class LogTail {
  readonly #file: LogFile;
  #reader: EntryReader;
  #decoder = new StringDecoder('utf8');
  #rest = '';
  #position = 0;
  #inode: number | undefined;

  constructor(file: LogFile) {
    this.#file = file;
    this.#reader = new EntryReader(file.source);
  }

  /** What was added since the last call, up to the end of the file. */
  async read(): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    await using handle = await open(this.#file.path, 'r').catch((error: NodeJS.ErrnoException) => {
      // Moved away, and the next not begun yet.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (handle === undefined) return entries;
    const { size, ino } = await handle.stat();
    if (ino !== this.#inode || size < this.#position) {
      entries.push(...this.#reader.flush());
      this.#inode = ino;
      this.#position = 0;
      this.#rest = '';
      this.#decoder = new StringDecoder('utf8');
      this.#reader = new EntryReader(this.#file.source);
    }
    while (this.#position < size) {
      const length = Math.min(size - this.#position, READ_BYTES_MAX);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      const lines = (this.#rest + this.#decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      this.#rest = lines.pop() ?? '';
      entries.push(...this.#reader.read(lines));
    }
    // Whoever wrote this line may go on with it; by the next look they will have.
    entries.push(...this.#reader.flush());
    return entries;
  }
}

/** All entries of the files by now, in order of time. */
export async function readAll(tails: readonly LogTail[]): Promise<LogEntry[]> {
  const entries = (await Promise.all(tails.map((tail) => tail.read()))).flat();
  return entries.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** Entries as they come, until the signal; `find` is asked again and again, for files that begin later. */
export async function follow(
  known: ReadonlyMap<string, LogTail>,
  find: () => Promise<readonly LogFile[]>,
  signal: AbortSignal,
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  const tails = new Map(known);
  while (!signal.aborted) {
    for (const file of await find()) if (!tails.has(file.path)) tails.set(file.path, new LogTail(file));
    for (const entry of await readAll([...tails.values()])) onEntry(entry);
    await delay(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => {
      // Aborted: the loop ends.
    });
  }
}
