// What users of the client import: `import { SparkSession, col } from 'sluice/connect'`. Named exports only; nothing else of this folder is public.
export type { ArtifactOptions } from './artifact-names.js';
export {
  Catalog,
  type CatalogColumn,
  type CatalogDatabase,
  type CatalogFunction,
  type CatalogMetadata,
  type CatalogTable,
  type CreateTableOptions,
} from './catalog.js';
export { RuntimeConf } from './conf.js';
export * from './errors/index.js';
export { type ActionOptions, MEMORY_AND_DISK, type ShowOptions } from './frame/actions.js';
export { Column } from './frame/column.js';
export type { AsOfOptions, LateralHow, NearestByOptions } from './frame/combinations.js';
export { broadcast, DataFrame, type Groups } from './frame/dataframe.js';
export * from './frame/functions/index.js';
export { GroupedData } from './frame/grouped.js';
export type { Constant } from './frame/operand.js';
export type { JoinHow } from './frame/row.js';
export {
  type FunctionArgument,
  type PartitionFunction,
  type UserFunction,
  userFunction,
} from './frame/user-function.js';
export { Window, WindowSpec } from './frame/window.js';
export type { InlineFunction } from './plan/inline-function.js';
export { type PlanStep, planTree } from './plan/tree.js';
export type { StreamingQueryEvent, StreamingQueryListener } from './query-events.js';
export { DataFrameReader } from './read/batch-reader.js';
export { DataStreamReader, type KafkaRow } from './read/stream-reader.js';
export { TableFunctions } from './read/table-functions.js';
export type { CallOptions, Connection, ExecuteOptions, ExecutionProgress, StorageLevel } from './rpc/connection.js';
export { UNCONNECTED } from './rpc/unconnected.js';
export { type ConnectOptions, SparkSession, type SqlParameters } from './session.js';
export { StreamingQueries } from './streams.js';
export * from './types/ids.js';
export type {
  CalendarInterval,
  DataType,
  DurationLike,
  InstantLike,
  LocalRow,
  LocalValue,
  PlainDateLike,
  PlainDateTimeLike,
  PlainTimeLike,
  RowOf,
  StructField,
  StructType,
  TemporalLike,
  Typed,
} from './types/index.js';
export {
  arrayType,
  binary,
  boolean,
  byte,
  calendar_interval,
  type DateDays,
  Decimal,
  date,
  dateDays,
  day_time_interval,
  decimal,
  double,
  float,
  integer,
  long,
  mapType,
  notNull,
  schemaDdl,
  schemaJson,
  short,
  string,
  structType,
  type TimestampMicros,
  time,
  timestamp,
  timestamp_ntz,
  timestampMicros,
  timestampToDate,
  timestampToString,
  typeDdl,
  varchar,
  variant,
  void_,
  year_month_interval,
} from './types/index.js';
export { DataFrameWriter, type SaveModeName } from './write/batch-writer.js';
export type { ForeachBatchFunction } from './write/foreach-batch.js';
export { MergeWriter } from './write/merge-writer.js';
export type {
  EventTimeProgress,
  Json,
  SinkProgress,
  SourceProgress,
  StateOperatorProgress,
  StreamingQueryProgress,
} from './write/progress.js';
export { StreamingQuery, type StreamingQueryIdentity, type StreamingQueryStatus } from './write/query.js';
export { DataStreamWriter, type OutputMode } from './write/stream-writer.js';
export { TableWriter } from './write/table-writer.js';
export { Trigger } from './write/trigger.js';
