/**
 * The yardstick of the catch-up: Spark alone with the same topic, windows and sessions. `from_json` stands for the judging, the results of the
 * windowed queries go nowhere, events go to Parquet as Spark writes it; no Postgres, no enriched topic, no dead letters, no handler.
 */
import { join } from 'node:path';
import type { Endpoints } from '../config/endpoints.js';
import type { Settings } from '../config/settings.js';
import { col, type DataFrame, from_json, SparkSession, Trigger } from '../spark/connect/index.js';
import { activeUsers } from '../spark/pipeline/active-users.js';
import { ACTIVITY } from '../spark/pipeline/activity-schema.js';
import { userActivity } from '../spark/pipeline/index.js';
import { pageViewCounts } from '../spark/pipeline/page-view-counts.js';
import { userSessions } from '../spark/pipeline/user-sessions.js';
import { KAFKA_FETCH } from '../spark/supervisor/start-query.js';
import { type Cost, costSince, cpuSeconds } from './cpu-split.js';
import type { FilledTopic } from './filled-topic.js';

/** Answers seconds and CPU-seconds from the order to start until the last of the four queries has read the topic. */
export async function measureSparkAlone({ settings, endpoints, folder }: FilledTopic): Promise<Cost> {
  const { sparkRemote, sparkToken } = endpoints;
  const spark = await SparkSession.connect(sparkRemote, sparkToken === undefined ? {} : { token: sparkToken });
  const { queries } = userActivity({ topic: settings.topics.activity, ...settings.pipeline });
  const begin = Date.now();
  const before = cpuSeconds(settings.stack.stateDir);
  const started = await Promise.all(
    queries.map(({ name, outputMode }) =>
      planOf(name, parsed(spark, settings, endpoints), settings)
        .writeStream.format(name === 'events' ? 'parquet' : 'noop')
        .queryName(name)
        .outputMode(outputMode)
        .option('path', join(folder, 'alone', 'lake'))
        .option('checkpointLocation', join(folder, 'alone', 'checkpoints', name))
        .trigger(Trigger.availableNow())
        .start(),
    ),
  );
  await Promise.all(started.map((query) => query.awaitTermination()));
  const cost = costSince(begin, before, settings.stack.stateDir);
  await spark.release();
  return cost;
}

function parsed(spark: SparkSession, { topics, pipeline }: Settings, { bootstrapServers }: Endpoints): DataFrame {
  return spark.readStream
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': bootstrapServers,
      subscribe: topics.activity,
      startingOffsets: 'earliest',
      maxOffsetsPerTrigger: String(pipeline.maxOffsetsPerTrigger),
      ...KAFKA_FETCH,
    })
    .load()
    .select(from_json(col('value').cast('string'), ACTIVITY).as('event'))
    .select('event.*')
    .filter(col('event_time').isNotNull());
}

function planOf(query: string, activity: DataFrame, { pipeline }: Settings): DataFrame {
  const marked = () => activity.withWatermark('event_time', `${pipeline.watermarkDelayMs} milliseconds`);
  switch (query) {
    case 'events':
      return activity;
    case 'page_view_counts':
      return pageViewCounts(marked());
    case 'active_users':
      return activeUsers(marked());
    case 'user_sessions':
      return userSessions(marked(), pipeline.sessionTimeoutMs);
    default:
      throw new Error(`no plan of Spark alone for ${query}`);
  }
}
