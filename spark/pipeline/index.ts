export type { KafkaRecord, KafkaSource, Pipeline, PipelineQuery } from './pipeline.js';
export { type UserActivityOptions, userActivity } from './user-activity.js';
