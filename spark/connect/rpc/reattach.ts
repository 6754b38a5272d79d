// Reads the result of one execution to its end over connections that may break. The server keeps what it has sent until we release it;
// every response has an id; after a break we ask for what follows the last id that arrived. So nothing is lost and nothing comes twice.
//   ExecutePlan ─ r1 r2 ✂            ReattachExecute(after r2) ─ r3 r4 ResultComplete
//                    └ ReleaseExecute(until r2), in the background      └ ReleaseExecute(all)
// The server also ends streams by itself, without ResultComplete, after some minutes: that is not an error, only a reason to reattach.
import type {
  ExecutePlanRequest,
  ExecutePlanResponseOutput,
  ReattachExecuteRequest,
  ReleaseExecuteRequest,
} from '../../../proto/messages.js';
import { readGrpcFailure } from '../errors/grpc-status.js';
import { SparkError } from '../errors/spark-error.js';
import { conditionInText } from '../errors/to-spark-error.js';
import { onAbort } from './await.js';
import type { ResponseStream } from './channel.js';
import { Retrier, type RetryPolicy } from './retry.js';

/** What this needs; a channel has it, or a test. */
export interface ExecuteTransport {
  execute(request: ExecutePlanRequest): ResponseStream<ExecutePlanResponseOutput>;
  reattach(request: ReattachExecuteRequest): ResponseStream<ExecutePlanResponseOutput>;
  /** Must not reject: the server frees abandoned results by itself, later. */
  release(request: ReleaseExecuteRequest): void;
  /** As the channel's. */
  waitToRetry(waitMs: number, signal: AbortSignal | undefined): Promise<void>;
}

export interface ReattachOptions {
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
  /** Told how often a broken connection was taken up again; the tests look at it. */
  readonly onReattach?: ((caught: unknown) => void) | undefined;
}

/**
 * What is received is released after so many bytes or responses, not each time: a release costs a call, while the server keeps at most 10 MiB
 * of consumed results (`spark.connect.execute.reattachable.observerRetryBufferSize` of 4.2).
 */
const RELEASE_AFTER_BYTES = 2 * 1024 * 1024;
const RELEASE_AFTER_RESPONSES = 64;

/** The server lets a silent stream stand for two minutes; one that ends sooner and gave nothing counts as a failure, lest we spin. */
const EMPTY_STREAM_MS_MIN = 1_000;

/**
 * Yields every response of the execution once, in order, without ResultComplete.
 * `request` must carry an operation id; the reattach option is added here. Rejects with gRPC's own error when the retries are used up.
 * However the iteration ends, the server is told to free the operation; if it still runs, that interrupts it.
 */
export async function* executeReattachable(
  transport: ExecuteTransport,
  request: ExecutePlanRequest & { readonly operationId: string },
  { retry, signal, onReattach }: ReattachOptions,
): AsyncGenerator<ExecutePlanResponseOutput, void, void> {
  const { sessionId, userContext, operationId, clientType } = request;
  const identity = { sessionId, userContext, operationId, clientType };
  const initial: ExecutePlanRequest = {
    ...request,
    requestOptions: [...(request.requestOptions ?? []), { reattachOptions: { reattachable: true } }],
  };
  const retrier = new Retrier(retry);
  let lastResponseId: string | undefined;
  let isSentAgain = false;
  let unreleasedBytes = 0;
  let unreleasedResponses = 0;

  const reattach = () =>
    transport.reattach({
      ...identity,
      clientObservedServerSideSessionId: request.clientObservedServerSideSessionId,
      lastResponseId,
    });

  signal?.throwIfAborted();
  let stream = transport.execute(initial);
  const forget = onAbort(signal, () => stream.cancel());
  try {
    for (;;) {
      const openedMs = Date.now();
      let responses = 0;
      try {
        for await (const response of stream) {
          signal?.throwIfAborted();
          responses++;
          lastResponseId = response.responseId;
          retrier.succeeded();
          if (response.responseType === 'resultComplete') return;
          unreleasedBytes += response.arrowBatch?.data.length ?? 0;
          unreleasedResponses++;
          if (unreleasedBytes >= RELEASE_AFTER_BYTES || unreleasedResponses >= RELEASE_AFTER_RESPONSES) {
            transport.release({ ...identity, releaseUntil: { responseId: lastResponseId } });
            unreleasedBytes = 0;
            unreleasedResponses = 0;
          }
          yield response;
        }
        if (responses === 0 && Date.now() - openedMs < EMPTY_STREAM_MS_MIN) {
          const waitMs = retrier.nextAfter(undefined);
          if (waitMs === undefined) {
            throw new SparkError(
              `The server ended the result of operation ${operationId} again and again without an answer.`,
              {
                kind: 'protocol',
                operationId,
              },
            );
          }
          await transport.waitToRetry(waitMs, signal);
        }
        onReattach?.(undefined);
        stream = reattach();
      } catch (caught) {
        signal?.throwIfAborted();
        stream = await recover(caught);
      }
    }
  } finally {
    forget();
    stream.cancel();
    transport.release({ ...identity, releaseAll: {} });
  }

  /** The stream to go on with after `caught`, or throws `caught` if there is none. */
  async function recover(caught: unknown): Promise<ResponseStream<ExecutePlanResponseOutput>> {
    const condition = conditionInText(readGrpcFailure(caught)?.text ?? '');
    switch (condition) {
      case 'INVALID_HANDLE.OPERATION_NOT_FOUND':
      case 'INVALID_HANDLE.SESSION_NOT_FOUND': {
        // Never seen by the server: the break came before the first request arrived, so sending it again cannot run the plan twice.
        // Once a response has arrived, the operation did run, and its result is gone.
        if (lastResponseId !== undefined) throw caught;
        // A session that the server had is lost, and so is all that was asked in it.
        const hadSession = request.clientObservedServerSideSessionId !== undefined;
        if (condition === 'INVALID_HANDLE.SESSION_NOT_FOUND' && hadSession) throw caught;
        const waitMs = retrier.nextAfter(undefined);
        if (waitMs === undefined) throw caught;
        await transport.waitToRetry(shortWaitMs(waitMs), signal);
        onReattach?.(caught);
        isSentAgain = true;
        return transport.execute(initial);
      }
      case 'INVALID_HANDLE.OPERATION_ALREADY_EXISTS': {
        // The first request had arrived after all. Otherwise the id is somebody else's, and so is the result.
        if (!isSentAgain) throw caught;
        const waitMs = retrier.nextAfter(undefined);
        if (waitMs === undefined) throw caught;
        await transport.waitToRetry(shortWaitMs(waitMs), signal);
        return reattach();
      }
      default: {
        const waitMs = retrier.next(caught);
        if (waitMs === undefined) throw caught;
        await transport.waitToRetry(waitMs, signal);
        onReattach?.(caught);
        return reattach();
      }
    }
  }
  /** After an answer: the server is there, so that the pauses that grew while it was not mean nothing any more. */
  function shortWaitMs(waitMs: number): number {
    return Math.min(waitMs, retry.waitMsFirst);
  }
}
