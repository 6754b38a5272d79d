/** The world that a supervision acts on. Tests give it one of their own: a clock that does not wait, queries that fail on order. */
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type Endpoints, writerUrlOf } from '../../config/endpoints.js';
import { SparkSession, type StreamingQuery } from '../connect/index.js';
import type { PipelineQuery } from '../pipeline/index.js';
import { raiseEpoch } from '../sinks/fence.js';
import { withClient } from '../sinks/postgres.js';
import { type BatchRecord, writeBatchRecords } from './batch-record.js';
import type { SupervisorOptions } from './options.js';
import { findOutage } from './outage.js';
import { assertShared } from './shared-folder.js';
import { assertCanStart } from './start-checks/index.js';
import { assertMarkers } from './start-checks/markers.js';
import { startQuery } from './start-query.js';

export type SparkAddress = Pick<Endpoints, 'sparkRemote' | 'sparkToken'>;

/** A session, as far as the supervision itself uses it. */
export type Session = Pick<SparkSession, 'sessionId' | 'version' | 'close'>;

export interface Runtime<S extends Session = Session> {
  /** @throws StartError */
  assertCanStart(options: SupervisorOptions): Promise<void>;
  /** @throws SparkError at once when nobody answers. */
  connect(address: SparkAddress): Promise<S>;
  /** What of the start checks needs Spark. @throws StartError */
  assertCanStartOn(session: S, options: SupervisorOptions): Promise<void>;
  /** Raises the pipeline's epoch and returns it. */
  takeOver(options: SupervisorOptions): Promise<bigint>;
  startQuery(session: S, options: SupervisorOptions, query: PipelineQuery, epoch: bigint): Promise<StreamingQuery>;
  /** The services that do not answer; undefined when all do. */
  findOutage(endpoints: Endpoints): Promise<string | undefined>;
  writeBatches(options: SupervisorOptions, records: readonly BatchRecord[]): Promise<void>;
  /** Milliseconds, of any epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** On a busy machine a server that has just been started takes its time for the first call. */
const CONNECT_MS_MAX = 30_000;
/** How long a call to Spark may go unanswered before the server counts as lost: the client's own patience (minutes) is for users without a supervisor. */
const SPARK_SILENCE_MS_MAX = 3_000;

export const REAL_RUNTIME: Runtime<SparkSession> = {
  assertCanStart,
  connect: ({ sparkRemote, sparkToken }) =>
    SparkSession.connect(sparkRemote, {
      userAgent: 'sluice-supervisor',
      connectTimeoutMs: CONNECT_MS_MAX,
      retry: { elapsedMsMax: SPARK_SILENCE_MS_MAX },
      ...(sparkToken === undefined ? {} : { token: sparkToken }),
    }),
  async assertCanStartOn(session, options) {
    const { checkpointPath, lakePath } = options.endpoints;
    await assertShared(session, { CHECKPOINT_PATH: checkpointPath, LAKE_PATH: lakePath });
    await assertMarkers(session, options);
  },
  takeOver: ({ pipeline, endpoints }) =>
    withClient(
      (client) => raiseEpoch(client, pipeline.name, `${hostname()} pid ${process.pid}`),
      writerUrlOf(endpoints),
    ),
  startQuery,
  findOutage,
  writeBatches: ({ pipeline, endpoints }, records) => writeBatchRecords(writerUrlOf(endpoints), pipeline.name, records),
  now: () => Date.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, { signal }).catch(() => {
      // Aborted: whoever waits looks at the signal.
    }),
};
