/** The user-activity pipeline: one topic, four queries. */
import { ACTIVE_USERS_SINK, activeUsers } from './active-users.js';
import { EVENTS_SINK, events } from './events.js';
import { PAGE_VIEW_COUNTS_SINK, pageViewCounts } from './page-view-counts.js';
import type { Pipeline } from './pipeline.js';
import { validActivity } from './source.js';
import { USER_SESSIONS_SINK, userSessions } from './user-sessions.js';

/** The limits of the user-activity pipeline, which come from the settings. */
export interface UserActivityOptions {
  readonly topic: string;
  /** How far behind the latest event time an event may come and still count. */
  readonly watermarkDelayMs: number;
  /** A user without events for longer than this has left. */
  readonly sessionTimeoutMs: number;
  /** How far ahead of its Kafka timestamp an event may claim to be. */
  readonly futureToleranceMs: number;
}

/**
 * The pipeline that comes with sluice: one topic of user activity, four queries (events, page views, active users, sessions).
 * @example
 * ```ts
 * const activity = userActivity({
 *   topic: 'user_activity', watermarkDelayMs: 120_000, sessionTimeoutMs: 1_800_000, futureToleranceMs: 300_000,
 * });
 * ```
 */
export function userActivity(options: UserActivityOptions): Pipeline {
  const { watermarkDelayMs, sessionTimeoutMs, futureToleranceMs } = options;
  return {
    name: 'user-activity',
    version: 1,
    source: { kind: 'kafka', topic: options.topic },
    queries: [
      {
        name: 'events',
        description: 'every event to the lake and the enriched topic, bad records to the dead letters',
        outputMode: 'append',
        plan: (records) => events(records, futureToleranceMs),
        sink: EVENTS_SINK,
      },
      {
        name: 'page_view_counts',
        description: 'page views per page and minute',
        outputMode: 'update',
        plan: (records) => pageViewCounts(validActivity(records, futureToleranceMs, watermarkDelayMs)),
        sink: PAGE_VIEW_COUNTS_SINK,
      },
      {
        name: 'active_users',
        description: 'distinct users per five minutes, sliding by one',
        outputMode: 'update',
        plan: (records) => activeUsers(validActivity(records, futureToleranceMs, watermarkDelayMs)),
        sink: ACTIVE_USERS_SINK,
      },
      {
        name: 'user_sessions',
        description: 'sessions of each user, closed by their end or by the timeout',
        outputMode: 'append',
        plan: (records) => userSessions(validActivity(records, futureToleranceMs, watermarkDelayMs), sessionTimeoutMs),
        sink: USER_SESSIONS_SINK,
      },
    ],
  };
}
