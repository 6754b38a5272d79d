/**
 * The oracle: reads the activity topic, recomputes what every sink must hold by code of its own, compares row by row and reports. Imports
 * nothing of the pipeline or its sinks; of Spark only the client, for one check.
 */
export { DEAD_REASONS, type DeadReason } from './activity.js';
export type { Check, CheckStatus, Difference, DifferenceKind } from './compare.js';
export { FetchClient, type PartitionBounds } from './kafka/fetch-client.js';
export type { TopicRecord } from './kafka/record-batch.js';
export type { LateRow, LateRowOfQuery } from './late-row.js';
export {
  type PipelineReport,
  type VerifiedPipeline,
  type VerifyPipelineOptions,
  verifyPipeline,
  watchPipeline,
} from './pipeline/index.js';
export { readTopic } from './read-topic.js';
export { type RenderOptions, renderChecks, renderReport } from './render.js';
export type { QuerySummary, TopicSummary, VerifyReport } from './report.js';
export type { RoundOptions, RoundOutcome, WatchRound } from './rounds.js';
export { DEFAULT_SETTINGS, type VerifySettings } from './settings.js';
export { type VerifyOptions, type VerifyProgress, verify } from './verify.js';
export { VerifyError, type VerifyErrorKind } from './verify-error.js';
export { type WatchOptions, watch } from './watch.js';
