// The sockets: one gRPC channel to one server, and the service's calls on it as promises and async iterables.
// No retries, no session, no meaning: those are of connection, reattach and retry.
import { readFileSync } from 'node:fs';
import {
  type Client,
  type ClientWritableStream,
  connectivityState,
  credentials,
  Metadata,
  makeClientConstructor,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadProtocol, type SparkConnectService } from '../../../proto/load.js';
import { SparkError } from '../errors/spark-error.js';
import { type Address, formatEndpoint, isLoopback } from './address.js';
import { onAbort } from './await.js';
import { pause } from './retry.js';

/** Arrow batches are large; Spark's clients and its server all say 128 MiB. */
const MESSAGE_BYTES_MAX = 128 * 1024 * 1024;

/**
 * The server (grpc-java) takes pings more often than every five minutes for an attack and hangs up. This is for a peer that vanished without
 * a word; a live server speaks every few seconds during an execution and ends a stream after two minutes anyway.
 */
const KEEPALIVE_MS = 330_000;
const KEEPALIVE_TIMEOUT_MS = 20_000;

/** gRPC reconnects by itself, with its own growing pauses; they must not be longer than the retries' or those hit a wall. */
const RECONNECT_MS_MIN = 50;
const RECONNECT_MS_MAX = 1_000;

/**
 * How much the server may send before it hears that we have read. HTTP/2 begins with 64 KiB, which a large result fills again and again, each time to
 * wait for our word; with 4 MiB a million rows came in half to two thirds of the time over loopback, and a network has longer ways. It is also what a
 * reader that is slow for a while keeps in memory.
 */
const FLOW_WINDOW_BYTES = 4 * 1024 * 1024;

type UnaryMethod =
  | 'AnalyzePlan'
  | 'Config'
  | 'Interrupt'
  | 'ReleaseExecute'
  | 'ReleaseSession'
  | 'ArtifactStatus'
  | 'CloneSession'
  | 'FetchErrorDetails';
type StreamMethod = 'ExecutePlan' | 'ReattachExecute';
type UploadMethod = 'AddArtifacts';

export type RequestOf<Method extends keyof SparkConnectService> = Parameters<
  SparkConnectService[Method]['requestSerialize']
>[0];
export type ResponseOf<Method extends keyof SparkConnectService> = ReturnType<
  SparkConnectService[Method]['responseDeserialize']
>;

/** One server-side stream being read; iterate it once. */
export interface ResponseStream<Response> extends AsyncIterable<Response> {
  /** Ends it here and now; the server notices. Idempotent, and harmless after the end. */
  cancel(): void;
}

