// Turns anything caught at the socket into a SparkError. The only place that decides what kind an error is.
import { certificateFault } from './certificate.js';
import { GrpcCode, type GrpcFailure, readGrpcFailure } from './grpc-status.js';
import { isSparkError, SparkArithmeticError, type SparkCause, SparkError, type SparkErrorKind } from './spark-error.js';

/** What the place that caught it knows. */
export interface ErrorContext {
  /** `host:port`, for the sentence when nobody answers. */
  readonly address?: string | undefined;
  readonly operationId?: string | undefined;
  readonly queryName?: string | undefined;
  /** How often it was tried, the first time included, and for how long. */
  readonly attempts?: number | undefined;
  readonly elapsedMs?: number | undefined;
  /** The call had one. A server that sees it pass before we do says that the call is cancelled. */
  readonly hasDeadline?: boolean | undefined;
  /** The chain that FetchErrorDetails gave, thrown exception first; empty or absent if it was not asked or did not know. */
  readonly chain?: readonly SparkCause[] | undefined;
}

/** Java classes, as Spark names them, and the kind they mean. The first match wins, so the more special stand first. */
const KIND_BY_CLASS: readonly (readonly [suffix: string, kind: SparkErrorKind])[] = [
  ['.StreamingQueryException', 'query'],
  ['.ParseException', 'parse'],
  ['.AnalysisException', 'analysis'],
  ['.SparkUnsupportedOperationException', 'unsupported'],
  ['java.lang.UnsupportedOperationException', 'unsupported'],
];

/**
 * Conditions after which nothing of the session exists any more (`SparkConnectSessionManager` of 4.2). OPERATION_NOT_FOUND is not one: a
 * single result can be gone while the session lives.
 */
const SESSION_LOST = /^INVALID_HANDLE\.(SESSION_CHANGED|SESSION_CLOSED|SESSION_NOT_FOUND)$/;

/** What grpc-js (1.14) says of an answer that is none of gRPC: a web server or a proxy stands at the address. */
const OTHER_SERVER = /^Received HTTP status code/;

const CANCELLED = /^(OPERATION_CANCELED|OPERATION_ABORTED)$/;

/**
 * Turns anything into a SparkError; a SparkError comes back as it is. Never throws.
 * @param context what the caller knows beyond what was caught.
 * @example const { kind } = toSparkError(new Error('socket hang up'));
 */
export function toSparkError(caught: unknown, context: ErrorContext = {}): SparkError {
  if (isSparkError(caught)) return caught;
  const { operationId, queryName } = context;
  const failure = readGrpcFailure(caught);
  if (isTooDeep(caught)) {
    return new SparkError(TOO_DEEP, { kind: 'input', operationId, queryName, cause: caught });
  }
  if (failure === undefined) {
    return new SparkError(caught instanceof Error ? caught.message : describe(caught), {
      kind: 'protocol',
      operationId,
      queryName,
      cause: caught,
    });
  }
  const [thrown, ...causes] = context.chain ?? [];
  const condition = thrown?.condition ?? failure.info?.condition ?? conditionInText(failure.text);
  const classes = thrown?.classes ?? failure.info?.classes ?? [];
  const kind = kindOf(failure, condition, classes, context);
  const sqlState = thrown?.sqlState ?? failure.info?.sqlState;
  const ErrorClass = isArithmetic(classes, sqlState) ? SparkArithmeticError : SparkError;
  return new ErrorClass(sentence(kind, thrown?.message ?? failure.text, context), {
    kind,
    condition,
    sqlState,
    messageParameters: thrown?.messageParameters ?? failure.info?.messageParameters,
    queryContexts: thrown?.queryContexts,
    causes,
    classes,
    stackTrace: thrown?.stackTrace,
    operationId,
    queryName,
    grpcCode: failure.code,
    cause: caught,
  });
}

const TOO_DEEP =
  'The plan is nested too deeply to be sent. Join the steps into fewer ones (one filter, one select), or keep what is there so far by checkpoint() or in a table.';

/** Plans are walked by functions that call themselves: by this client's, or by gRPC's when it makes bytes of them. */
function isTooDeep(caught: unknown): boolean {
  const isOfEncoding =
    caught instanceof RangeError ||
    (caught instanceof Error && caught.message.includes('Request message serialization failure'));
  return isOfEncoding && caught.message.includes('Maximum call stack size exceeded');
}

/** All that the server (grpc-java, in Spark 4.2) says of a request that it cannot read; why stands in its log. */
const UNREADABLE = 'Application error processing RPC';

