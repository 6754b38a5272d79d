// What lies in a lake on this machine: its days, with batches, files, rows and bytes. Rows are read from the footers of the files, not counted.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';

export interface LakeDay {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly batches: number;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

interface FileSize {
  readonly rows: number;
  readonly bytes: number;
}

/** A day whose files are put away while it is looked at is looked at anew so often. */
const LOOKS_MAX = 5;

const DAY = /^event_date=(\d{4}-\d\d-\d\d)$/;
const BATCH = /^batch_id=\d+$/;
/** Footers that are read at a time: more gain nothing, and file handles are limited. */
const FOOTERS_AT_ONCE = 16;

/**
 * Oldest day first; none when there is no lake yet. What is being written lies outside the days and is not counted; a batch that is reset meanwhile
 * is left out.
 */
export async function listLake(path: string, signal: AbortSignal): Promise<LakeDay[]> {
  const days: LakeDay[] = [];
  for (const name of (await namesIn(path)).sort()) {
    const day = DAY.exec(name)?.[1];
    if (day !== undefined) days.push(await listDay(day, join(path, name), signal));
  }
  return days;
}

/** Every file of the lake that is published, oldest day first. */
export async function lakeFiles(path: string): Promise<string[]> {
  const days = (await namesIn(path)).filter((name) => DAY.test(name)).sort();
  const found: string[] = [];
  for (const day of days) found.push(...(await dayFiles(join(path, day))).files);
  return found;
}

async function dayFiles(folder: string): Promise<{ readonly batches: number; readonly files: readonly string[] }> {
  const batches = (await namesIn(folder)).filter((name) => BATCH.test(name));
  const files = await Promise.all(
    batches.map(async (batch) =>
      (await namesIn(join(folder, batch))).filter(isData).map((file) => join(folder, batch, file)),
    ),
  );
  return { batches: batches.length, files: files.flat() };
}

async function listDay(day: string, folder: string, signal: AbortSignal): Promise<LakeDay> {
  for (let look = 1; ; look++) {
    const { batches, files } = await dayFiles(folder);
    const sizes: FileSize[] = [];
    for (let at = 0; at < files.length; at += FOOTERS_AT_ONCE) {
      signal.throwIfAborted();
      const found = await Promise.all(files.slice(at, at + FOOTERS_AT_ONCE).map(sizeOf));
      sizes.push(...found.filter((size) => size !== undefined));
    }
    // A file is gone: a compaction has put the day's files away for others, or a reset has.
    if (sizes.length < files.length && look < LOOKS_MAX) continue;
    const sum = (of: (size: FileSize) => number): number => sizes.reduce((total, size) => total + of(size), 0);
    return { day, batches, files: sizes.length, rows: sum(({ rows }) => rows), bytes: sum(({ bytes }) => bytes) };
  }
}

/** Names that begin so are no data to any reader of Parquet folders. */
function isData(name: string): boolean {
  return name.endsWith('.parquet') && !/^[._]/.test(name);
}

/** Undefined for a file that is gone. @throws Error that names a file that is no Parquet. */
async function sizeOf(file: string): Promise<FileSize | undefined> {
  try {
    const [{ size: bytes }, { num_rows: rows }] = await Promise.all([
      stat(file),
      asyncBufferFromFile(file).then((buffer) => parquetMetadataAsync(buffer)),
    ]);
    return { rows: Number(rows), bytes };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read as Parquet: ${(error as Error).message}`, { cause: error });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
