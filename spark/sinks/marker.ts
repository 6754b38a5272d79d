/** Reads the last marker of a query back: which micro-batch its Kafka output ends with. Through Spark, which the worker has at hand anyway. */
import { sparkKafkaAccess } from '../../config/kafka-access.js';
import { col, max_by, type SparkSession } from '../connect/index.js';
import type { KafkaTarget } from './kafka-producer.js';
import type { Marker } from './ports.js';

/**
 * The last committed marker, or undefined when the query has written none. The topic is compacted and holds one record per query and recent
 * batch, so reading it whole is cheap; it is read once per worker, later markers are the worker's own.
 */
export async function readLastMarker(
  spark: SparkSession,
  target: Pick<KafkaTarget, 'bootstrapServers' | 'markerTopic' | 'markerKey'>,
): Promise<Marker | undefined> {
  const rows = await spark.read
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': target.bootstrapServers,
      ...sparkKafkaAccess(),
      subscribe: target.markerTopic,
      startingOffsets: 'earliest',
      'kafka.isolation.level': 'read_committed',
    })
    .load()
    .filter(col('key').cast('string').eq(target.markerKey))
    .agg(max_by(col('value').cast('string'), col('offset')).as('marker'))
    .collect();
  const text = (rows[0] as { marker: string | null } | undefined)?.marker;
  return text === null || text === undefined ? undefined : parseMarker(text);
}

/** Version 0.1 knew no refused records. @internal exported for its test */
export function parseMarker(text: string): Marker {
  return { refused: [], ...(JSON.parse(text) as Omit<Marker, 'refused'>) };
}