/** Whether the server has said that the session is gone. It knows nothing more of such an error than the status has. */
export function saysSessionLost({ info, text }: GrpcFailure): boolean {
  return SESSION_LOST.test(info?.condition ?? conditionInText(text) ?? '');
}

function kindOf(
  failure: GrpcFailure,
  condition: string | undefined,
  classes: readonly string[],
  { hasDeadline }: ErrorContext,
): SparkErrorKind {
  if (condition !== undefined && SESSION_LOST.test(condition)) return 'sessionLost';
  if (condition !== undefined && CANCELLED.test(condition)) return 'cancelled';
  for (const [suffix, kind] of KIND_BY_CLASS) {
    if (classes.some((name) => name.endsWith(suffix))) return kind;
  }
  switch (failure.code) {
    case GrpcCode.unavailable:
    // Only the first call of a connection has a deadline: nobody there, as far as anyone can tell.
    case GrpcCode.deadlineExceeded:
      return 'connection';
    case GrpcCode.unauthenticated:
    case GrpcCode.permissionDenied:
      return 'authentication';
    case GrpcCode.cancelled:
      return hasDeadline ? 'connection' : 'cancelled';
    case GrpcCode.unimplemented:
      return OTHER_SERVER.test(failure.text) ? 'connection' : 'unsupported';
    default:
      return 'execution';
  }
}

/** "Division by zero" and "numeric value out of range" (ISO/IEC 9075). */
const ARITHMETIC_STATES = new Set(['22012', '22003']);

/** By the Java class, as PySpark decides; by SQLSTATE when the server told no classes. */
function isArithmetic(classes: readonly string[], sqlState: string | undefined): boolean {
  if (classes.length > 0) return classes.includes('java.lang.ArithmeticException');
  return sqlState !== undefined && ARITHMETIC_STATES.has(sqlState);
}

/**
 * Spark writes `[CONDITION] text`, and that is all there is when the server fails before it can attach an ErrorInfo: seen with 4.2 for
 * INVALID_HANDLE.* and INVALID_CURSOR.*. A test holds the texts.
 */
export function conditionInText(text: string): string | undefined {
  return /\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]/.exec(text)?.[1];
}

function sentence(kind: SparkErrorKind, text: string, context: ErrorContext): string {
  const at = context.address === undefined ? 'Spark' : `Spark at ${context.address}`;
  switch (kind) {
    case 'connection': {
      const fault = certificateFault(text);
      if (fault !== undefined)
        return `${at} is not trusted: ${fault}. Give the PEM file of the authority that signed the server's certificate as the option \`caFile\` or as ca_file in the address, and call the server by a name that the certificate is for.`;
      const tried =
        context.attempts === undefined || context.elapsedMs === undefined
          ? ''
          : ` in ${duration(context.elapsedMs)} (${context.attempts} attempt${context.attempts === 1 ? '' : 's'})`;
      return `${at} did not answer${tried}${plainReason(text)}. Check that the Spark Connect server runs and that the address is right.`;
    }
    case 'authentication':
      return `${at} refused the call: ${text}. Give the server's token as the option \`token\` or in SPARK_CONNECT_AUTHENTICATE_TOKEN.`;
    case 'sessionLost':
      return `${text} (${at} was restarted, or the session expired or was released. Connect again.)`;
    default:
      return text === UNREADABLE
        ? `${at} could not read the request (${text}); its log says why. Most often the plan is nested deeper than spark.connect.grpc.marshallerRecursionLimit.`
        : text;
  }
}

/** `String` fails for objects without a prototype. */
function describe(caught: unknown): string {
  try {
    return String(caught);
  } catch {
    return 'something that is not an error was thrown';
  }
}

/**
 * grpc-js 1.14 wraps the socket's own words: `No connection established. Last error: Error: connect ECONNREFUSED …. Resolution note: `; OpenSSL's are
 * `80EC…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/…`.
 */
function plainReason(text: string): string {
  // That the time was over is said already; grpc-js adds what it did meanwhile.
  if (/^(?:Deadline exceeded|Call cancelled)/.test(text)) return '';
  if (text.includes('wrong version number')) return ': the client speaks TLS and the server does not';
  if (text.includes('Failed to connect ('))
    return ': it hung up before it said anything, as a server with TLS does to a client without (use_ssl=true)';
  const reason = text
    .replace(/^No connection established\. Last error: (?:Error: )?/, '')
    .replace(/\s*Resolution note:\s*$/, '')
    .replace(/\.$/, '');
  return `: ${reason}`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
