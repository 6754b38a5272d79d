/** The query that every source of a pipeline has: each record judged once, dead ones to the dead letters, valid ones to the lake. */
import { col, lit, to_date, when } from '../connect/index.js';
import { EVENT_COLUMNS, type EventsSink } from '../sinks/sink.js';
import { judgeRecords } from './judge.js';
import type { PipelineQuery } from './pipeline.js';
import type { SourceRules } from './source-rules.js';

export function deadLetterTopicOf(topic: string): string {
  return `${topic}_dead_letter`;
}

export function recordsQuery(pipeline: string, source: string, rules: SourceRules, hasLake: boolean): PipelineQuery {
  const fields = rules.schema.fields.map(({ name }) => name);
  const sink: EventsSink = {
    kind: 'events',
    lakeColumns: [...fields, EVENT_COLUMNS.partition, EVENT_COLUMNS.offset, 'kafka_timestamp'],
    dateColumn: 'event_date',
    places: {
      lakeFolder: hasLake ? `${pipeline}/${source}` : undefined,
      deadLetterTopic: deadLetterTopicOf(rules.topic),
    },
  };
  return {
    name: `${source}_records`,
    description: `every record of ${rules.topic}: ${hasLake ? 'valid ones to the lake, ' : ''}others to the dead letters`,
    outputMode: 'append',
    topics: [rules.topic],
    plan: (records) => {
      const isDead = col('reason').isNotNull();
      const none = lit(null).cast('binary');
      return judgeRecords(records, rules).select(
        ...sink.lakeColumns.map((name) => col(name)),
        to_date(col(rules.eventTime)).as(sink.dateColumn),
        col('reason').as(EVENT_COLUMNS.reason),
        none.as(EVENT_COLUMNS.enrichedKey),
        none.as(EVENT_COLUMNS.enrichedValue),
        when(isDead, col('key')).as(EVENT_COLUMNS.deadKey),
        when(isDead, col('value')).as(EVENT_COLUMNS.deadValue),
      );
    },
    sink,
  };
}
