// How a step knows that it is done: a stamp, a small file with a hash of everything that the step's result depends on, written after the result.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A hash of texts and of whole files; a missing file counts as such. */
export function hashOf({ texts = [], files = [] }) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text}\0`);
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readIfThere(file) ?? 'missing')
      .update('\0');
  return hash.digest('hex');
}

/**
 * A hash of names, sizes and times of the files below `folders` that `isWanted` takes. Reads no content: hundreds of sources take milliseconds.
 * After a fresh checkout the times are new, which costs one build too many.
 */
export function hashOfTree(root, folders, isWanted) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of filesBelow(join(root, folder), isWanted)) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file.slice(root.length)}\0${size}\0${mtimeMs}\0`);
    }
  }
  return hash.digest('hex');
}

/** In a fixed order; none for a folder that is not there. */
export function filesBelow(folder, isWanted) {
  const files = [];
  for (const entry of readEntries(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') files.push(...filesBelow(path, isWanted));
    } else if (isWanted(entry.name)) files.push(path);
  }
  return files;
}

function readEntries(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export function isStamped(file, hash) {
  return readIfThere(file)?.toString() === hash;
}

/** As a whole or not at all. */
export function stamp(file, hash) {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, hash);
  renameSync(temporary, file);
}

/** Before a step touches its result: if it is killed half-way the result must not pass for done. */
export function unstamp(file) {
  rmSync(file, { force: true });
}
