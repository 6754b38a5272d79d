/**
 * Reads what Spark wrote before it ran a micro-batch: the checkpoint's offset log says which records the batch covers and which watermark was
 * in force. Both go into the ledger, so that anybody can recompute the batch from the topic alone.
 *
 * Format (Spark 4.2, `OffsetSeqLog`): a version line, a line of JSON metadata, one line of JSON per source.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SparkSession } from '../connect/index.js';
import { SinkError } from './sink-error.js';

/** Per topic and partition: the batch read `from <= offset < until`. */
export type OffsetRanges = Readonly<Record<string, Readonly<Record<string, readonly [from: number, until: number]>>>>;

export interface BatchOffsets {
  readonly ranges: OffsetRanges;
  /** Milliseconds since 1970, or undefined while the query has none. */
  readonly watermarkMs: number | undefined;
  /** When Spark planned the batch, in milliseconds since 1970; a batch that comes again has the same. */
  readonly plannedAtMs: number;
}

export type EndOffsets = Record<string, Record<string, number>>;

/**
 * What batch `batchId` covers. The start of the first batch stands in each source's own log (`sources/<n>/0`).
 * @throws SinkError `checkpoint` if a file is missing or does not read as Spark 4.x writes it.
 */
export async function readBatchOffsets(
  spark: SparkSession,
  checkpoint: string,
  batchId: bigint,
): Promise<BatchOffsets> {
  const entry = parseOffsetLog(
    await readText(spark, `${checkpoint}/offsets/${batchId}`),
    `${checkpoint}/offsets/${batchId}`,
  );
  const before =
    batchId === 0n
      ? await readInitialOffsets(spark, checkpoint, entry.sources)
      : parseOffsetLog(
          await readText(spark, `${checkpoint}/offsets/${batchId - 1n}`),
          `${checkpoint}/offsets/${batchId - 1n}`,
        ).ends;
  const { ends, watermarkMs, plannedAtMs } = entry;
  return { ranges: adjoin(before, ends), watermarkMs: watermarkMs === 0 ? undefined : watermarkMs, plannedAtMs };
}

/** Each source of a query keeps its own; a topic is read by one source only. */
async function readInitialOffsets(spark: SparkSession, checkpoint: string, sources: number): Promise<EndOffsets> {
  const initial: EndOffsets = {};
  for (let source = 0; source < sources; source++) {
    const path = `${checkpoint}/sources/${source}/0`;
    Object.assign(initial, parseInitialOffsets(await readText(spark, path), path));
  }
  return initial;
}

/** The identity that Spark gave the checkpoint when the query first started there: `metadata` holds `{"id": "<uuid>"}`. */
export async function readQueryId(spark: SparkSession, checkpoint: string): Promise<string> {
  const text = await readText(spark, `${checkpoint}/metadata`);
  const { id } = parseObject(text, `${checkpoint}/metadata`);
  if (typeof id !== 'string') throw new SinkError('checkpoint', `${checkpoint}/metadata names no query id.`);
  return id;
}

/** @internal exported for its test */
export function parseOffsetLog(
  text: string,
  path: string,
): { ends: EndOffsets; watermarkMs: number; plannedAtMs: number /** How many the query has. */; sources: number } {
  const [version, metadata, ...sources] = text.split('\n');
  if (version !== 'v1' || metadata === undefined) {
    throw new SinkError(
      'checkpoint',
      `${path} is not an offset log that this version knows (first line ${JSON.stringify(version)}).`,
    );
  }
  const ends: EndOffsets = {};
  for (const source of sources) {
    // A source without data yet stands as "-".
    if (source !== '' && source !== '-') Object.assign(ends, parseObject(source, path) as EndOffsets);
  }
  const { batchWatermarkMs, batchTimestampMs } = parseObject(metadata, path);
  if (typeof batchWatermarkMs !== 'number') throw new SinkError('checkpoint', `${path} names no batchWatermarkMs.`);
  if (typeof batchTimestampMs !== 'number') throw new SinkError('checkpoint', `${path} names no batchTimestampMs.`);
  return {
    ends,
    watermarkMs: batchWatermarkMs,
    plannedAtMs: batchTimestampMs,
    sources: sources.filter((source) => source !== '').length,
  };
}

/** The file begins with a zero byte, left from a Spark 2 format, then the version line, then the offsets. @internal exported for its test */
export function parseInitialOffsets(text: string, path: string): EndOffsets {
  const [version, offsets] = text.split('\n');
  if (version?.replace('\u0000', '') !== 'v1' || offsets === undefined) {
    throw new SinkError(
      'checkpoint',
      `${path} does not hold initial offsets that this version knows (first line ${JSON.stringify(version)}).`,
    );
  }
  return parseObject(offsets, path) as EndOffsets;
}

/** One line of JSON. A file that a crash or a full disk has cut short is the checkpoint's fault, and says so with its path. */
function parseObject(line: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new SinkError('checkpoint', `${path} is damaged: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SinkError('checkpoint', `${path} is damaged: a line holds no JSON object.`);
  }
  return value as Record<string, unknown>;
}

/** A partition that a batch names for the first time was added to the topic meanwhile: it is read from its beginning. */
export function adjoin(before: EndOffsets, ends: EndOffsets): OffsetRanges {
  const ranges: Record<string, Record<string, readonly [number, number]>> = {};
  for (const [topic, partitions] of Object.entries(ends)) {
    const ofTopic: Record<string, readonly [number, number]> = {};
    for (const [partition, until] of Object.entries(partitions))
      ofTopic[partition] = [before[topic]?.[partition] ?? 0, until];
    ranges[topic] = ofTopic;
  }
  return ranges;
}

/** A checkpoint on the driver's own file system is read directly, any other (HDFS, S3, …) through Spark, which knows how to reach it. */
async function readText(spark: SparkSession, path: string): Promise<string> {
  try {
    if (path.startsWith('file:')) return await readFile(fileURLToPath(path.replace(/^file:\/*/, 'file:///')), 'utf8');
    if (!/^[a-z][a-z0-9+.-]*:/i.test(path)) return await readFile(path, 'utf8');
    const rows = await spark.read.option('wholetext', 'true').text(path).collect();
    return String((rows[0] as { value: string } | undefined)?.value ?? '');
  } catch (error) {
    throw new SinkError('checkpoint', `The checkpoint file ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
