/**
 * What a query's rows become, as plain values: a pipeline names its sinks with these, the supervisor sends them to the worker beside the Spark
 * driver, and the handlers there act on them. Nothing here is secret: credentials are read from the driver's environment.
 */

/** A Postgres table that takes one row per key: a later micro-batch replaces what an earlier one wrote. */
export interface UpsertSink {
  readonly kind: 'upsert';
  readonly table: string;
  /** Columns of the primary key, in its order; rows are written in this order too, so that two writers cannot deadlock. */
  readonly key: readonly string[];
  /** Columns that the query's frame delivers, keys included. The bookkeeping columns (batch_id, updated_at) are added by the sink. */
  readonly columns: readonly string[];
}

/** Every record of the topic: valid ones to the lake and the enriched topic, the others to the dead letters. */
export interface EventsSink {
  readonly kind: 'events';
  /** Columns of the Parquet files, in their order. The directories add `event_date` and `batch_id`. */
  readonly lakeColumns: readonly string[];
  /** Column that names the day of a row (a date), the lake's first partition. */
  readonly dateColumn: string;
  /**
   * Name of the time at which the micro-batch was planned: the one of `lakeColumns` that the frame does not deliver, and the last field of an
   * enriched value. The sink takes it from the offset log, so that a replay has the same. In the plan, `current_timestamp()` would do as well, but
   * stands in the code that Spark makes of it, which is then another one for each batch.
   */
  readonly processingTime?: string;
  /**
   * Where what comes from this source goes, when a pipeline settles that itself. Absent: the lake's root and the topics of the settings.
   * A source without a topic for its valid records has them in the lake and in its queries only.
   */
  readonly places?: {
    /** Below the lake's root; batches are numbered per query, so two queries never share a folder. Undefined: no lake. */
    readonly lakeFolder: string | undefined;
    readonly deadLetterTopic: string;
  };
}

export type Sink = UpsertSink | EventsSink;

/**
 * Columns that the frame of an events query must deliver besides the lake's: `reason` tells a dead record (null: valid), `enriched_key` and
 * `enriched_value` what a valid one becomes in Kafka (JSON, to which the sink may add `processingTime`), `dead_key` and `dead_value` the original bytes of a dead one.
 */
export const EVENT_COLUMNS = {
  reason: 'reason',
  enrichedKey: 'enriched_key',
  enrichedValue: 'enriched_value',
  deadKey: 'dead_key',
  deadValue: 'dead_value',
  partition: 'kafka_partition',
  offset: 'kafka_offset',
} as const;

/** What every handler needs to know of its query; travels to the worker with the handler. */
export interface QueryParams {
  readonly pipeline: string;
  readonly query: string;
  /** The supervisor's turn (`sluice.fence`), in decimal: a batch of an older turn is refused. */
  readonly epoch: string;
  /** The query's checkpoint, as Spark was given it. */
  readonly checkpoint: string;
  /** How many rows of a batch a sink may refuse and see set aside (`sluice.refused_rows`) before the batch fails. */
  readonly poisonRowsMax: number;
}

export interface UpsertParams extends QueryParams {
  readonly sink: UpsertSink;
  /** Up to so many rows come through the worker (Arrow, COPY); more are written by Spark's executors into a staging table. */
  readonly copyRowsMax: number;
}

export interface EventsParams extends QueryParams {
  readonly sink: EventsSink;
  /** Undefined: the valid records are not kept. */
  readonly lakePath: string | undefined;
  /** How records reach the two topics: in a transaction with a marker, or by Spark's own sink, which may repeat them after a failure. */
  readonly delivery: 'exactly-once' | 'at-least-once';
  readonly kafka: {
    /** The brokers as the driver reaches them; the driver's own KAFKA_BOOTSTRAP_SERVERS comes first where it is set. */
    readonly bootstrapServers: string;
    readonly sourceTopic: string;
    /** Undefined: only dead letters are written. */
    readonly enrichedTopic: string | undefined;
    readonly deadLetterTopic: string;
    /** Compacted topic of one partition that holds, per query, the last micro-batch written to Kafka. */
    readonly markerTopic: string;
    readonly transactionalId: string;
  };
}
