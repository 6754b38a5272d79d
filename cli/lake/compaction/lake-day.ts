// A day of the lake as it lies there, batch by batch: what may be merged is chosen from this.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LAKE_FILES } from '../../../config/names.js';

export interface BatchFolder {
  readonly batchId: bigint;
  /** `batch_id=N` */
  readonly name: string;
  /** Names of its Parquet files; none once its rows have gone into another batch's folder. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** The checkpoint that published it; undefined when it is not noted, as on file systems that Spark writes to by itself. */
  readonly publisher: string | undefined;
  /** The batches whose rows are in it: its own, or what a compaction has noted. */
  readonly batches: readonly bigint[];
}

/** What a compaction notes beside a merged file; `sluice verify` reads it. */
export interface CompactionNote {
  readonly format: 'lake-compaction/1';
  readonly batches: readonly string[];
}

/** In the order of the batches; empty when the day is gone. What is not a batch's folder is left out. */
export async function readDay(folder: string): Promise<BatchFolder[]> {
  const names = (await namesIn(folder)).filter((name) => /^batch_id=\d+$/.test(name));
  const found = await Promise.all(names.map((name) => readBatchFolder(folder, name)));
  return found.sort((a, b) => (a.batchId < b.batchId ? -1 : 1));
}

async function readBatchFolder(day: string, name: string): Promise<BatchFolder> {
  const folder = join(day, name);
  const batchId = BigInt(name.slice('batch_id='.length));
  const names = await namesIn(folder);
  const files = names.filter((file) => file.endsWith('.parquet') && !/^[._]/.test(file)).sort();
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  const text = async (file: string): Promise<string | undefined> =>
    names.includes(file) ? readFile(join(folder, file), 'utf8') : undefined;
  const note = await text(LAKE_FILES.compacted);
  return {
    batchId,
    name,
    files,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    publisher: await text(LAKE_FILES.publisher),
    batches: note === undefined ? [batchId] : (JSON.parse(note) as CompactionNote).batches.map(BigInt),
  };
}

/**
 * Batches that are put together: final ones of this checkpoint, in their order, up to the wanted size. A file that has half of it is left as it
 * is, so that what was merged once is not written again for each small batch that comes later. Empty groups and single files are not worth it.
 */
export function groupsOf(
  folders: readonly BatchFolder[],
  { isFinal, bytesWanted }: { readonly isFinal: (folder: BatchFolder) => boolean; readonly bytesWanted: number },
): BatchFolder[][] {
  const groups: BatchFolder[][] = [];
  let group: BatchFolder[] = [];
  let bytes = 0;
  const end = (): void => {
    if (group.reduce((sum, { files }) => sum + files.length, 0) > 1) groups.push(group);
    group = [];
    bytes = 0;
  };
  for (const folder of folders) {
    if (folder.files.length === 0) continue;
    const isLarge = folder.files.length === 1 && folder.bytes * 2 >= bytesWanted;
    if (!isFinal(folder) || isLarge) continue;
    if (bytes + folder.bytes > bytesWanted) end();
    group.push(folder);
    bytes += folder.bytes;
  }
  end();
  return groups;
}

export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
