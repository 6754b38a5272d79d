/** Starts one query of a pipeline: source, plan, checkpoint, trigger and the handler that its sink names. */
import { sparkKafkaAccess } from '../../config/kafka-access.js';
import { checkpointFolder, transactionalId } from '../../config/names.js';
import type { DataFrame, SparkSession, StreamingQuery } from '../connect/index.js';
import { type ForeachBatchFunction, Trigger } from '../connect/index.js';
import { type PipelineQuery, topicsOf } from '../pipeline/index.js';
import { lakePathOf } from '../sinks/lake.js';
import type { EventsParams, EventsSink, QueryParams, UpsertParams } from '../sinks/sink.js';
import { batchHandler } from '../worker/index.js';
import type { SupervisorOptions } from './options.js';

/**
 * Fetch sizes between the defaults, which cost a third of the reading time, and what a heap can bear: each partition of each query has a consumer
 * that holds up to two fetches and one poll, also for the minutes in which it waits to be used again.
 */
export const KAFKA_FETCH = {
  'kafka.max.partition.fetch.bytes': String(4 * 1024 * 1024),
  'kafka.fetch.max.bytes': String(64 * 1024 * 1024),
  'kafka.max.poll.records': '10000',
  'kafka.receive.buffer.bytes': String(1024 * 1024),
} as const;

/** Where a query keeps its offsets and state. */
export function checkpointOf(
  { endpoints, pipeline }: Pick<SupervisorOptions, 'endpoints' | 'pipeline'>,
  query: string,
): string {
  return checkpointFolder(endpoints.checkpointPath, pipeline.name, query);
}

export async function startQuery(
  spark: SparkSession,
  options: SupervisorOptions,
  query: PipelineQuery,
  epoch: bigint,
): Promise<StreamingQuery> {
  const { pipeline } = options;
  const [first, ...others] = topicsOf(pipeline, query).map((topic) => readTopic(spark, options, topic));
  if (first === undefined) throw new Error(`query ${query.name} reads no topic`);
  return query
    .plan(first, ...others)
    .writeStream.queryName(query.name)
    .outputMode(query.outputMode)
    .trigger(Trigger.processingTime(`${options.settings.triggerIntervalMs} milliseconds`))
    .option('checkpointLocation', checkpointOf(options, query.name))
    .foreachBatch(handlerFor(options, query, epoch))
    .start();
}

function readTopic(spark: SparkSession, { endpoints, settings }: SupervisorOptions, topic: string): DataFrame {
  return spark.readStream
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': endpoints.bootstrapServers,
      ...sparkKafkaAccess(),
      subscribe: topic,
      startingOffsets: 'earliest',
      failOnDataLoss: 'true',
      // Records of an aborted producer transaction never were.
      'kafka.isolation.level': 'read_committed',
      maxOffsetsPerTrigger: String(settings.maxOffsetsPerTrigger),
      ...KAFKA_FETCH,
    })
    .load();
}

function handlerFor(options: SupervisorOptions, query: PipelineQuery, epoch: bigint): ForeachBatchFunction {
  const { pipeline, endpoints, topics } = options;
  const params: QueryParams = {
    pipeline: pipeline.name,
    query: query.name,
    epoch: String(epoch),
    checkpoint: checkpointOf(options, query.name),
    poisonRowsMax: options.settings.poisonRowsMax,
  };
  switch (query.sink.kind) {
    case 'upsert':
      return batchHandler<UpsertParams>({
        module: new URL('../sinks/upsert-batch.js', import.meta.url),
        export: 'upsertBatch',
        params: { ...params, sink: query.sink, copyRowsMax: options.settings.copyRowsMax },
      });
    case 'events':
      return batchHandler<EventsParams>({
        module: new URL('../sinks/events-batch.js', import.meta.url),
        export: 'eventsBatch',
        params: {
          ...params,
          sink: query.sink,
          lakePath: lakePathOf(query.sink, endpoints.lakePath),
          delivery: options.settings.enrichedDelivery,
          kafka: {
            bootstrapServers: endpoints.bootstrapServers,
            sourceTopic: topicsOf(pipeline, query)[0] ?? pipeline.source.topic,
            ...outputTopics(query.sink, topics),
            markerTopic: topics.commits,
            transactionalId: transactionalId(pipeline.name, query.name),
          },
        },
      });
  }
}

/** Where the records of an events query go. */
export function outputTopics(
  { places }: EventsSink,
  topics: SupervisorOptions['topics'],
): { readonly enrichedTopic: string | undefined; readonly deadLetterTopic: string } {
  return places === undefined
    ? { enrichedTopic: topics.enriched, deadLetterTopic: topics.deadLetter }
    : { enrichedTopic: undefined, deadLetterTopic: places.deadLetterTopic };
}
