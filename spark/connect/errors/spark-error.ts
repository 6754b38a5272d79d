// The one error of the client. What went wrong is told by `kind` (what a caller can do about it) and by Spark's own `condition` and SQLSTATE
// (what exactly it was); nobody needs to read the message to decide.

/**
 * What a caller can do about it.
 * - `input`: refused before the server heard of it; the call is wrong.
 * - `connection`: the server did not answer, after all retries.
 * - `authentication`: the token is missing or wrong, or the user may not do this.
 * - `sessionLost`: the server was restarted, or the session expired or was released; its views, frames and queries' handles are gone. Connect anew.
 * - `parse`, `analysis`: the SQL text or the plan is wrong; the same plan fails again.
 * - `unsupported`: this server does not do that.
 * - `execution`: it failed while running: data, user code, resources.
 * - `query`: a streaming query ended with an error.
 * - `cancelled`: interrupted or aborted, by us or by someone else.
 * - `protocol`: the server answered something that this client does not understand.
 */
export type SparkErrorKind =
  | 'input'
  | 'connection'
  | 'authentication'
  | 'sessionLost'
  | 'parse'
  | 'analysis'
  | 'unsupported'
  | 'execution'
  | 'query'
  | 'cancelled'
  | 'protocol';

/** Where in a SQL text, or in which call on a frame, Spark found the fault. */
export interface QueryContext {
  readonly kind: 'sql' | 'dataframe';
  /** `VIEW`, … and its name, if the fault is inside one; empty for the statement itself. */
  readonly objectType: string;
  readonly objectName: string;
  /** Character positions in the statement, from 0, both inclusive. */
  readonly startIndex: number;
  readonly stopIndex: number;
  readonly fragment: string;
  readonly callSite: string;
  readonly summary: string;
}

/** One exception of the server's chain. */
export interface SparkCause {
  readonly message: string;
  /** The Java class and its parents, most special first. */
  readonly classes: readonly string[];
  readonly condition?: string | undefined;
  readonly sqlState?: string | undefined;
  readonly messageParameters: Readonly<Record<string, string>>;
  readonly queryContexts: readonly QueryContext[];
  /** Frames as `class.method(file:line)`; empty unless `spark.sql.connect.serverStacktrace.enabled`. */
  readonly stackTrace: readonly string[];
}

/** Everything but the message; what is absent is not known. */
export interface SparkErrorFields {
  readonly kind: SparkErrorKind;
  readonly condition?: string | undefined;
  readonly sqlState?: string | undefined;
  readonly messageParameters?: Readonly<Record<string, string>> | undefined;
  readonly queryContexts?: readonly QueryContext[] | undefined;
  readonly causes?: readonly SparkCause[] | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly operationId?: string | undefined;
  readonly queryName?: string | undefined;
  readonly grpcCode?: number | undefined;
  /** What was caught. */
  readonly cause?: unknown;
}

/**
 * What every call of this client rejects with or throws. Decide by `kind` (what can be done about it) or `condition` (what exactly it was), not by
 * the message.
 * @example
 * ```ts
 * try {
 *   await spark.table('no_such').collect();
 * } catch (error) {
 *   if (isSparkError(error) && error.condition === 'TABLE_OR_VIEW_NOT_FOUND') console.log(error.sqlState);
 * }
 * ```
 */
export class SparkError extends Error {
  /** What a caller can do about it. */
  readonly kind: SparkErrorKind;
  /** Spark's error class, such as `TABLE_OR_VIEW_NOT_FOUND` or `INVALID_HANDLE.SESSION_CHANGED`: stable across releases. */
  readonly condition: string | undefined;
  /** Five characters, such as `42P01`: stable across engines. */
  readonly sqlState: string | undefined;
  /** The values that Spark put into the message. */
  readonly messageParameters: Readonly<Record<string, string>>;
  /** Where in the SQL text, or in which call, Spark found the fault; empty where it does not say. */
  readonly queryContexts: readonly QueryContext[];
  /** The server's chain of exceptions below this one, nearest first; at most `CAUSES_MAX` of them. */
  readonly causes: readonly SparkCause[];
  /** The Java class of the server's exception and its parents. */
  readonly classes: readonly string[];
  /** The operation that failed, as the Spark UI and the server's log know it. */
  readonly operationId: string | undefined;
  /** Of a streaming query that has a name. */
  readonly queryName: string | undefined;
  /** The gRPC status code, if the error came as one. */
  readonly grpcCode: number | undefined;

  constructor(message: string, fields: SparkErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'SparkError';
    this.kind = fields.kind;
    this.condition = fields.condition;
    this.sqlState = fields.sqlState;
    this.messageParameters = fields.messageParameters ?? {};
    this.queryContexts = fields.queryContexts ?? [];
    this.causes = fields.causes ?? [];
    this.classes = fields.classes ?? [];
    this.operationId = fields.operationId;
    this.queryName = fields.queryName;
    this.grpcCode = fields.grpcCode;
  }
}

/**
 * Also true for a SparkError of another copy of this package: foreachBatch handlers are bundled with their own.
 * @example const isGone = (error: unknown) => isSparkError(error) && error.kind === 'sessionLost';
 */
export function isSparkError(value: unknown): value is SparkError {
  return value instanceof SparkError || (value instanceof Error && value.name === 'SparkError' && 'kind' in value);
}
