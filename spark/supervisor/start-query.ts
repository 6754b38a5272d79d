/** Starts one query of a pipeline: source, plan, checkpoint, trigger and the handler that its sink names. */
import { sparkKafkaAccess } from '../../config/kafka-access.js';
import { checkpointFolder, transactionalId } from '../../config/names.js';
import type { SparkSession, StreamingQuery } from '../connect/index.js';
import { type ForeachBatchFunction, Trigger } from '../connect/index.js';
import type { PipelineQuery } from '../pipeline/index.js';
import type { EventsParams, QueryParams, UpsertParams } from '../sinks/sink.js';
import { batchHandler } from '../worker/index.js';
import type { SupervisorOptions } from './options.js';

/** Fetch sizes that let one request fill a batch: the defaults cost a third of the reading time. */
const KAFKA_FETCH = {
  'kafka.max.partition.fetch.bytes': String(16 * 1024 * 1024),
  'kafka.fetch.max.bytes': String(64 * 1024 * 1024),
  'kafka.max.poll.records': '50000',
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
  const { pipeline, endpoints } = options;
  const records = spark.readStream
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': endpoints.bootstrapServers,
      ...sparkKafkaAccess(),
      subscribe: pipeline.source.topic,
      startingOffsets: 'earliest',
      failOnDataLoss: 'true',
      // Records of an aborted producer transaction never were.
      'kafka.isolation.level': 'read_committed',
      maxOffsetsPerTrigger: String(options.settings.maxOffsetsPerTrigger),
      ...KAFKA_FETCH,
    })
    .load();
  return query
    .plan(records)
    .writeStream.queryName(query.name)
    .outputMode(query.outputMode)
    .trigger(Trigger.processingTime(`${options.settings.triggerIntervalMs} milliseconds`))
    .option('checkpointLocation', checkpointOf(options, query.name))
    .foreachBatch(handlerFor(options, query, epoch))
    .start();
}

function handlerFor(options: SupervisorOptions, query: PipelineQuery, epoch: bigint): ForeachBatchFunction {
  const { pipeline, endpoints, topics } = options;
  const params: QueryParams = {
    pipeline: pipeline.name,
    query: query.name,
    epoch: String(epoch),
    checkpoint: checkpointOf(options, query.name),
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
          lakePath: endpoints.lakePath,
          kafka: {
            bootstrapServers: endpoints.bootstrapServers,
            sourceTopic: pipeline.source.topic,
            enrichedTopic: topics.enriched,
            deadLetterTopic: topics.deadLetter,
            markerTopic: topics.commits,
            transactionalId: transactionalId(pipeline.name, query.name),
          },
        },
      });
  }
}
