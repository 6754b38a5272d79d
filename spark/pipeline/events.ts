/** Query `events`: every record of the topic, judged, in the form in which lake, enriched topic and dead letters take it. */
import {
  array,
  type Column,
  col,
  concat,
  current_timestamp,
  type DataFrame,
  date_format,
  get,
  lit,
  octet_length,
  pmod,
  struct as structOf,
  substring,
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

/**
 * In a stream `current_timestamp` is the micro-batch's own time, which the offset log keeps: a replay enriches with the same one.
 *
 * Spark writes a timestamp that is constant into the Java code it makes of a plan, and would compile the whole of it anew for each batch. An array
 * is handed to the code as an object; so the time is taken out of one, at an index that is always 0 and that Spark does not know beforehand.
 */
const PROCESSING_TIME = get(array(current_timestamp()), pmod(col('kafka_partition'), lit(1)));

/** The same as text. A constant text is an object to the code, too. */
const PROCESSING_TIME_TEXT = date_format(current_timestamp(), ISO_MICROS);

export function events(records: DataFrame, futureToleranceMs: number): DataFrame {
  const judged = judgeActivity(records, futureToleranceMs).withColumn('processing_time', PROCESSING_TIME);
  const isDead = col('reason').isNotNull();
  return judged.select(
    ...EVENTS_SINK.lakeColumns.map((name) => col(name)),
    to_date(col('event_time')).as(EVENTS_SINK.dateColumn),
    col('reason').as(EVENT_COLUMNS.reason),
    when(isDead.not(), col('user_id')).as(EVENT_COLUMNS.enrichedKey),
    when(isDead.not(), enriched()).as(EVENT_COLUMNS.enrichedValue),
    when(isDead, col('key')).as(EVENT_COLUMNS.deadKey),
    when(isDead, col('value')).as(EVENT_COLUMNS.deadValue),
  );
}

/** The event's four fields, then `processing_time`. A canonical record is those four fields as JSON already: it lacks the last one only. */
function enriched(): Column {
  const openObject = substring(col('value'), lit(1), octet_length(col('value')).minus(lit(1)));
  const ending = concat(lit(',"processing_time":"'), PROCESSING_TIME_TEXT, lit('"}'));
  const printed = to_json(
    structOf(
      col('event_time_text').as('event_time'),
      col('user_id'),
      col('page_url'),
      col('event_type'),
      PROCESSING_TIME_TEXT.as('processing_time'),
    ),
  );
  return when(col('is_canonical'), concat(openObject.cast('string'), ending)).otherwise(printed);
}
