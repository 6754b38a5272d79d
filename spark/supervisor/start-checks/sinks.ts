/**
 * Whether the sinks belong to the ledger: nothing in them that no listed (or planned) batch has written, and nothing gone that one has. Rows of
 * another life would be counted in, and their batch ids, which begin again at 0, would shut new rows out.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { quoteIdentifier } from '../../../config/identifier.js';
import { LAKE_FILES } from '../../../config/names.js';
import type { UpsertSink } from '../../sinks/sink.js';
import { StartError } from '../start-error.js';
import { localFolder } from './checkpoint.js';
import type { Progress } from './progress.js';
import { resetQuery } from './remedy.js';
import type { TopicPartition } from './topic.js';

/** Costs one pass over the table. @throws StartError `sinks` */
export async function assertTableBatches(client: ClientBase, sink: UpsertSink, progress: Progress): Promise<void> {
  const { rows } = await client.query<{ last: string | null }>(
    `SELECT max(batch_id) AS last FROM ${quoteIdentifier(sink.table)}`,
  );
  const last = rows[0]?.last;
  const listed = progress.ledger?.batchId ?? -1n;
  if (last === null || last === undefined || BigInt(last) <= listed) return;
  throw new StartError(
    'sinks',
    `Table ${sink.table} has rows of batches up to ${last}, but the ledger of ${progress.query} ends with ${listed < 0n ? 'nothing' : listed}.`,
    resetQuery(progress.query),
  );
}

/** The lake is written before the ledger, so it may hold the batch that was under way. @throws StartError `sinks` */
export async function assertLakeBatches(path: string, progress: Progress): Promise<void> {
  const folder = localFolder(path);
  if (folder === undefined) return;
  await assertNoDayAside(folder);
  let last = -1n;
  for (const day of await foldersIn(folder, /^event_date=/)) {
    for (const batch of await foldersIn(join(folder, day), /^batch_id=\d+$/)) {
      const id = BigInt(batch.slice('batch_id='.length));
      if (id > last) last = id;
    }
  }
  const { ledger, checkpoint } = progress;
  const listed = ledger?.batchId ?? -1n;
  // Without a view of the checkpoint: the batch after the last one listed, if there is one.
  const planned = checkpoint === undefined ? listed + 1n : (checkpoint.planned?.batchId ?? -1n);
  if (last <= (planned > listed ? planned : listed)) return;
  throw new StartError(
    'sinks',
    `The lake ${folder} has batches up to ${last}, but the ledger of ${progress.query} ends with ${listed < 0n ? 'nothing' : listed}.`,
    resetQuery(progress.query),
  );
}

/** Only where a compaction cannot put a day in another's place in one step can it leave the lake without one. */
async function assertNoDayAside(folder: string): Promise<void> {
  const staging = join(folder, LAKE_FILES.staging);
  for (const scratch of await foldersIn(staging, /^\.compaction-/)) {
    const [aside] = await foldersIn(join(staging, scratch), /^was-event_date=/);
    if (aside === undefined) continue;
    throw new StartError(
      'sinks',
      `A compaction of the lake ${folder} was broken off when it had put ${aside.slice('was-'.length)} aside.`,
      'Run `sluice lake compact`, which puts it back, and start again.',
    );
  }
}

/** @throws StartError `sinks` when an output topic was emptied by creating it anew, or is full of what no batch of this ledger has written. */
export function assertOutputTopics(
  topics: { readonly enrichedTopic: string | undefined; readonly deadLetterTopic: string },
  offsets: ReadonlyMap<string, ReadonlyMap<string, TopicPartition>>,
  { query, ledger, checkpoint }: Progress,
): void {
  const dead = ledger?.dead ?? 0n;
  const expected = [
    [topics.enrichedTopic, (ledger?.rows ?? 0n) - dead],
    [topics.deadLetterTopic, dead],
  ] as const;
  const isNew = ledger === undefined && checkpoint !== undefined && checkpoint.planned === undefined;
  for (const [topic, records] of expected) {
    if (topic === undefined) continue;
    const partitions = [...(offsets.get(topic)?.values() ?? [])];
    const isFresh = partitions.every(({ high }) => high === 0n);
    if (records > 0n && isFresh) {
      throw new StartError(
        'sinks',
        `By the ledger ${query} has written ${records} records to ${topic}, but the topic has never held any: it was created again.`,
        resetQuery(query),
      );
    }
    if (isNew && partitions.some(({ low, high }) => high > low)) {
      throw new StartError(
        'sinks',
        `The topic ${topic} holds records, but no batch of ${query} is in the ledger or planned in a checkpoint: they are of another life.`,
        resetQuery(query),
      );
    }
  }
}

async function foldersIn(folder: string, name: RegExp): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((entry) => name.test(entry));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
