// A day of the lake is written anew beside it and then changes places with it, as a whole: readers find the day as it was or as it is, and
// never a row twice. A batch that has given its rows away keeps its folder with the publisher's mark: that is what refuses the batch to a writer that
// wakes up late, as the lake's writers never take the place of a folder with something in it.
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAKE_FILES } from '../../../config/names.js';
import { type BatchFolder, type CompactionNote, namesIn } from './lake-day.js';
import type { FileMerger } from './merge.js';
import type { Swap } from './swap.js';

export interface RewriteOptions {
  /** The lake. */
  readonly root: string;
  /** `event_date=YYYY-MM-DD` */
  readonly day: string;
  /** A folder of this rewrite alone, on the same file system; gone afterwards. */
  readonly scratch: string;
  readonly compactionId: string;
  readonly groups: readonly (readonly BatchFolder[])[];
  readonly merger: FileMerger;
  readonly swap: Swap;
  /** Runs the exchange while nothing is published. */
  readonly alone: (exchange: () => Promise<void>) => Promise<void>;
  readonly onGroup: (group: readonly BatchFolder[]) => void;
  readonly signal: AbortSignal;
}

/** The rows that were merged. @throws when what lies in the day is no longer what was chosen; the day is then as it was. */
export async function rewriteDay(options: RewriteOptions): Promise<number> {
  const { root, day, scratch, groups, swap, signal } = options;
  const live = join(root, day);
  const staged = join(scratch, day);
  await mkdir(staged, { recursive: true });
  await writeFile(join(staged, LAKE_FILES.compaction), options.compactionId);
  let rows = 0;
  for (const group of groups) {
    rows += await stageGroup(live, staged, group, options);
    options.onGroup(group);
  }
  await stageOthers(live, staged);
  await options.alone(async () => {
    signal.throwIfAborted();
    // What was published since then; from here on nothing is.
    await stageOthers(live, staged);
    for (const folder of groups.flat()) await assertUnchanged(live, folder);
    await syncFolders(staged);
    await swap.swap(live, staged, join(scratch, asideOf(day)));
    await syncFolder(root);
  });
  return rows;
}

/** Where the day goes that was live, when the places cannot be changed in one step. */
export function asideOf(day: string): string {
  return `was-${day}`;
}

/** The merged file in the last batch's folder; the marks of all of them. */
async function stageGroup(
  live: string,
  staged: string,
  group: readonly BatchFolder[],
  { merger, compactionId, signal }: RewriteOptions,
): Promise<number> {
  for (const { name } of group) {
    await mkdir(join(staged, name));
    await copyFile(join(live, name, LAKE_FILES.publisher), join(staged, name, LAKE_FILES.publisher));
  }
  // The last: whoever reads only up to a batch of the ledger finds with it everything that came before.
  const target = group.at(-1);
  if (target === undefined) return 0;
  const sources = group.flatMap(({ name, files }) => files.map((file) => join(live, name, file)));
  // A name that no file has had: who has listed the day before the exchange and opens it after finds all of it, or notices.
  const { rows } = await merger.merge(sources, join(staged, target.name, `compacted-${compactionId}.parquet`), signal);
  const batches = group.flatMap((folder) => folder.batches).sort((a, b) => (a < b ? -1 : 1));
  const note: CompactionNote = { format: 'lake-compaction/1', batches: batches.map(String) };
  await writeFile(join(staged, target.name, LAKE_FILES.compacted), JSON.stringify(note));
  return rows;
}

/** Everything of the day that is not staged yet, as it is: the same files under a second name, so that it costs nothing. */
async function stageOthers(live: string, staged: string): Promise<void> {
  const have = new Set(await readdir(staged));
  for (const entry of await readdir(live, { withFileTypes: true })) {
    if (!have.has(entry.name)) await linkAll(join(live, entry.name), join(staged, entry.name), entry.isDirectory());
  }
}

async function linkAll(from: string, to: string, isFolder: boolean): Promise<void> {
  if (!isFolder) {
    // Not every file system has second names.
    await link(from, to).catch(() => copyFile(from, to));
    return;
  }
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true }))
    await linkAll(join(from, entry.name), join(to, entry.name), entry.isDirectory());
}

async function assertUnchanged(live: string, { name, files, bytes }: BatchFolder): Promise<void> {
  const found = (await namesIn(join(live, name))).filter((file) => files.includes(file));
  const sizes = await Promise.all(found.map(async (file) => (await stat(join(live, name, file))).size));
  if (found.length !== files.length || sizes.reduce((sum, size) => sum + size, 0) !== bytes)
    throw new Error(`${join(live, name)} has changed while it was merged; the day was left as it is.`);
}

/**
 * Ends what a compaction that was killed has left. Before the exchange that is rubbish. After it the old day is in `scratch`, with everything that the
 * new one has; should a batch stand only there, it is moved back. Between two renames there is no day: then the old one returns.
 * @returns whether anything had to be moved back
 */
export async function recoverDay(root: string, day: string, scratch: string, compactionId: string): Promise<boolean> {
  const live = join(root, day);
  const aside = join(scratch, asideOf(day));
  const isNew = (await readText(join(live, LAKE_FILES.compaction))) === compactionId;
  const old = (await namesIn(aside)).length > 0 ? aside : isNew ? join(scratch, day) : undefined;
  let isMoved = false;
  if (old !== undefined) {
    await mkdir(live, { recursive: true });
    const have = new Set(await readdir(live));
    for (const name of await readdir(old)) {
      if (!name.startsWith('batch_id=') || have.has(name)) continue;
      await rename(join(old, name), join(live, name));
      isMoved = true;
    }
    await syncFolder(live);
  }
  await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  return isMoved;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function syncFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await syncFolder(join(folder, entry.name));
  await syncFolder(folder);
}

/** Names are in folders, and those need syncing of their own. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and needs none of this.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
