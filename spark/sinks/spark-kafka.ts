/**
 * The batch to Kafka by Spark's own sink, from the executors in parallel: at least once. The records are the same, headers included, as those of
 * a transaction (outgoing-record.ts); after a failure some may be there twice, and their coordinates tell.
 */
import { sparkKafkaAccess } from '../../config/kafka-access.js';
import {
  array,
  type Column,
  coalesce,
  col,
  concat,
  type DataFrame,
  length,
  lit,
  struct as structOf,
  substring,
  when,
} from '../connect/index.js';
import { EVENT_COLUMNS as COLUMNS, type EventsParams } from './sink.js';
import type { DescribeStep } from './spark-ports.js';

export async function writeBySpark(
  batch: DataFrame,
  topics: Pick<EventsParams['kafka'], 'sourceTopic' | 'enrichedTopic' | 'deadLetterTopic'>,
  bootstrapServers: string,
  { batchId, describe, ending }: { batchId: bigint; describe: DescribeStep; ending: string | undefined },
): Promise<void> {
  const isValid = col(COLUMNS.reason).isNull();
  const binary = (name: string): Column => col(name).cast('binary');
  const json = col(COLUMNS.enrichedValue).cast('string');
  const enriched = (
    ending === undefined ? json : concat(substring(json, lit(1), length(json).minus(lit(1))), lit(ending))
  ).cast('binary');
  const header = (key: string, value: Column): Column =>
    structOf(lit(key).as('key'), value.cast('string').cast('binary').as('value'));
  const coordinates = [
    header('source_topic', lit(topics.sourceTopic)),
    header('source_partition', col(COLUMNS.partition)),
    header('source_offset', col(COLUMNS.offset)),
    header('batch_id', lit(batchId)),
  ];
  // The reason is null for valid events, and a header's value is not looked at there.
  const reason = header('reason', coalesce(col(COLUMNS.reason), lit('')));
  // Without a topic for them the valid rows stay here.
  const wanted = topics.enrichedTopic === undefined ? batch.filter(isValid.not()) : batch;
  await wanted
    .select(
      when(isValid, lit(topics.enrichedTopic ?? topics.deadLetterTopic))
        .otherwise(lit(topics.deadLetterTopic))
        .as('topic'),
      when(isValid, binary(COLUMNS.enrichedKey)).otherwise(binary(COLUMNS.deadKey)).as('key'),
      when(isValid, enriched).otherwise(binary(COLUMNS.deadValue)).as('value'),
      when(isValid, array(...coordinates))
        .otherwise(array(reason, ...coordinates))
        .as('headers'),
    )
    .write.format('kafka')
    .options({
      'kafka.bootstrap.servers': bootstrapServers,
      ...sparkKafkaAccess(),
      'kafka.acks': 'all',
      includeHeaders: 'true',
    })
    .save(undefined, describe('kafka'));
}
