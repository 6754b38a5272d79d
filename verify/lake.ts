/**
 * The lake: every valid event of the ledger's batches once, with all columns as the topic has them. Read with hyparquet, which shares nothing
 * with Spark's writer; times stay microseconds as bigint (hyparquet's default is a Date).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileMetaData, type ParquetParsers, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { decodeUtf8 } from './activity.js';
import { type Check, CheckBuilder, SAMPLES_MAX } from './compare.js';
import { type Coverage, coordinatesText, differingColumns, PendingDifferences, type RecordLookup } from './coverage.js';
import { type LakeRow, lakeFingerprint, lakeRowOf, RECORD, SEEN } from './event-store.js';
import { floorDiv, formatDay, formatMicros } from './event-time.js';
import { type LakeFolder, listFolders } from './lake-folders.js';
import { messageOf } from './verify-error.js';

/** The columns as hyparquet delivers them with the parsers below. */
interface FoundRow extends LakeRow {
  readonly kafka_partition: number;
  readonly kafka_offset: bigint;
  readonly processing_time: bigint | null;
}

const COLUMNS = [
  'event_time',
  'user_id',
  'page_url',
  'event_type',
  'kafka_partition',
  'kafka_offset',
  'kafka_timestamp',
  'processing_time',
];

const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => millis * 1000n,
  timestampFromMicroseconds: (micros) => micros,
  // INT96 is what Spark 4.2 writes by default (spark.sql.parquet.outputTimestampType). It holds no more than microseconds, or the lake is not Spark's.
  timestampFromNanoseconds: (nanos) => floorDiv(nanos, 1000n),
  stringFromBytes: (bytes) => bytes && (decodeUtf8(bytes) ?? '\ufffd (malformed UTF-8)'),
};

export interface LakeVerdict {
  readonly checks: readonly Check[];
  /** Per batch the processing_time of its rows, in microseconds; the enriched topic must agree. */
  readonly processingTimes: ReadonlyMap<number, bigint>;
  /** Rows in folders of batches that the ledger does not list yet. */
  readonly inFlightFolders: number;
}

