/** The columns of Spark's Kafka source. */
import { binary, integer, long, string, structType, timestamp } from '../../spark/connect/index.js';

export const RECORD_SCHEMA = structType({
  key: binary(),
  value: binary(),
  topic: string(),
  partition: integer(),
  offset: long(),
  timestamp: timestamp(),
  timestampType: integer(),
});
