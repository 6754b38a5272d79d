/**
 * Query `user_sessions`: Spark's session window gathers a user's events until none came for the timeout; a fold over them then cuts the run
 * where the user says so, before a session_start and after a session_end. Rows appear once the watermark has passed the whole run.
 */
import {
  aggregate,
  array,
  array_sort,
  type Column,
  col,
  collect_list,
  concat,
  type DataFrame,
  greatest,
  inline,
  lit,
  named_struct,
  session_window,
  unix_micros,
  when,
} from '../connect/index.js';
import type { UpsertSink } from '../sinks/sink.js';

export const USER_SESSIONS_SINK: UpsertSink = {
  kind: 'upsert',
  table: 'user_sessions',
  key: ['user_id', 'session_start'],
  columns: ['user_id', 'session_start', 'session_end', 'duration_seconds', 'event_count', 'page_views', 'end_reason'],
};

/** What an event means to a session. Numbers, so that the state stays small; a start sorts first among events of the same instant. */
const KIND = { start: 0, pageView: 1, other: 2, end: 3 } as const;

const CLOSED_SESSION =
  'struct<session_start: timestamp, session_end: timestamp, event_count: bigint, page_views: bigint, end_reason: string>';
const OPEN_SESSION =
  'struct<session_start: timestamp, session_end: timestamp, event_count: bigint, page_views: bigint, has_ended: boolean>';

export function userSessions(activity: DataFrame, sessionTimeoutMs: number): DataFrame {
  const runs = activity
    .select(col('user_id'), col('event_time'), kindOf(col('event_type')).as('kind'))
    .groupBy(col('user_id'), session_window(col('event_time'), `${sessionTimeoutMs} milliseconds`))
    .agg(collect_list(named_struct({ time: col('event_time'), kind: col('kind') })).as('events'));
  return runs.select(col('user_id'), inline(cut(array_sort(col('events'))))).select(
    col('user_id'),
    col('session_start'),
    col('session_end'),
    unix_micros(col('session_end'))
      .minus(unix_micros(col('session_start')))
      .cast('decimal(24,0)')
      .divide(lit(1_000_000).cast('decimal(7,0)'))
      .cast('decimal(18,6)')
      .as('duration_seconds'),
    col('event_count'),
    col('page_views'),
    col('end_reason'),
  );
}

function kindOf(eventType: Column): Column {
  return when(eventType.eq('session_start'), lit(KIND.start))
    .when(eventType.eq('page_view'), lit(KIND.pageView))
    .when(eventType.eq('session_end'), lit(KIND.end))
    .otherwise(lit(KIND.other));
}

/**
 * Folds a run's events, sorted by time and kind, into its sessions. Events of one instant belong together: the open session is closed only
 * when a later instant comes, so neither the order of arrival nor several starts at once make a difference.
 */
function cut(events: Column): Column {
  const none = lit(null);
  const start = named_struct({ closed: array().cast(`array<${CLOSED_SESSION}>`), open: none.cast(OPEN_SESSION) });
  const step = (state: Column, event: Column): Column => {
    const open = state.getField('open');
    const isLater = event.getField('time').gt(open.getField('session_end'));
    const isCut = isLater.and(open.getField('has_ended').or(event.getField('kind').eq(KIND.start)));
    return when(
      open.isNull().or(isCut),
      named_struct({
        closed: when(open.isNull(), state.getField('closed')).otherwise(
          concat(state.getField('closed'), array(closeSession(open, 'session_start'))),
        ),
        open: openSession(event),
      }),
    ).otherwise(named_struct({ closed: state.getField('closed'), open: extend(open, event) }));
  };
  const finish = (state: Column): Column =>
    concat(state.getField('closed'), array(closeSession(state.getField('open'), 'timeout')));
  return aggregate(events, start, step, finish);
}

function openSession(event: Column): Column {
  return named_struct({
    session_start: event.getField('time'),
    session_end: event.getField('time'),
    event_count: lit(1n),
    page_views: oneIf(event, KIND.pageView),
    has_ended: event.getField('kind').eq(KIND.end),
  }).cast(OPEN_SESSION);
}

function extend(open: Column, event: Column): Column {
  return named_struct({
    session_start: open.getField('session_start'),
    session_end: greatest(open.getField('session_end'), event.getField('time')),
    event_count: open.getField('event_count').plus(lit(1n)),
    page_views: open.getField('page_views').plus(oneIf(event, KIND.pageView)),
    has_ended: open.getField('has_ended').or(event.getField('kind').eq(KIND.end)),
  }).cast(OPEN_SESSION);
}

/** A session that its user ended says so; `otherwise` names what else closed it. */
function closeSession(open: Column, otherwise: 'session_start' | 'timeout'): Column {
  return named_struct({
    session_start: open.getField('session_start'),
    session_end: open.getField('session_end'),
    event_count: open.getField('event_count'),
    page_views: open.getField('page_views'),
    end_reason: when(open.getField('has_ended'), lit('session_end')).otherwise(lit(otherwise)),
  }).cast(CLOSED_SESSION);
}

function oneIf(event: Column, kind: number): Column {
  return when(event.getField('kind').eq(kind), lit(1n)).otherwise(lit(0n));
}
