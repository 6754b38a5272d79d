// What a frame, a writer and a query need of the server, and nothing of how it is reached: they hold a Connection, not a session, so that no
// import leads back up. `grpc-connection.ts` is the one implementation; a test may give another.
import type { RecordBatch } from 'apache-arrow';
import type { ExecutePlanResponseOutput } from '../../../proto/messages.js';
import type { Command } from '../plan/command.js';
import type { Relation } from '../plan/relation.js';
import type { StorageLevel } from '../plan/storage-level.js';
import type { DataType, StructType } from '../types/data-type.js';
import type { OperationId, SessionId } from '../types/ids.js';
import type { ColumnBatch } from '../wire/column.js';

export type { StorageLevel };

/** What is sent to be run: a query, or a command with effects. */
export type RootPlan =
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'command'; readonly command: Command };

/** What may be said to everything that asks the server. */
export interface CallOptions {
  /** Aborting ends the call with a SparkError of kind `cancelled`, the signal's reason as its cause; nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What may be said to everything that runs at the server. */
export interface ExecuteOptions extends CallOptions {
  /**
   * Aborting ends the stream with a SparkError of kind `cancelled`, the signal's reason as its cause, and interrupts the operation at the server.
   *
   * Spark 4.2.0 can lose an interrupt that comes after planning and before the operation's first job: it answers that the operation is cancelled,
   * then submits the job, which runs to its end and which no client can reach any more (seen; the job's page in the Spark UI can kill it).
   */
  readonly signal?: AbortSignal | undefined;
  /** Tags of this operation alone, beside the session's. Not empty, no comma. */
  readonly tags?: readonly string[] | undefined;
  /** A UUID; made freshly if absent. The Spark UI and `interrupt` know the operation by it. */
  readonly operationId?: OperationId | undefined;
  /**
   * What the operation is, for people who look at its jobs in the Spark UI; ASCII, and the shorter the better.
   *
   * Spark has no field for it: it describes a job by the first 128 characters of the request's text (`ExecuteThreadRunner` of 4.2). There the name
   * of the user comes behind the ids of session and user, with room for some 25 characters, so it travels as that; nothing else reads the name.
   */
  readonly description?: string | undefined;
}

/** How this client's own code asks for a result. */
export interface ResultOptions extends ExecuteOptions {
  /** Wants batches as columns to be read, without apache-arrow's objects and the loading of that package. A connection may give those all the same. */
  readonly columns?: boolean | undefined;
}

/** Tasks of a running operation, as of now; the server sends one every few seconds. */
export interface ExecutionProgress {
  readonly stages: readonly StageProgress[];
  readonly inflightTasks: number;
}

export interface StageProgress {
  readonly stageId: number;
  readonly tasks: number;
  readonly completedTasks: number;
  readonly inputBytesRead: number;
  readonly isDone: boolean;
}

/** The SQL metrics of one node of the executed plan. */
export interface PlanMetrics {
  readonly name: string;
  readonly planId: bigint;
  readonly parentId: bigint;
  readonly values: ReadonlyMap<string, { readonly name: string; readonly value: bigint; readonly type: string }>;
}

/**
 * What an execution yields, in the server's order: for a query the schema first, then batches. An Arrow batch that the server split into
 * chunks arrives as one. `response` is everything that is neither rows nor measurement: what commands answer.
 */
export type ExecuteEvent =
  | { readonly kind: 'schema'; readonly schema: StructType }
  | { readonly kind: 'batch'; readonly batch: RecordBatch }
  /** Instead of a batch, for who asked for columns. */
  | { readonly kind: 'columns'; readonly batch: ColumnBatch }
  | { readonly kind: 'progress'; readonly progress: ExecutionProgress }
  | { readonly kind: 'metrics'; readonly metrics: readonly PlanMetrics[] }
  | { readonly kind: 'observed'; readonly name: string; readonly values: ReadonlyMap<string, unknown> }
  | { readonly kind: 'response'; readonly response: ExecutePlanResponseOutput };

export type ExplainMode = 'simple' | 'extended' | 'codegen' | 'cost' | 'formatted';

/** Questions about a plan that run no job. Each kind's answer stands in `AnalyzeResults`. */
export type AnalyzeRequest =
  | { readonly kind: 'schema'; readonly relation: Relation }
  | { readonly kind: 'explain'; readonly relation: Relation; readonly mode: ExplainMode }
  | { readonly kind: 'treeString'; readonly relation: Relation; readonly level?: number | undefined }
  | { readonly kind: 'isLocal'; readonly relation: Relation }
  | { readonly kind: 'isStreaming'; readonly relation: Relation }
  | { readonly kind: 'inputFiles'; readonly relation: Relation }
  | { readonly kind: 'sparkVersion' }
  | { readonly kind: 'ddlParse'; readonly ddl: string }
  | { readonly kind: 'sameSemantics'; readonly relation: Relation; readonly other: Relation }
  | { readonly kind: 'semanticHash'; readonly relation: Relation }
  | { readonly kind: 'persist'; readonly relation: Relation; readonly storageLevel?: StorageLevel | undefined }
  | { readonly kind: 'unpersist'; readonly relation: Relation; readonly blocking?: boolean | undefined }
  | { readonly kind: 'storageLevel'; readonly relation: Relation };

export interface AnalyzeResults {
  readonly schema: StructType;
  readonly explain: string;
  readonly treeString: string;
  readonly isLocal: boolean;
  readonly isStreaming: boolean;
  readonly inputFiles: readonly string[];
  readonly sparkVersion: string;
  readonly ddlParse: DataType;
  readonly sameSemantics: boolean;
  readonly semanticHash: number;
  readonly persist: undefined;
  readonly unpersist: undefined;
  readonly storageLevel: StorageLevel;
}

export type AnalyzeResult = AnalyzeResults[keyof AnalyzeResults];

/** Reads and writes of the session's SQL configuration. */
export type ConfigOperation =
  | { readonly kind: 'get'; readonly keys: readonly string[] }
  | { readonly kind: 'getOption'; readonly keys: readonly string[] }
  | { readonly kind: 'getWithDefault'; readonly defaults: ReadonlyMap<string, string> }
  | { readonly kind: 'getAll'; readonly prefix?: string | undefined }
  | { readonly kind: 'set'; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'unset'; readonly keys: readonly string[] }
  | { readonly kind: 'isModifiable'; readonly keys: readonly string[] };

export interface ConfigResult {
  /** A key without a value has none on the server. */
  readonly values: ReadonlyMap<string, string | undefined>;
  /** What Spark says about deprecated keys. */
  readonly warnings: readonly string[];
}

export type InterruptRequest =
  | { readonly kind: 'all' }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'operation'; readonly operationId: OperationId };

