// What users import from 'sluice': how a pipeline is defined, and the one that comes with it.
export {
  definePipeline,
  type EventsOf,
  type PipelineDefinition,
  type QueryDefinition,
  type SourceDefinition,
  type Sources,
} from './define.js';
export { explainQuery } from './explain.js';
export { loadDefault, loadPipeline } from './load.js';
export {
  type KafkaRecord,
  type KafkaSource,
  type Pipeline,
  type PipelineQuery,
  sourceTopics,
  topicsOf,
} from './pipeline.js';
export { PipelineError } from './pipeline-error.js';
export type { DeadRecord, Repair } from './repair.js';
export { type TableOptions, type TableTarget, table } from './table.js';
export { type UserActivityOptions, userActivity } from './user-activity.js';
