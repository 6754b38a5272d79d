// Reads what a gRPC error carries beside its code: google.rpc.Status in the trailer `grpc-status-details-bin`, with Spark's ErrorInfo
// and perhaps a RetryInfo in it. Only reads; what it means is decided in to-spark-error.ts and rpc/retry.ts.
import { loadProtocol } from '../../../proto/load.js';

/** The codes that this client tells apart, numbered as in google/rpc/code.proto. */
export const GrpcCode = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What Spark's server writes into ErrorInfo (`ErrorUtils.scala` of 4.2). */
export interface ServerErrorInfo {
  /** Names the error for FetchErrorDetails; the server keeps it for a short time, once. */
  readonly errorId: string | undefined;
  readonly condition: string | undefined;
  readonly sqlState: string | undefined;
  readonly classes: readonly string[];
  readonly messageParameters: Readonly<Record<string, string>>;
}

export interface GrpcFailure {
  readonly code: number;
  /** The status' text, which the server shortens to 2048 characters. */
  readonly text: string;
  readonly info: ServerErrorInfo | undefined;
  /** How long the server asks to wait before the next attempt, in milliseconds. */
  readonly retryDelayMs: number | undefined;
}

/** The parts of a gRPC error, or undefined if `caught` is not one. Never throws: details that cannot be read are as good as absent. */
export function readGrpcFailure(caught: unknown): GrpcFailure | undefined {
  if (!(caught instanceof Error) || !('code' in caught) || typeof caught.code !== 'number') return undefined;
  const text = 'details' in caught && typeof caught.details === 'string' ? caught.details : caught.message;
  const details = readDetails('metadata' in caught ? caught.metadata : undefined);
  return { code: caught.code, text, ...details };
}

function readDetails(metadata: unknown): Pick<GrpcFailure, 'info' | 'retryDelayMs'> {
  let info: ServerErrorInfo | undefined;
  let retryDelayMs: number | undefined;
  try {
    const bytes = trailer(metadata, 'grpc-status-details-bin');
    if (bytes === undefined) return { info, retryDelayMs };
    const { codecs } = loadProtocol();
    for (const { typeUrl, value } of codecs.status.deserialize(bytes).details) {
      if (typeUrl.endsWith('/google.rpc.ErrorInfo')) {
        info = readErrorInfo(codecs.errorInfo.deserialize(value).metadata);
      } else if (typeUrl.endsWith('/google.rpc.RetryInfo')) {
        const delay = codecs.retryInfo.deserialize(value).retryDelay;
        // RetryInfo without a delay still says "try again".
        retryDelayMs = delay === null ? 0 : Number(delay.seconds) * 1000 + delay.nanos / 1e6;
      }
    }
  } catch {
    // A proxy may have put something else into the trailer; the code and the text are what we have then.
  }
  return { info, retryDelayMs };
}

function trailer(metadata: unknown, key: string): Uint8Array | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('get' in metadata)) return undefined;
  const values: unknown = (metadata as { get(key: string): unknown }).get(key);
  const first: unknown = Array.isArray(values) ? values[0] : undefined;
  return first instanceof Uint8Array ? first : undefined;
}

function readErrorInfo(metadata: Readonly<Record<string, string>>): ServerErrorInfo {
  const classes = parseJson(metadata.classes);
  const parameters = parseJson(metadata.messageParameters);
  return {
    errorId: metadata.errorId,
    condition: metadata.errorClass,
    sqlState: metadata.sqlState,
    classes: Array.isArray(classes) ? classes.filter((name) => typeof name === 'string') : [],
    messageParameters:
      typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)
        ? Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)]))
        : {},
  };
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The server cuts long parameters off in the middle; the same values come whole by FetchErrorDetails.
    return undefined;
  }
}
