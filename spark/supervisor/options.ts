/** What a supervisor is told: which pipeline, where its services are, how fast it may go, and what to call when something happens. */
import type { Endpoints } from '../../config/endpoints.js';
import type { PipelineSettings, TopicSettings } from '../../config/settings.js';
import type { Pipeline } from '../pipeline/index.js';
import type { HandlerOutput } from './handler-log.js';
import type { QueryRequests } from './query-requests.js';

export interface SupervisorOptions {
  readonly pipeline: Pipeline;
  readonly endpoints: Endpoints;
  readonly topics: TopicSettings;
  readonly settings: Pick<
    PipelineSettings,
    'triggerIntervalMs' | 'maxOffsetsPerTrigger' | 'copyRowsMax' | 'poisonRowsMax' | 'enrichedDelivery'
  >;
  /** Ends the supervision: current batches finish, queries stop. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: SupervisorEvent) => void;
  /** What people ask of single queries while it runs; looked at about once a second. */
  readonly requests?: QueryRequests;
  /** The file that SLUICE_WORKER_LOG names in the driver's environment, if it can be read here: what handlers print then comes as events. */
  readonly handlerLog?: string;
  /**
   * Called when Spark does not answer or has lost the session: brings the server back if that is the caller's to do, and says where it is now.
   * Without it the supervisor waits for the same address to answer again.
   */
  readonly recoverSpark?: () => Promise<Pick<Endpoints, 'sparkRemote' | 'sparkToken'>>;
}

/** What happens while a pipeline runs, for logs and for people. */
export type SupervisorEvent =
  | { readonly kind: 'took-over'; readonly epoch: bigint; readonly sessionId: string; readonly sparkVersion: string }
  | { readonly kind: 'query-started'; readonly query: string; readonly queryId: string; readonly runId: string }
  | {
      readonly kind: 'query-failed';
      readonly query: string;
      readonly error: Error;
      readonly restartInMs: number;
      /** What is to blame besides the query: a service that does not answer, a full disk. Such failures never end the run. */
      readonly outage?: string;
    }
  /** Because somebody asked for it. */
  | { readonly kind: 'query-stopped'; readonly query: string }
  | { readonly kind: 'spark-lost'; readonly error: Error; readonly retryInMs: number }
  | { readonly kind: 'progress'; readonly queries: readonly QueryState[] }
  | { readonly kind: 'handler-output'; readonly output: HandlerOutput }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped' };

/** One query as last seen. */
export interface QueryState {
  readonly query: string;
  readonly phase: 'starting' | 'running' | 'waiting-to-restart' | 'stopping' | 'stopped';
  readonly queryId?: string;
  readonly runId?: string;
  readonly batchId?: string;
  readonly message?: string;
  /** Whether a micro-batch is under way, and whether the source has more. */
  readonly isBusy: boolean;
  readonly inputRowsPerSecond: number;
  readonly processedRowsPerSecond: number;
  readonly rowsRead: number;
  readonly batchDurationMs: number;
  /** Where the batch's time went, in milliseconds, by Spark's names: addBatch, queryPlanning, walCommit, … */
  readonly durationsMs: Readonly<Record<string, number>>;
  /** ISO 8601; undefined while the query has none. */
  readonly watermark?: string;
  /** Kafka records that are there and not yet read. */
  readonly lag: number;
  readonly stateRows: number;
  readonly stateBytes: number;
  /** State rows (not events) that came too late since this run began. */
  readonly droppedByWatermark: number;
  readonly restarts: number;
  readonly lastError?: string;
}

/** How a supervision ended. */
export type SupervisorOutcome =
  | { readonly kind: 'stopped' }
  /** Another supervisor has taken the pipeline over. */
  | { readonly kind: 'fenced'; readonly error: Error }
  /** A query (or, where none is named, Spark itself) failed again and again without getting anywhere. */
  | {
      readonly kind: 'crash-loop';
      readonly query: string | undefined;
      readonly error: Error;
      /** The command that resolves it, where there is one. */
      readonly remedy?: string;
    };
