/**
 * What handlers print: the worker beside Spark appends it as lines of JSON to a file, and whoever runs the pipeline wants to read it with everything
 * else that happens. Only what is written from now on; a file that is replaced by a shorter one (a rotated log) is read from its beginning.
 */
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';

export interface HandlerOutput {
  /** ISO 8601. */
  readonly time: string;
  readonly query: string | undefined;
  readonly batch: number | null;
  readonly level: 'debug' | 'log' | 'info' | 'warn' | 'error';
  readonly text: string;
}

const LOOK_INTERVAL_MS = 500;
const READ_BYTES_MAX = 1024 * 1024;

/** Calls `onOutput` for each entry until the signal; a file that does not exist (yet) is waited for. */
export async function followHandlerLog(
  file: string,
  signal: AbortSignal,
  onOutput: (entry: HandlerOutput) => void,
): Promise<void> {
  let position = await sizeOf(file);
  // Keeps the bytes of a character that a read has cut in two.
  let decoder = new StringDecoder('utf8');
  let rest = '';
  while (!signal.aborted) {
    const size = await sizeOf(file);
    if (size < position) {
      position = 0;
      decoder = new StringDecoder('utf8');
      rest = '';
    }
    if (size > position) {
      const bytes = await readRange(file, position, Math.min(size - position, READ_BYTES_MAX));
      position += bytes.length;
      const lines = (rest + decoder.write(bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const entry = parseEntry(line);
        if (entry !== undefined) onOutput(entry);
      }
      continue;
    }
    await delay(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => {
      // Aborted: the loop ends.
    });
  }
}

/** @internal exported for its test. A line that is no entry is another program's and is passed over. */
export function parseEntry(line: string): HandlerOutput | undefined {
  try {
    const entry = JSON.parse(line) as Partial<HandlerOutput> | null;
    return typeof entry?.text === 'string' && typeof entry.level === 'string' ? (entry as HandlerOutput) : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    await using handle = await open(file, 'r');
    return (await handle.stat()).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function readRange(file: string, from: number, length: number): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}
