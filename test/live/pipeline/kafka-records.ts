/** Frames shaped as Spark's Kafka source delivers records. */
import {
  binary,
  type DataFrame,
  integer,
  long,
  type SparkSession,
  string,
  structType,
  timestamp,
  timestampMicros,
} from '../../../spark/connect/index.js';
import { KAFKA_TIME } from './records.js';

const KAFKA_RECORD = structType({
  key: binary(),
  value: binary(),
  topic: string(),
  partition: integer(),
  offset: long(),
  timestamp: timestamp(),
});

/** One record per value, at offsets from 0 of partition 0. */
export function kafkaRecords(spark: SparkSession, values: readonly (Buffer | string | null)[]): DataFrame {
  const rows = values.map((value, offset) => ({
    key: Buffer.from(`key ${offset}`),
    value: typeof value === 'string' ? Buffer.from(value) : value,
    topic: 'user_activity',
    partition: 0,
    offset: BigInt(offset),
    timestamp: timestampMicros(KAFKA_TIME),
  }));
  // Spark's optimizer computes on local rows itself, interpreting; behind an exchange the rules run compiled, in tasks, as they do in a stream.
  return spark.createDataFrame(rows, KAFKA_RECORD).repartition(2);
}