export interface LakeOptions {
  readonly path: string;
  readonly topic: string;
  readonly coverage: Coverage;
  readonly lookup: RecordLookup;
  /** Whether the ledger covers any record at all; else an empty lake proves nothing. */
  readonly coversAny: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A compaction puts a day's files away; it takes far longer than a look, so a few new ones are enough. */
const LOOKS_MAX = 5;

/** A listed file was gone when it was opened. */
class FileGone extends Error {}

/** @throws VerifyError `lake` if the folder exists and cannot be read. A file that cannot be read is a difference. */
export async function verifyLake(options: LakeOptions): Promise<LakeVerdict> {
  for (let look = 1; ; look++) {
    try {
      return await lookAtLake(options, look === LOOKS_MAX);
    } catch (error) {
      if (!(error instanceof FileGone)) throw error;
      options.coverage.forget(SEEN.lake);
    }
  }
}

async function lookAtLake(
  { path, topic, coverage, lookup, coversAny, signal }: LakeOptions,
  isLast: boolean,
): Promise<LakeVerdict> {
  const rows = new CheckBuilder('lake.rows', 'every valid event once in the Parquet lake, all columns as in the topic');
  const files = new CheckBuilder('lake.files', 'nothing in the lake but folders of batches that the ledger lists');
  const local = localPath(path);
  if (local === undefined) {
    const why = `the lake is at ${path}, and verify reads local folders only`;
    return { checks: [rows.notRun(why), files.notRun(why)], processingTimes: new Map(), inFlightFolders: 0 };
  }

  const processingTimes = new Map<number, bigint>();
  const pending = new PendingDifferences<FoundRow>(rows, SAMPLES_MAX);
  const folders = await listFolders(local, files);
  const inFlight = folders.filter(({ batchId }) => batchId > coverage.lastBatchId);
  const listed = folders.filter(({ batchId }) => batchId <= coverage.lastBatchId);
  for (const folder of listed) {
    signal?.throwIfAborted();
    files.count(1, 1);
    if (!coverage.hasBatch(folder.batchId))
      files.difference('unexpected', folder.path, 'a batch of the ledger', `batch ${folder.batchId}`);
    for (const file of folder.files) {
      try {
        for await (const group of readFileRows(join(local, folder.path, file))) {
          for (const found of group) compareRow(found, folder, coverage, rows, pending, processingTimes);
        }
      } catch (error) {
        if (!isLast && (error as NodeJS.ErrnoException).code === 'ENOENT') throw new FileGone();
        rows.difference('broken', `${folder.path}/${file}`, 'a Parquet file', messageOf(error));
      }
    }
  }
  rows.count(coverage.count(RECORD.valid), 0);
  await pending.resolve(lookup, (coordinates, found, record) => {
    const judged = record && coverage.store.judge(record);
    const expected =
      judged?.kind === 'valid' && record !== undefined ? lakeRowOf(judged, record.timestampMs) : undefined;
    const [expectedText, foundText] =
      expected === undefined ? ['the record of the topic', ''] : differingColumns({ ...expected }, { ...found });
    rows.difference('different', `lake row of ${coordinatesText(topic, coordinates)}`, expectedText, foundText);
  });
  for (const coordinates of coverage.unseen(RECORD.valid, SEEN.lake)) {
    rows.difference('missing', rows.wantsDetails ? `lake row of ${coordinatesText(topic, coordinates)}` : '');
  }
  if (inFlight.length > 0)
    files.note(`${inFlight.length} folders of batches after ${coverage.lastBatchId} are in flight and not read`);
  return {
    checks: [rows.finish({ emptyHolds: coversAny }), files.finish({ emptyHolds: coversAny })],
    processingTimes,
    inFlightFolders: inFlight.length,
  };
}

function compareRow(
  found: FoundRow,
  folder: LakeFolder,
  coverage: Coverage,
  check: CheckBuilder,
  pending: PendingDifferences<FoundRow>,
  processingTimes: Map<number, bigint>,
): void {
  check.count(0, 1);
  const coordinates = { partition: Number(found.kafka_partition), offset: Number(found.kafka_offset) };
  const where = (): string => `${folder.path}: row of partition ${coordinates.partition} offset ${coordinates.offset}`;
  // Merged rows are each their own batch's, as long as the folder says that it has them.
  const owner = folder.merged === undefined ? undefined : coverage.ownerOf(coordinates);
  const batchId = owner !== undefined && folder.merged?.has(owner) ? owner : folder.batchId;
  const place = coverage.place(coordinates, batchId, RECORD.valid);
  if (place.kind === 'wrong') {
    check.difference('unexpected', where(), place.expected, place.found);
    return;
  }
  if (place.kind === 'in-flight') {
    check.difference('unexpected', where(), `a batch after ${coverage.lastBatchId}`, `batch ${batchId}`);
    return;
  }
  if (!coverage.mark(place.events, place.index, SEEN.lake)) {
    check.difference('duplicate', where());
    return;
  }
  if (lakeFingerprint(found) !== place.events.fingerprint[place.index]) {
    pending.add(coordinates, found);
    return;
  }
  const date = formatDay(Number(floorDiv(found.event_time, 86_400_000_000n)));
  if (date !== folder.eventDate) check.difference('different', `${where()}, event_date`, date, folder.eventDate);
  compareProcessingTime(found.processing_time, batchId, where, check, processingTimes);
}

function compareProcessingTime(
  found: bigint | null,
  batchId: number,
  where: () => string,
  check: CheckBuilder,
  processingTimes: Map<number, bigint>,
): void {
  const ofBatch = processingTimes.get(batchId);
  if (typeof found !== 'bigint')
    check.difference('broken', `${where()}, processing_time`, 'a timestamp', String(found));
  else if (ofBatch === undefined) processingTimes.set(batchId, found);
  else if (found !== ofBatch) {
    check.difference(
      'different',
      `${where()}, processing_time`,
      `${formatMicros(ofBatch)}, as other rows of batch ${batchId}`,
      formatMicros(found),
    );
  }
}

/** A local folder's path, or undefined for a URI of another file system. */
function localPath(path: string): string | undefined {
  if (path.startsWith('file:')) return fileURLToPath(path.replace(/^file:\/*/, 'file:///'));
  return /^[a-z][a-z0-9+.-]+:/i.test(path) ? undefined : path;
}

/** Row group by row group, which Spark keeps below 128 MB. */
async function* readFileRows(path: string): AsyncGenerator<readonly FoundRow[]> {
  const bytes = await readFile(path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const file = { byteLength: buffer.byteLength, slice: (start: number, end?: number) => buffer.slice(start, end) };
  const metadata = await parquetMetadataAsync(file);
  assertColumns(metadata);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, columns: COLUMNS, rowStart, rowEnd, parsers: PARSERS });
    yield rows as FoundRow[];
    rowStart = rowEnd;
  }
}

function assertColumns(metadata: FileMetaData): void {
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const missing = COLUMNS.filter((name) => !names.includes(name));
  const others = names.filter((name) => !COLUMNS.includes(name));
  if (missing.length > 0 || others.length > 0) {
    throw new Error(`its columns are ${names.join(', ')}; expected ${COLUMNS.join(', ')}`);
  }
}
