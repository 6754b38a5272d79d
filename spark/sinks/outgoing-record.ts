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

/**
 * `,"processing_time":"2026-03-01T12:00:00.123000Z"}`: what takes the place of an enriched value's closing brace. Undefined for a sink that adds no
 * time.
 */
export function endingOf(processingTime: string | undefined, plannedAtMs: number): string | undefined {
  if (processingTime === undefined) return undefined;
  const time = new Date(plannedAtMs).toISOString().replace('Z', '000Z');
  return `,${JSON.stringify(processingTime)}:"${time}"}`;
}

function withEnding(value: Uint8Array, ending: Uint8Array): Uint8Array {
  const whole = Buffer.allocUnsafe(value.length - 1 + ending.length);
  whole.set(value);
  whole.set(ending, value.length - 1);
  return whole;
}

/** To the enriched topic or to the dead letters; either way its headers name the source record, by which anybody can check that it is there once. */
export function toOutgoingRecord(
  row: OutgoingRow,
  topics: Pick<EventsParams['kafka'], 'sourceTopic' | 'enrichedTopic' | 'deadLetterTopic'>,
  batchId: bigint,
  ending?: Uint8Array,
): OutgoingRecord {
  const { enriched_value: value } = row;
  const headers = {
    source_topic: topics.sourceTopic,
    source_partition: String(row.kafka_partition),
    source_offset: String(row.kafka_offset),
    batch_id: String(batchId),
  };
  return row.reason === null && topics.enrichedTopic !== undefined
    ? {
        topic: topics.enrichedTopic,
        message: {
          key: row.enriched_key,
          value: value === null || ending === undefined ? value : withEnding(value, ending),
          headers,
        },
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
