/**
 * The lake: valid events as Parquet under `event_date=YYYY-MM-DD/batch_id=N`, which any tool that globs Parquet reads.
 *
 * On a file system of this machine each attempt at a batch is written into a folder of its own, where no reader looks, and then moved into place,
 * day by day, each by one `rename`: it comes whole or not at all, and not where something is already. So whoever is first publishes the batch, and
 * a writer that wakes up late, its Spark job included, can neither remove nor double anything. Other file systems (S3, HDFS) are only reached
 * through Spark, which replaces the batch's own folders; there the fence is asked before, and a driver that is paused inside the write is not shut out.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LAKE_FILES } from '../../config/names.js';
import { type Column, col, type DataFrame, type ExecuteOptions, lit, timestamp_millis } from '../connect/index.js';
import { localPath } from './local-path.js';
import type { Lake } from './ports.js';
import type { EventsSink } from './sink.js';
import { SinkError } from './sink-error.js';

/** Rows per Parquet file at the least, so that small batches do not leave a file per Kafka partition. */
const FILE_ROWS_MIN = 100_000;

/** The first in the lake, for a rename to be possible; the other in each published partition. */
const { staging: STAGING_FOLDER, publisher: PUBLISHER_FILE } = LAKE_FILES;

/**
 * Brings the batch into the lake. `inOwnTurn` runs the moves while the turn is held: neither a take-over nor a compaction, which puts a new folder
 * in the place of a day's, can come between.
 * @throws SinkError `target` if the place of a partition is taken by another checkpoint's.
 */
export async function publishStaged(
  lake: Lake,
  rows: bigint,
  queryId: string,
  inOwnTurn: (move: () => Promise<void>) => Promise<void>,
): Promise<void> {
  try {
    const partitions = await lake.stage(rows);
    await inOwnTurn(async () => {
      for (const partition of partitions) {
        if (await lake.publish(partition)) continue;
        // The same rows: an attempt before this one, or one that is late, got there first.
        const publisher = await lake.publisherOf(partition);
        if (publisher === queryId) continue;
        throw new SinkError(
          'target',
          `The lake has ${partition} already, from ${publisher === undefined ? 'an unknown writer' : `checkpoint ${publisher}`}, ` +
            `and this is checkpoint ${queryId}. Run \`sluice reset --sinks\` to begin the lake anew, or set LAKE_PATH to an empty folder.`,
        );
      }
    });
  } finally {
    await lake.discard();
  }
}

/** The folder or URI of a query's batches; undefined when it keeps none. */
export function lakePathOf({ places }: EventsSink, root: string): string | undefined {
  if (places === undefined) return root;
  return places.lakeFolder === undefined ? undefined : `${root.replace(/\/+$/, '')}/${places.lakeFolder}`;
}

export interface LakeAttempt {
  readonly path: string;
  readonly query: string;
  readonly queryId: () => Promise<string>;
  readonly batchId: bigint;
  readonly epoch: string;
  /** When the batch was planned. */
  readonly plannedAtMs: number;
  /** How the jobs that write are described. */
  readonly options?: ExecuteOptions;
}

/** @param valid the batch's valid events. */
export function sparkLake(valid: DataFrame, sink: EventsSink, attempt: LakeAttempt): Lake {
  const local = localPath(attempt.path);
  return local === undefined ? remoteLake(valid, sink, attempt) : localLake(local, valid, sink, attempt);
}

function localLake(path: string, valid: DataFrame, sink: EventsSink, attempt: LakeAttempt): Lake {
  const staging = join(path, STAGING_FOLDER);
  // One attempt at a time per worker process, and one worker per query and epoch; a process id is not enough in containers.
  const own = `${attempt.query}-${attempt.batchId}-e${attempt.epoch}-${process.pid}-${Date.now()}`;
  return {
    async stage(rows) {
      await write(valid, sink, attempt, rows).save(join(staging, own), attempt.options);
      const queryId = await attempt.queryId();
      const days = (
        await readdir(join(staging, own)).catch((error: unknown) => undefinedIfMissing(error) ?? [])
      ).filter((name) => name.startsWith(`${sink.dateColumn}=`));
      if (days.length === 0) {
        throw new SinkError(
          'target',
          `Spark wrote ${rows} rows below ${join(staging, own)}, but nothing of them is to be seen beside its driver. ` +
            'LAKE_PATH must be on a file system that driver and executors share.',
        );
      }
      const partitions = days.sort().map((day) => join(day, `batch_id=${attempt.batchId}`));
      for (const partition of partitions) await writeFile(join(staging, own, partition, PUBLISHER_FILE), queryId);
      return partitions;
    },
    publish: (partition) => moveIfAbsent(join(staging, own, partition), join(path, partition)),
    publisherOf: (partition) => readFile(join(path, partition, PUBLISHER_FILE), 'utf8').catch(undefinedIfMissing),
    discard: () => remove(staging, [own]),
    async sweep() {
      const names = await readdir(staging).catch((error: unknown) => undefinedIfMissing(error) ?? []);
      await remove(
        staging,
        names.filter((name) => name.startsWith(`${attempt.query}-`)),
      );
    },
  };
}

/** Spark replaces exactly the batch's folders; there is nothing to move. */
function remoteLake(valid: DataFrame, sink: EventsSink, attempt: LakeAttempt): Lake {
  return {
    async stage(rows) {
      await write(valid, sink, attempt, rows)
        .option('partitionOverwriteMode', 'dynamic')
        .save(attempt.path, attempt.options);
      return [];
    },
    publish: async () => false,
    publisherOf: async () => undefined,
    discard: async () => {},
    sweep: async () => {},
  };
}

function write(
  valid: DataFrame,
  sink: EventsSink,
  { batchId, plannedAtMs }: LakeAttempt,
  rows: bigint,
): ReturnType<DataFrame['write']['format']> {
  const columns: (string | Column)[] = [
    ...sink.lakeColumns.map((name) =>
      name === sink.processingTime ? timestamp_millis(lit(BigInt(plannedAtMs))).as(name) : name,
    ),
    sink.dateColumn,
  ];
  return valid
    .select(...columns)
    .withColumn('batch_id', lit(batchId))
    .sortWithinPartitions(col(sink.dateColumn))
    .coalesce(Math.ceil(Number(rows) / FILE_ROWS_MIN))
    .write.format('parquet')
    .mode('overwrite')
    .option('compression', 'snappy')
    .partitionBy(sink.dateColumn, 'batch_id');
}

/** One step for everybody who looks: `rename` takes the place of nothing or of an empty folder, never of one with files. @internal for its tests */
export async function moveIfAbsent(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows says EPERM.
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || (code === 'EPERM' && existsSync(to))) return false;
    throw error;
  }
}

async function remove(staging: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(staging, name), { recursive: true, force: true, maxRetries: 3 });
  // Only when it is empty: other attempts may be at work in it.
  await rmdir(staging).catch(() => {});
}

function undefinedIfMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
