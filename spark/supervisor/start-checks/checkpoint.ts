/**
 * What a query's checkpoint says of itself, read from the files that Spark keeps there: which query it is, how far it has planned and committed,
 * and whether the state that the next batch begins with is there.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EndOffsets, parseOffsetLog } from '../../sinks/offset-log.js';
import { StartError } from '../start-error.js';
import { resetQuery } from './remedy.js';

export interface Checkpoint {
  /** Null when nothing has started there yet. */
  readonly queryId: string | null;
  /** The last batch that Spark has finished; -1 before the first. */
  readonly lastCommit: bigint;
  /** The batch that was planned last, and where it ends: it is finished, or will be run (again) first. */
  readonly planned: { readonly batchId: bigint; readonly ends: EndOffsets } | undefined;
}

/** Undefined for a file system that only the cluster reaches. @throws StartError `checkpoint` when a file is damaged. */
export async function readCheckpoint(path: string, query: string): Promise<Checkpoint | undefined> {
  const folder = localFolder(path);
  if (folder === undefined) return undefined;
  const [commits, offsets] = await Promise.all([batchIds(join(folder, 'commits')), batchIds(join(folder, 'offsets'))]);
  const lastCommit = commits.at(-1) ?? -1n;
  const lastPlanned = offsets.at(-1);
  const queryId = await readQueryId(join(folder, 'metadata'), query);
  const planned =
    lastPlanned === undefined
      ? undefined
      : { batchId: lastPlanned, ends: await readEnds(folder, lastPlanned, lastCommit, query) };
  if (lastCommit > (lastPlanned ?? -1n)) {
    throw new StartError(
      'checkpoint',
      `The checkpoint of ${query} in ${folder} has committed batch ${lastCommit}, but its offset log ends with ${lastPlanned ?? 'nothing'}: files are missing.`,
      resetQuery(query),
    );
  }
  return { queryId, lastCommit, planned };
}

/**
 * Each partition of each stateful operator must have a file of the version that the last batch left: Spark writes one in every batch, whether
 * or not anything has changed (RocksDB's change log, or the deltas of the older provider).
 * @throws StartError `state`
 */
export async function assertState(path: string, query: string, lastCommit: bigint): Promise<void> {
  const folder = localFolder(path);
  if (folder === undefined || lastCommit < 0n) return;
  const version = lastCommit + 1n;
  const state = join(folder, 'state');
  for (const operator of await numbered(state)) {
    const partitions = new Set(await numbered(join(state, operator)));
    for (let i = 0; i < ((await partitionCount(join(state, operator))) ?? 0); i++) partitions.add(String(i));
    for (const partition of partitions) {
      for (const store of await storesOf(join(state, operator, partition))) {
        const files = (await namesIn(store)).filter((name) => versionOf(name) === version);
        const sizes = await Promise.all(files.map(async (name) => (await stat(join(store, name))).size));
        if (sizes.some((size) => size > 0)) continue;
        const found = files.length === 0 ? 'there is no file of it' : 'its file is empty';
        throw new StartError(
          'state',
          `The state of ${query} cannot be read: batch ${version} needs version ${version} in ${store}, and ${found}.`,
          resetQuery(query),
        );
      }
    }
  }
}

/** @internal exported for its test. `7.changelog`, `7_<uuid>.zip`, `7.delta`, `7.snapshot`: 7. */
export function versionOf(name: string): bigint | undefined {
  const version = /^(\d+)(?:_[\w-]+)?\.(?:changelog|zip|delta|snapshot)$/.exec(name)?.[1];
  return version === undefined ? undefined : BigInt(version);
}

/** A path or a file: URI as a path; undefined for any other URI. */
export function localFolder(path: string): string | undefined {
  if (path.startsWith('file:')) return fileURLToPath(path.replace(/^file:\/*/, 'file:///'));
  return /^[a-z][a-z0-9+.-]*:/i.test(path) ? undefined : path;
}

async function readQueryId(file: string, query: string): Promise<string | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { id } = JSON.parse(text) as { id?: unknown };
    if (typeof id === 'string') return id;
  } catch {
    // Said below, for any text that names no query.
  }
  throw new StartError('checkpoint', `${file} is damaged: it names no query.`, resetQuery(query));
}

async function readEnds(folder: string, batchId: bigint, lastCommit: bigint, query: string): Promise<EndOffsets> {
  const file = join(folder, 'offsets', String(batchId));
  try {
    return parseOffsetLog(await readFile(file, 'utf8'), file).ends;
  } catch (error) {
    // Spark writes the file before it runs the batch. If the batch was never finished, Spark can plan it anew without the file.
    const hint =
      batchId > lastCommit
        ? `If the ledger does not list batch ${batchId}, \`rm '${file}' '${join(folder, 'offsets', `.${batchId}.crc`)}'\` has Spark plan it anew; otherwise: `
        : '';
    throw new StartError('checkpoint', (error as Error).message, hint + resetQuery(query));
  }
}

async function batchIds(folder: string): Promise<bigint[]> {
  return (await numbered(folder)).map(BigInt).sort((a, b) => (a < b ? -1 : 1));
}

async function numbered(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => /^\d+$/.test(name));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The operator's own note of how many partitions it has; undefined where Spark has left none. */
async function partitionCount(operator: string): Promise<number | undefined> {
  const text = await readFile(join(operator, '_metadata', 'metadata'), 'utf8').catch(() => '');
  const count = /"numPartitions":(\d+)/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** A partition's folder itself, or for operators with several stores (joins) the folders in it. */
async function storesOf(partition: string): Promise<string[]> {
  const names = await namesIn(partition);
  if (names.some((name) => versionOf(name) !== undefined)) return [partition];
  const stores: string[] = [];
  for (const name of names) {
    if (!/^[._]/.test(name) && (await stat(join(partition, name))).isDirectory()) stores.push(join(partition, name));
  }
  return stores.length === 0 ? [partition] : stores;
}
