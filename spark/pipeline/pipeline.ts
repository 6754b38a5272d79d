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
  /** Builds the query's plan. Must be deterministic: a replayed batch has to give the same rows. */
  readonly plan: (records: DataFrame) => DataFrame;
  readonly sink: Sink;
}

export interface Pipeline {
  readonly name: string;
  /** Raised whenever a plan changes so that an existing checkpoint no longer fits; the start checks refuse a checkpoint of another version. */
  readonly version: number;
  readonly source: KafkaSource;
  readonly queries: readonly PipelineQuery[];
}
