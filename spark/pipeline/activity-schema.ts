/** The explicit schema of `user_activity`, as it travels and as the queries see it. */
import { type RowOf, string, structType, timestamp } from '../connect/index.js';

/** A valid event, parsed. */
export const ACTIVITY = structType({
  event_time: timestamp(),
  user_id: string(),
  page_url: string(),
  event_type: string(),
});

export type Activity = RowOf<typeof ACTIVITY>;

/** An event as its JSON text says it: all strings, so that the original text of the time survives and a wrong one can be told from a missing one. */
export const ACTIVITY_TEXT = structType({
  event_time: string(),
  user_id: string(),
  page_url: string(),
  event_type: string(),
});

/** Limits in bytes of UTF-8: what fits an index key of Postgres, with room. */
export const FIELD_BYTES_MAX = { user_id: 256, page_url: 2048, event_type: 64 } as const;

/** Why a record is no valid event, in the order in which it is asked: the first that applies stands in the dead letter's header `reason`. */
export type DeadReason =
  | 'null_value'
  | 'invalid_utf8'
  | 'not_a_json_object'
  | 'event_time_invalid'
  | 'event_time_too_old'
  | 'event_time_in_future'
  | 'user_id_invalid'
  | 'page_url_invalid'
  | 'event_type_invalid';