export interface Channel {
  /** `host:port`, for messages. */
  readonly endpoint: string;
  /** One question, one answer. Rejects with gRPC's own error. */
  call<Method extends UnaryMethod>(
    method: Method,
    request: RequestOf<Method>,
    options?: { readonly signal?: AbortSignal | undefined; readonly deadlineMs?: number | undefined },
  ): Promise<ResponseOf<Method>>;
  stream<Method extends StreamMethod>(method: Method, request: RequestOf<Method>): ResponseStream<ResponseOf<Method>>;
  /** Sends one message after the other, none before the socket has taken the last; one answer at the end. */
  upload<Method extends UploadMethod>(
    method: Method,
    requests: AsyncIterable<RequestOf<Method>>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ResponseOf<Method>>;
  /** Waits before a call is made again: `waitMs`, but no longer than until a connection that is lost is there again. Rejects as `pause` does. */
  waitToRetry(waitMs: number, signal: AbortSignal | undefined): Promise<void>;
  close(): void;
}

/** A connection that nobody waits for any more is watched for so long. */
const WATCH_MS = 500;

/**
 * Opens a channel; the socket itself is connected with the first call.
 * @throws SparkError of kind `input` if the CA file cannot be read.
 */
export function openChannel(address: Address): Channel {
  const endpoint = formatEndpoint(address);
  const { service } = loadProtocol();
  const ConnectClient = makeClientConstructor(service as unknown as ServiceDefinition, 'SparkConnectService');
  const client = new ConnectClient(endpoint, channelCredentials(address), {
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
    'grpc-node.flow_control_window': FLOW_WINDOW_BYTES,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.initial_reconnect_backoff_ms': RECONNECT_MS_MIN,
    'grpc.max_reconnect_backoff_ms': RECONNECT_MS_MAX,
    // Without this gRPC asks the DNS for a TXT record with settings that Spark does not publish.
    'grpc.service_config_disable_resolution': 1,
    // A proxy from the environment cannot reach this machine's own loopback.
    'grpc.enable_http_proxy': isLoopback(address.host) ? 0 : 1,
    // One socket per channel: gRPC would otherwise share it between sessions, and closing one would not end it.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.primary_user_agent': userAgent(address.userAgent),
  });
  const metadata = new Metadata();
  for (const [key, value] of address.headers) metadata.set(key, value);
  if (address.token !== undefined) metadata.set('authorization', `Bearer ${address.token}`);

  return {
    endpoint,
    call: (method, request, { signal, deadlineMs } = {}) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const { path, requestSerialize, responseDeserialize } = service[method] as AnyMethod;
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs },
          (error, response) => {
            forget();
            if (error !== null) reject(signal?.aborted ? signal.reason : error);
            else resolve(response as never);
          },
        );
        const forget = onAbort(signal, () => call.cancel());
      }),
    stream: (method, request) => {
      const { path, requestSerialize, responseDeserialize } = service[method] as AnyMethod;
      const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata);
      // A stream that fails before anybody reads it must not bring the process down; the reader gets the same error.
      call.on('error', () => {});
      return { [Symbol.asyncIterator]: () => call[Symbol.asyncIterator](), cancel: () => call.cancel() } as never;
    },
    upload: async (method, requests, { signal } = {}) => {
      signal?.throwIfAborted();
      const { path, requestSerialize, responseDeserialize } = service[method] as AnyMethod;
      let call: ClientWritableStream<unknown> | undefined;
      const answer = new Promise<object>((resolve, reject) => {
        call = client.makeClientStreamRequest(
          path,
          requestSerialize,
          responseDeserialize,
          metadata,
          (error, response) => (error === null ? resolve(response as object) : reject(error)),
        );
      });
      const forget = onAbort(signal, () => call?.cancel());
      try {
        // Waited for last: a source that fails is the cause, and that its call was cancelled the consequence.
        await sendAll(call as unknown as ClientWritableStream<unknown>, requests, answer);
        return (await answer) as never;
      } finally {
        forget();
      }
    },
    waitToRetry: (waitMs, signal) => waitToRetry(client, waitMs, signal),
    close: () => client.close(),
  };
}

/**
 * The pauses between attempts grow to a minute; a server that was restarted is there after some seconds, and who waited for it wants to know what
 * became of their session.
 */
async function waitToRetry(client: Client, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  const untilMs = Date.now() + waitMs;
  const isReady = (): boolean => client.getChannel().getConnectivityState(false) === connectivityState.READY;
  // A server that is there and asks for patience gets it.
  if (isReady()) return pause(waitMs, signal);
  while (!isReady() && Date.now() < untilMs) {
    signal?.throwIfAborted();
    // In slices, since a watch cannot be called off.
    await new Promise<void>((resolve) => {
      client.waitForReady(Math.min(untilMs, Date.now() + WATCH_MS), () => resolve());
    });
  }
  // Not all clients of the server at the same moment.
  await pause(Math.random() * RECONNECT_MS_MIN, signal);
}

/** Writes all requests and ends the call; leaves off when the call is answered before. */
async function sendAll(
  call: ClientWritableStream<unknown>,
  requests: AsyncIterable<unknown>,
  answer: Promise<unknown>,
): Promise<void> {
  let isAnswered = false;
  const answered = answer.then(
    () => {
      isAnswered = true;
    },
    () => {
      isAnswered = true;
    },
  );
  try {
    for await (const request of requests) {
      if (isAnswered) return;
      if (!call.write(request)) await Promise.race([new Promise((resolve) => call.once('drain', resolve)), answered]);
    }
    call.end();
  } catch (error) {
    call.cancel();
    throw error;
  }
}

/** A method whose types are forgotten: `call` and `stream` give them back in their signatures. */
interface AnyMethod {
  readonly path: string;
  readonly requestSerialize: (request: unknown) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => object;
}

function channelCredentials(address: Address) {
  if (!address.useTls) return credentials.createInsecure();
  if (address.caFile === undefined) return credentials.createSsl();
  try {
    return credentials.createSsl(readFileSync(address.caFile));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SparkError(`The CA file ${address.caFile} cannot be used: ${reason}`, { kind: 'input', cause: error });
  }
}

function userAgent(given: string | undefined): string {
  return [given ?? CLIENT_NAME, `node/${process.versions.node}`, `os/${process.platform}`].join(' ');
}

/** How this client names itself to the server, unless told otherwise. */
export const CLIENT_NAME = '_SPARK_CONNECT_TYPESCRIPT';
