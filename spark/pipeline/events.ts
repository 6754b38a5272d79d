/** Query `events`: every record of the topic, judged, in the form in which lake, enriched topic and dead letters take it. */
import { type Column, col, type DataFrame, struct as structOf, to_date, to_json, when } from '../connect/index.js';
import { EVENT_COLUMNS, type EventsSink } from '../sinks/sink.js';
import { judgeActivity } from './source.js';

export const EVENTS_SINK: EventsSink = {
  kind: 'events',
  lakeColumns: [
    'event_time',
    'user_id',
    'page_url',
    'event_type',
    'kafka_partition',
    'kafka_offset',
    'kafka_timestamp',
    'processing_time',
  ],
  dateColumn: 'event_date',
  processingTime: 'processing_time',
};

export function events(records: DataFrame, futureToleranceMs: number): DataFrame {
  const isDead = col('reason').isNotNull();
  return judgeActivity(records, futureToleranceMs).select(
    ...EVENTS_SINK.lakeColumns.filter((name) => name !== EVENTS_SINK.processingTime).map((name) => col(name)),
    to_date(col('event_time')).as(EVENTS_SINK.dateColumn),
    col('reason').as(EVENT_COLUMNS.reason),
    when(isDead.not(), col('user_id')).as(EVENT_COLUMNS.enrichedKey),
    when(isDead.not(), asJson()).as(EVENT_COLUMNS.enrichedValue),
    when(isDead, col('key')).as(EVENT_COLUMNS.deadKey),
    when(isDead, col('value')).as(EVENT_COLUMNS.deadValue),
  );
}

/** The event's four fields. A canonical record is just that already. */
function asJson(): Column {
  const printed = structOf(col('event_time_text').as('event_time'), col('user_id'), col('page_url'), col('event_type'));
  return when(col('is_canonical'), col('value').cast('string')).otherwise(to_json(printed));
}
