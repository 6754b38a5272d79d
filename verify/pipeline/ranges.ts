/** Which records the ledger says a query has read, as a batch for Spark: the same records, all at once. */
import { sparkKafkaAccess } from '../../config/kafka-access.js';
import type { DataFrame, SparkSession } from '../../spark/connect/index.js';
import type { QueryBatches } from '../batches.js';
import { RECORD_SCHEMA } from './record-schema.js';

/** Per partition: the first offset that the query has read, and the first that it has not. */
export type ReadRanges = ReadonlyMap<number, readonly [from: number, until: number]>;

export function rangesOf({ batches }: QueryBatches<string>): ReadRanges {
  const ranges = new Map<number, readonly [number, number]>();
  for (const { ranges: ofBatch } of batches)
    for (const { partition, from, until } of ofBatch)
      ranges.set(partition, [ranges.get(partition)?.[0] ?? from, until]);
  return ranges;
}

/** A partition that the ledger does not name is not read: its range is empty. */
export function readRange(spark: SparkSession, bootstrapServers: string, topic: string, ranges: ReadRanges): DataFrame {
  if (ranges.size === 0) return spark.createDataFrame([], RECORD_SCHEMA) as DataFrame;
  const offsets = (side: 0 | 1): string =>
    JSON.stringify({ [topic]: Object.fromEntries([...ranges].map(([partition, range]) => [partition, range[side]])) });
  return spark.read
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': bootstrapServers,
      ...sparkKafkaAccess(),
      // Named one by one: a partition that was added since would otherwise lack its offsets, which Spark refuses.
      assign: JSON.stringify({ [topic]: [...ranges.keys()] }),
      startingOffsets: offsets(0),
      endingOffsets: offsets(1),
      'kafka.isolation.level': 'read_committed',
    })
    .load();
}
