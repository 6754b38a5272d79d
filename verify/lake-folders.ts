/** What lies in a lake: its folders of batches and days, the files in them, and what does not belong there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAKE_FILES } from '../config/names.js';
import type { CheckBuilder } from './compare.js';
import { messageOf, VerifyError } from './verify-error.js';

/** A folder of one micro-batch and day. */
export interface LakeFolder {
  readonly path: string;
  readonly eventDate: string;
  readonly batchId: number;
  readonly files: readonly string[];
  /** Of a compaction: the batches whose rows were merged into this folder. Undefined: its own batch's only. */
  readonly merged: ReadonlySet<number> | undefined;
}

/** What tools that read Parquet folders skip: committers' marks and checksums, and what an unfinished write leaves. */
const isHidden = (name: string): boolean => name.startsWith('_') || name.startsWith('.');
const isLeftover = (name: string): boolean => name.startsWith('.spark-staging') || name.startsWith('_temporary');

/** All of it before anything is opened, as every reader should: a file that is gone by then tells that a compaction came between. */
export async function listFolders(root: string, check: CheckBuilder): Promise<LakeFolder[]> {
  const folders: LakeFolder[] = [];
  const leftovers: string[] = [];
  for (const day of await entries(root)) {
    if (isLeftover(day.name)) leftovers.push(day.name);
    if (isHidden(day.name)) continue;
    const eventDate = day.isDirectory() ? /^event_date=(\d{4}-\d\d-\d\d)$/.exec(day.name)?.[1] : undefined;
    if (eventDate === undefined) {
      check.difference('unexpected', day.name, 'event_date=YYYY-MM-DD');
      continue;
    }
    for (const batch of await entries(join(root, day.name))) {
      const path = `${day.name}/${batch.name}`;
      if (isLeftover(batch.name)) leftovers.push(path);
      if (isHidden(batch.name)) continue;
      const batchId = batch.isDirectory() ? /^batch_id=(\d+)$/.exec(batch.name)?.[1] : undefined;
      if (batchId === undefined) check.difference('unexpected', path, 'batch_id=N');
      else {
        const files = await dataFiles(join(root, path), path, check);
        const merged = await mergedBatches(join(root, path, LAKE_FILES.compacted));
        folders.push({ path, eventDate, batchId: Number(batchId), files, merged });
      }
    }
  }
  if (leftovers.length > 0)
    check.note(`left by unfinished writes: ${leftovers.slice(0, 3).join(', ')}${leftovers.length > 3 ? ', …' : ''}`);
  return folders.sort((a, b) => a.batchId - b.batchId);
}

async function dataFiles(path: string, shownPath: string, check: CheckBuilder): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await entries(path)) {
    if (isHidden(entry.name)) continue;
    if (entry.isFile() && entry.name.endsWith('.parquet')) files.push(entry.name);
    else check.difference('unexpected', `${shownPath}/${entry.name}`, '*.parquet');
  }
  return files;
}

async function mergedBatches(file: string): Promise<ReadonlySet<number> | undefined> {
  try {
    const { batches } = JSON.parse(await readFile(file, 'utf8')) as { readonly batches: readonly string[] };
    return new Set(batches.map(Number));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new VerifyError('lake', `The compaction's note ${file} could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Empty if there is no such folder: a lake is made by its first batch. */
async function entries(path: string): Promise<{ readonly name: string; isDirectory(): boolean; isFile(): boolean }[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new VerifyError('lake', `The lake's folder ${path} could not be read: ${messageOf(error)}`, { cause: error });
  }
}