/** One session on one server. Every method rejects with a SparkError. */
export interface Connection {
  readonly sessionId: SessionId;
  readonly userId: string;
  /** Tags that every operation started from now on carries; changed by the session's addTag and removeTag. */
  readonly tags: Set<string>;
  /** Called with Spark's event, as JSON, of each query that is started from here while somebody listens to the session's events. */
  readonly queryStarted: Set<(eventJson: string) => void>;
  /**
   * Runs a plan when iteration starts, and yields what it answers. A broken connection is taken up again where it broke: nothing is lost or
   * repeated. Leaving the loop early interrupts the operation and frees its results.
   */
  execute(plan: RootPlan, options?: ResultOptions): AsyncIterable<ExecuteEvent>;
  /** Answers a question about a plan, without a job. */
  analyze<Request extends AnalyzeRequest>(
    request: Request,
    options?: CallOptions,
  ): Promise<AnalyzeResults[Request['kind']]>;
  /** Reads or changes the session's configuration. */
  config(operation: ConfigOperation, options?: CallOptions): Promise<ConfigResult>;
  /** Answers the ids of the operations that were interrupted. */
  interrupt(request: InterruptRequest, options?: CallOptions): Promise<readonly OperationId[]>;
  /** Ends the session on the server: its views, configuration, cached frames and running operations are gone, the id cannot be used again. */
  releaseSession(options?: CallOptions): Promise<void>;
  /**
   * Closes the sockets. The session and its streaming queries go on at the server; what is under way from here ends, with an error of kind `cancelled`.
   * Idempotent.
   */
  close(): void;
}
