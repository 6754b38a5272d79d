/** What the generic checks need to know of a pipeline, whoever defined it. A pipeline of `sluice` has this shape. */
import type { DataFrame } from '../../spark/connect/index.js';

export interface VerifiedPipeline {
  readonly name: string;
  readonly source: { readonly topic: string };
  readonly queries: readonly VerifiedQuery[];
}

export interface VerifiedQuery {
  readonly name: string;
  readonly topics?: readonly string[];
  readonly outputMode: 'append' | 'update';
  readonly finalAt?: string;
  readonly plan: (records: DataFrame, ...others: DataFrame[]) => DataFrame;
  readonly sink: TableSink | RecordsSink;
}

export interface TableSink {
  readonly kind: 'upsert';
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

export interface RecordsSink {
  readonly kind: 'events';
  readonly places?: { readonly lakeFolder: string | undefined; readonly deadLetterTopic: string };
}

export function topicsOf(pipeline: VerifiedPipeline, query: VerifiedQuery): readonly string[] {
  return query.topics ?? [pipeline.source.topic];
}
