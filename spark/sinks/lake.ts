/**
 * The lake: valid events as Parquet under `event_date=YYYY-MM-DD/batch_id=N`. A micro-batch owns its own directories and replaces exactly
 * those, so writing it again leaves the same rows once; any tool that globs Parquet reads it.
 */
import { col, type DataFrame, lit } from '../connect/index.js';
import type { EventsSink } from './sink.js';

/** Rows per Parquet file at the least, so that small batches do not leave a file per Kafka partition. */
const FILE_ROWS_MIN = 100_000;

/** The folder or URI of a query's batches; undefined when it keeps none. */
export function lakePathOf({ places }: EventsSink, root: string): string | undefined {
  if (places === undefined) return root;
  return places.lakeFolder === undefined ? undefined : `${root.replace(/\/+$/, '')}/${places.lakeFolder}`;
}

/** Writes the batch's valid events. `rows` is their number; nothing is written for none. */
export async function writeLake(
  valid: DataFrame,
  sink: EventsSink,
  path: string,
  batchId: bigint,
  rows: bigint,
): Promise<void> {
  if (rows === 0n) return;
  const files = Math.ceil(Number(rows) / FILE_ROWS_MIN);
  await valid
    .select(...sink.lakeColumns, sink.dateColumn)
    .withColumn('batch_id', lit(batchId))
    .sortWithinPartitions(col(sink.dateColumn))
    .coalesce(files)
    .write.format('parquet')
    .mode('overwrite')
    .option('partitionOverwriteMode', 'dynamic')
    .option('compression', 'snappy')
    .partitionBy(sink.dateColumn, 'batch_id')
    .save(path);
}
