/**
 * A pipeline is a value: where records come from, the queries over them, and what their rows become. Supervisor, sinks and status take it as a
 * parameter; none of them knows a particular one.
 */
import type { DataFrame } from '../connect/index.js';
import type { Sink } from '../sinks/sink.js';

/** A record as Spark's Kafka source delivers it. */
export interface KafkaRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestamp: bigint;
}

/** The topic that a pipeline's records come from. */
export interface KafkaSource {
  readonly kind: 'kafka';
  readonly topic: string;
}

/** One streaming query: a plan over the source's records and a sink for its rows. */
export interface PipelineQuery {
  /** Name in Spark, in the ledger and of the checkpoint folder. */
  readonly name: string;
  readonly description: string;
  /** Which rows of the result a micro-batch delivers: new ones, or (for an upsert) also changed ones. */
  readonly outputMode: 'append' | 'update';
  /** Topics that the query reads, in the order in which `plan` takes their records. Absent: the pipeline's source alone. */
  readonly topics?: readonly string[];
  /** Builds the query's plan. Must be deterministic: a replayed batch has to give the same rows. */
  readonly plan: (records: DataFrame, ...others: DataFrame[]) => DataFrame;
  readonly sink: Sink;
  /** For an upsert whose rows come only once they are final: the column that the watermark must have passed. */
  readonly finalAt?: string;
}

/** A pipeline, as `definePipeline` makes it and supervisor, sinks and status take it. */
export interface Pipeline {
  readonly name: string;
  /** Raised whenever a plan changes so that an existing checkpoint no longer fits; the start checks refuse a checkpoint of another version. */
  readonly version: number;
  readonly source: KafkaSource;
  readonly queries: readonly PipelineQuery[];
  /** What must be there before the pipeline can run, besides what every pipeline has. Absent: nothing. */
  readonly needs?: {
    /** Statements that create what is missing and leave alone what is there. */
    readonly tables: readonly string[];
    readonly topics: readonly string[];
  };
}

/**
 * The topics that a query reads.
 * @example const topics = pipeline.queries.flatMap((each) => topicsOf(pipeline, each));
 */
export function topicsOf(pipeline: Pipeline, query: PipelineQuery): readonly string[] {
  return query.topics ?? [pipeline.source.topic];
}

/**
 * Every topic that a pipeline reads, each once.
 * @example const consumed = sourceTopics(pipeline);
 */
export function sourceTopics(pipeline: Pipeline): readonly string[] {
  return [...new Set([pipeline.source.topic, ...pipeline.queries.flatMap((query) => topicsOf(pipeline, query))])];
}
