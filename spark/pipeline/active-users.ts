/** Query `active_users`: about how many different users were active in five minutes, every minute. */
import { approx_count_distinct, col, type DataFrame, window } from '../connect/index.js';
import type { UpsertSink } from '../sinks/sink.js';

/** Relative standard deviation of the HyperLogLog++ estimate. */
const RELATIVE_DEVIATION = 0.02;

export const ACTIVE_USERS_SINK: UpsertSink = {
  kind: 'upsert',
  table: 'active_users',
  key: ['window_start'],
  columns: ['window_start', 'window_end', 'active_user_count'],
};

export function activeUsers(activity: DataFrame): DataFrame {
  return activity
    .groupBy(window(col('event_time'), '5 minutes', '1 minute'))
    .agg(approx_count_distinct(col('user_id'), RELATIVE_DEVIATION).as('active_user_count'))
    .select(
      col('window').getField('start').as('window_start'),
      col('window').getField('end').as('window_end'),
      col('active_user_count'),
    );
}
