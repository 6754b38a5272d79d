/** A row of the events query as the record that Kafka gets. */
import type { OutgoingRecord } from './ports.js';
import type { EventsParams } from './sink.js';

/** The columns of `EVENT_COLUMNS`, as Spark delivers them. */
export interface OutgoingRow {
  /** Null: a valid event. */
  readonly reason: string | null;
  readonly enriched_key: Uint8Array | null;
  readonly enriched_value: Uint8Array | null;
  readonly dead_key: Uint8Array | null;
  readonly dead_value: Uint8Array | null;
  readonly kafka_partition: number;
  readonly kafka_offset: bigint;
}

/** To the enriched topic or to the dead letters; either way its headers name the source record, by which anybody can check that it is there once. */
export function toOutgoingRecord(
  row: OutgoingRow,
  topics: Pick<EventsParams['kafka'], 'sourceTopic' | 'enrichedTopic' | 'deadLetterTopic'>,
  batchId: bigint,
): OutgoingRecord {
  const headers = {
    source_topic: topics.sourceTopic,
    source_partition: String(row.kafka_partition),
    source_offset: String(row.kafka_offset),
    batch_id: String(batchId),
  };
  return row.reason === null && topics.enrichedTopic !== undefined
    ? {
        topic: topics.enrichedTopic,
        message: { key: row.enriched_key, value: row.enriched_value, headers },
      }
    : {
        topic: topics.deadLetterTopic,
        message: {
          key: row.dead_key,
          value: row.dead_value,
          headers: { reason: row.reason ?? '', ...headers },
        },
      };
}
