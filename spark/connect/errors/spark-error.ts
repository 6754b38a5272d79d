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
  /** Frames as `class.method(file:line)`. */
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
  readonly stackTrace?: readonly string[] | undefined;
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
  /** Private, so that whoever prints the error does not get a hundred lines of Java unasked. */
  readonly #stackTrace: readonly string[];

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
    this.#stackTrace = fields.stackTrace ?? [];
  }

  /** Where in the server it was thrown: frames as `class.method(file:line)`; empty if the server did not send them. */
  get stackTrace(): readonly string[] {
    return this.#stackTrace;
  }

  /**
   * The server's stack trace as Java prints it, that of the causes included; undefined if the server did not send one. It is never part of the message:
   * `spark.sql.connect.serverStacktrace.enabled`, by which PySpark decides that, changes nothing here, and the server sends it either way.
   * @example
   * ```ts
   * await spark.sql('SELECT 1 / 0').collect().catch((error) => console.error(toSparkError(error).getStackTrace()));
   * ```
   */
  getStackTrace(): string | undefined {
    if (this.stackTrace.length === 0) return undefined;
    const thrown = { message: this.message, classes: this.classes, stackTrace: this.stackTrace };
    return [thrown, ...this.causes]
      .map(({ message, classes: [name = 'unknown'], stackTrace }, depth) =>
        [`${depth === 0 ? '' : 'Caused by: '}${name}: ${message}`, ...stackTrace.map((frame) => `\tat ${frame}`)].join(
          '\n',
        ),
      )
      .join('\n');
  }
}

/**
 * A calculation that has no result: a division by zero, a number too large for its type (`DIVIDE_BY_ZERO`, `ARITHMETIC_OVERFLOW`, …). Its kind is
 * `execution`, or `analysis` where Spark calculated before it ran anything. Of a streaming query it comes as the cause of an error of kind `query`.
 * @example
 * ```ts
 * const count = await spark.sql('SELECT 10 / x AS share FROM shares').count().catch((error) => {
 *   if (error instanceof SparkArithmeticError) return 0n;
 *   throw error;
 * });
 * ```
 */
export class SparkArithmeticError extends SparkError {
  constructor(message: string, fields: SparkErrorFields) {
    super(message, fields);
    this.name = 'SparkArithmeticError';
  }
}

/**
 * Also true for a SparkError of another copy of this package: foreachBatch handlers are bundled with their own.
 * @example const isGone = (error: unknown) => isSparkError(error) && error.kind === 'sessionLost';
 */
export function isSparkError(value: unknown): value is SparkError {
  if (value instanceof SparkError) return true;
  return value instanceof Error && /^Spark(?:Arithmetic)?Error$/.test(value.name) && 'kind' in value;
}
