/** Query `page_view_counts`: page views per page and minute of event time. */
import { col, count, type DataFrame, window } from '../connect/index.js';
import type { UpsertSink } from '../sinks/sink.js';

export const PAGE_VIEW_COUNTS_SINK: UpsertSink = {
  kind: 'upsert',
  table: 'page_view_counts',
  key: ['window_start', 'page_url'],
  columns: ['window_start', 'window_end', 'page_url', 'view_count'],
};

export function pageViewCounts(activity: DataFrame): DataFrame {
  return activity
    .filter(col('event_type').eq('page_view'))
    .groupBy(window(col('event_time'), '1 minute'), col('page_url'))
    .agg(count('*').as('view_count'))
    .select(
      col('window').getField('start').as('window_start'),
      col('window').getField('end').as('window_end'),
      col('page_url'),
      col('view_count'),
    );
}
