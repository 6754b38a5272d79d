/** Query `events`: every record of the topic, judged, in the form in which lake, enriched topic and dead letters take it. */
import {
  col,
  current_timestamp,
  type DataFrame,
  date_format,
  struct as structOf,
  to_date,
  to_json,
  when,
} from '../connect/index.js';
import { EVENT_COLUMNS, type EventsSink } from '../sinks/sink.js';
import { judgeActivity } from './source.js';

const ISO_MICROS = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'";

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
};

/** In a stream `current_timestamp` is the micro-batch's own time, which the offset log keeps: a replay enriches with the same one. */
export function events(records: DataFrame, futureToleranceMs: number): DataFrame {
  const judged = judgeActivity(records, futureToleranceMs).withColumn('processing_time', current_timestamp());
  const isDead = col('reason').isNotNull();
  const enriched = structOf(
    col('event_time_text').as('event_time'),
    col('user_id'),
    col('page_url'),
    col('event_type'),
    date_format(col('processing_time'), ISO_MICROS).as('processing_time'),
  );
  return judged.select(
    ...EVENTS_SINK.lakeColumns.map((name) => col(name)),
    to_date(col('event_time')).as(EVENTS_SINK.dateColumn),
    col('reason').as(EVENT_COLUMNS.reason),
    when(isDead.not(), col('user_id')).as(EVENT_COLUMNS.enrichedKey),
    when(isDead.not(), to_json(enriched)).as(EVENT_COLUMNS.enrichedValue),
    when(isDead, col('key')).as(EVENT_COLUMNS.deadKey),
    when(isDead, col('value')).as(EVENT_COLUMNS.deadValue),
  );
}
