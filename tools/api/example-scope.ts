// What the examples of the docstrings take for granted. This file is compiled with every example, and shown at the top of the reference.
import type {
  DataFrame,
  DateDays,
  QueryId,
  SparkSession,
  StreamingQuery,
  TimestampMicros,
} from '../../spark/connect/index.js';
import type { Pipeline } from '../../spark/pipeline/index.js';

/** A session: `await SparkSession.connect('sc://localhost:15002')`. */
export declare const spark: SparkSession;

/** Of the examples of functions, with a column of every kind: name, full_name, amount, count, user_id, is_new, tags, event_time, payload, … */
export declare const df: DataFrame;

/** Typed rows. */
export declare const people: DataFrame<{
  name: string;
  age: number | null;
  city: string | null;
  born: DateDays | null;
}>;

/** Typed rows. `customer` is a name of `people`. */
export declare const orders: DataFrame<{
  order_id: bigint;
  customer: string;
  product: string;
  quantity: number;
  amount: number;
  ordered_at: TimestampMicros;
}>;

/** A stream. */
export declare const clicks: DataFrame<{ user_id: string; page: string; time: TimestampMicros }>;

/** A running query over it, and its id. */
export declare const query: StreamingQuery;
export declare const queryId: QueryId;

/** A pipeline that `definePipeline` made. */
export declare const pipeline: Pipeline;
