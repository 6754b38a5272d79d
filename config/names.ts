/**
 * Every name that two parts must agree on: topics, tables, queries, folders. Pure values and functions, so that it can be bundled into a
 * handler that runs beside Spark. Topic names are defaults; the ones in force are in `Settings.topics`.
 */

export const PIPELINE_NAME = 'user-activity';

/** The streaming queries; also the names of their checkpoint folders and of their rows in the ledger. */
export const QUERIES = {
  events: 'events',
  pageViewCounts: 'page_view_counts',
  activeUsers: 'active_users',
  userSessions: 'user_sessions',
} as const;

export type QueryName = (typeof QUERIES)[keyof typeof QUERIES];

export const TOPICS = {
  /** What producers publish: key user_id, value JSON. */
  activity: 'user_activity',
  /** Every valid event once, with processing_time. */
  enriched: 'enriched_activity',
  /** Every other record once, with its reason. */
  deadLetter: 'user_activity_dead_letter',
  /** Markers: which batch of `events` is in the two topics above. Compacted, one partition. */
  commits: 'sluice_commits',
} as const;

export const TABLES = {
  pageViewCounts: 'page_view_counts',
  activeUsers: 'active_users',
  userSessions: 'user_sessions',
  ledger: 'sluice.ledger',
  fence: 'sluice.fence',
} as const;

/** Logins besides the owner's: the pipeline writes as the one, whoever only looks does so as the other. */
export const DATABASE_ROLES = { writer: 'sluice_writer', reader: 'sluice_reader' } as const;

export type DatabaseRole = keyof typeof DATABASE_ROLES;

/** The folder of a query's checkpoint. `checkpoints` may be a path or a URI (`s3a://…`, `hdfs://…`). */
export function checkpointFolder(checkpoints: string, pipeline: string, query: string): string {
  return `${checkpoints.replace(/\/+$/, '')}/${pipeline}/${query}`;
}

/**
 * The transactional id under which a query writes to Kafka: the same in every run, so that a new run fences the one before.
 * It does not hold the epoch; the ledger's fence does that job for Postgres.
 */
export function transactionalId(pipeline: string, query: string): string {
  return `sluice-${pipeline}-${query}`;
}

/** The transactional id of `sluice produce --transactional`: one producer per id at a time, a second one fences the first. */
export const PRODUCER_TRANSACTIONAL_ID = 'sluice-producer';

/** What lies in a lake beside data; the first letters hide all of it from readers of Parquet. */
export const LAKE_FILES = {
  /** In the lake's root: what is being written and is not published yet. */
  staging: '.spark-staging-sluice',
  /** In a batch's folder: the id of the checkpoint that has published it. */
  publisher: '_sluice_query_id',
  /** In a batch's folder: which batches' rows were merged into it. */
  compacted: '_sluice_compacted',
  /** In a day's folder: the compaction that has rewritten it last. */
  compaction: '_sluice_compaction',
} as const;

/** Files and folders inside the state directory (SLUICE_STATE). */
export const STATE_LAYOUT = {
  stackFile: 'stack.json',
  logs: 'logs',
  /** In `logs`: what handlers print, as lines of JSON. */
  handlerLog: 'worker.jsonl',
  checkpoints: 'checkpoints',
  kafka: 'kafka',
  postgres: 'postgres',
  spark: 'spark',
  sparkCluster: 'spark-cluster',
} as const;
