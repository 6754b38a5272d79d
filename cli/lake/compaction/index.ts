// `sluice lake compact`: which days have small files, and their rewriting, one after the other. See day-rewrite.ts for what readers see.
import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LAKE_FILES } from '../../../config/names.js';
import { recoverDay, rewriteDay } from './day-rewrite.js';
import { type BatchFolder, groupsOf, namesIn, readDay } from './lake-day.js';
import { FileMerger } from './merge.js';
import { chooseSwap, type SwapKind } from './swap.js';
import type { CompactionTurn, FinalBatches } from './turn.js';

/** What becomes of a day. */
export interface DayPlan {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Batches whose rows move into another one's file. */
  readonly batches: number;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly bytesBefore: number;
  readonly groups: readonly (readonly BatchFolder[])[];
}

export interface CompactedDay extends DayPlan {
  readonly rows: number;
  readonly bytesAfter: number;
}

const DAY = /^event_date=(\d{4}-\d\d-\d\d)$/;
const SCRATCH = /^\.compaction-([0-9a-f-]{36})$/;

/** Days that would change; oldest first. @param wanted days by name; all when empty */
export async function planCompaction(
  root: string,
  { queryId, batchIds }: FinalBatches,
  { days: wanted, bytesWanted }: { readonly days: readonly string[]; readonly bytesWanted: number },
): Promise<DayPlan[]> {
  const plans: DayPlan[] = [];
  for (const name of (await namesIn(root)).sort()) {
    const day = DAY.exec(name)?.[1];
    if (day === undefined || (wanted.length > 0 && !wanted.includes(day))) continue;
    const folders = await readDay(join(root, name));
    const isFinal = ({ batches, publisher }: BatchFolder): boolean =>
      publisher === queryId && batches.every((batch) => batchIds.has(batch));
    const groups = groupsOf(folders, { isFinal, bytesWanted });
    if (groups.length === 0) continue;
    const files = (of: readonly BatchFolder[]): number => of.reduce((sum, folder) => sum + folder.files.length, 0);
    const merged = groups.flat();
    plans.push({
      day,
      batches: merged.length,
      filesBefore: files(folders),
      filesAfter: files(folders) - files(merged) + groups.length,
      bytesBefore: folders.reduce((sum, { bytes }) => sum + bytes, 0),
      groups,
    });
  }
  return plans;
}

export interface CompactOptions {
  readonly turn: CompactionTurn;
  readonly epoch: string;
  readonly onSwap: (kind: SwapKind) => void;
  readonly onProgress: (day: string, files: number) => void;
  readonly signal: AbortSignal;
}

/** Day by day, each as it is done: what was yielded is in place. */
export async function* compact(
  root: string,
  plans: readonly DayPlan[],
  { turn, epoch, onSwap, onProgress, signal }: CompactOptions,
): AsyncGenerator<CompactedDay> {
  if (plans.length === 0) return;
  const staging = join(root, LAKE_FILES.staging);
  using merger = await FileMerger.open();
  for (const plan of plans) {
    signal.throwIfAborted();
    const compactionId = randomUUID();
    const scratch = join(staging, `.compaction-${compactionId}`);
    const day = `event_date=${plan.day}`;
    await mkdir(scratch, { recursive: true });
    try {
      const swap = await chooseSwap(scratch);
      onSwap(swap.kind);
      const rows = await rewriteDay({
        root,
        day,
        scratch,
        compactionId,
        groups: plan.groups,
        merger,
        swap,
        alone: (exchange) => turn.alone(epoch, exchange),
        onGroup: (group) =>
          onProgress(
            plan.day,
            group.reduce((sum, { files }) => sum + files.length, 0),
          ),
        signal,
      });
      const bytesAfter = (await readDay(join(root, day))).reduce((sum, { bytes }) => sum + bytes, 0);
      yield { ...plan, rows, bytesAfter };
    } finally {
      await recoverDay(root, day, scratch, compactionId);
      await rmdir(staging).catch(() => {
        // Others are at work in it.
      });
    }
  }
}

/** Ends what compactions that were killed have left; only under a `CompactionTurn`, or one that works would be taken for dead. Returns the days. */
export async function recoverCompactions(root: string): Promise<string[]> {
  const staging = join(root, LAKE_FILES.staging);
  const days: string[] = [];
  for (const name of await namesIn(staging)) {
    const compactionId = SCRATCH.exec(name)?.[1];
    if (compactionId === undefined) continue;
    const scratch = join(staging, name);
    const day = (await namesIn(scratch)).map((entry) => entry.replace(/^was-/, '')).find((entry) => DAY.test(entry));
    if (day === undefined) await rm(scratch, { recursive: true, force: true });
    else {
      await recoverDay(root, day, scratch, compactionId);
      days.push(day.slice('event_date='.length));
    }
  }
  await rmdir(staging).catch(() => {
    // Missing, or others are at work in it.
  });
  return days;
}
