// One session on one server over gRPC: puts the session's identity on every request, checks it on every answer, retries what may be retried
// and turns what fails into a SparkError with the server's details.
import { randomUUID } from 'node:crypto';
import type {
  AddArtifactsRequest,
  ExecutePlanRequest,
  FetchErrorDetailsResponseOutput,
  ReattachExecuteRequest,
  ReleaseExecuteRequest,
} from '../../../proto/messages.js';
import { decodeErrorChain } from '../errors/error-details.js';
import { readGrpcFailure } from '../errors/grpc-status.js';
import { isSparkError, type SparkCause, SparkError } from '../errors/spark-error.js';
import { type ErrorContext, saysSessionLost, toSparkError } from '../errors/to-spark-error.js';
import { type OperationId, operationId, type SessionId, sessionId } from '../types/ids.js';
import { decodeAnalyze, encodeAnalyze } from './analyze.js';
import { type Artifact, encodeArtifacts } from './artifacts.js';
import { abortable, cancelled } from './await.js';
import { CachedRelations } from './cached-relations.js';
import type { Channel, RequestOf, ResponseOf } from './channel.js';
import { decodeConfig, encodeConfig } from './config.js';
import type {
  AnalyzeRequest,
  AnalyzeResults,
  CallOptions,
  ConfigOperation,
  ConfigResult,
  Connection,
  ExecuteEvent,
  InterruptRequest,
  ResultOptions,
  RootPlan,
} from './connection.js';
import { encodePlan } from './encode-plan.js';
import { executeReattachable } from './reattach.js';
import { decodeResponses } from './responses.js';
import { Retrier, type RetryPolicy, withRetries } from './retry.js';
import { BACKGROUND_DEADLINE_MS, closedMeanwhile, UnderWay } from './under-way.js';

/** Asking for an error's details must not make a failure much later than it is. */
const ERROR_DETAILS_DEADLINE_MS = 10_000;

/** Results larger than this arrive in pieces, well below the limit of one message. */
const CHUNK_BYTES = 16 * 1024 * 1024;

/** What a connection is made of, decided once. */
export interface GrpcConnectionSettings {
  readonly sessionId: SessionId;
  readonly userId: string;
  readonly clientType: string;
  readonly retry: RetryPolicy;
  readonly onReattach?: ((caught: unknown) => void) | undefined;
  /** A socket of the connection's own, and of each that is made from it. */
  readonly openChannel: () => Channel;
}

export class GrpcConnection implements Connection {
  readonly sessionId: SessionId;
  readonly userId: string;
  readonly tags = new Set<string>();
  readonly queryStarted = new Set<(eventJson: string) => void>();
  readonly #settings: GrpcConnectionSettings;
  readonly #channel: Channel;
  readonly #clientType: string;
  readonly #retry: RetryPolicy;
  readonly #cached = new CachedRelations((hash, bytes) => this.#storeBlob(hash, bytes));
  readonly #underWay = new UnderWay();
  /** The server's own name for our session, from its first answer on; the server refuses us when it has another one by then. */
  #serverSideSessionId: string | undefined;

  constructor(settings: GrpcConnectionSettings) {
    this.#settings = settings;
    this.#channel = settings.openChannel();
    this.sessionId = settings.sessionId;
    this.userId = settings.userId;
    this.#clientType = settings.clientType;
    this.#retry = settings.retry;
  }

  /** `host:port`. */
  get endpoint(): string {
    return this.#channel.endpoint;
  }

  /**
   * Asks for the server's version, to see that it is there and that it lets us in; gives up after `timeoutMs`, unlike any later call: at the
   * start a wrong address is likelier than a server that is about to come back.
   */
  async check(timeoutMs: number, signal?: AbortSignal): Promise<string> {
    this.#assertOpen();
    if (!(timeoutMs >= 0))
      throw new SparkError(`connectTimeoutMs must be 0 or more, not ${timeoutMs}.`, { kind: 'input' });
    const retrier = new Retrier({
      ...this.#retry,
      retriesMax: Number.POSITIVE_INFINITY,
      waitMsMax: 1_000,
      elapsedMsMax: timeoutMs,
    });
    const request: AnalyzeRequest = { kind: 'sparkVersion' };
    const call = this.#underWay.signalOf(signal);
    try {
      const response = await withRetries(retrier, call.signal, () =>
        this.#channel.call(
          'AnalyzePlan',
          { ...this.#identity(), ...encodeAnalyze(request) },
          { signal: call.signal, deadlineMs: Math.max(1_000, timeoutMs - retrier.elapsedMs) },
        ),
      );
      this.#observe(response.serverSideSessionId);
      return decodeAnalyze(request, response);
    } catch (caught) {
      this.#throwIfEnded(`Connecting to Spark at ${this.endpoint}`, signal);
      const { attempts, elapsedMs } = retrier;
      throw await this.#toSparkError(caught, { attempts, elapsedMs, hasDeadline: true });
    } finally {
      call.forget();
    }
  }

  async *execute(plan: RootPlan, options: ResultOptions = {}): AsyncGenerator<ExecuteEvent, void, void> {
    this.#assertOpen();
    const id = options.operationId ?? operationId(randomUUID());
    const operation = this.#underWay.begin(id, options.signal);
    const { signal } = operation;
    try {
      const request: ExecutePlanRequest & { operationId: string } = {
        ...this.#identity(),
        ...(options.description === undefined
          ? {}
          : { userContext: { userId: this.userId, userName: options.description } }),
        operationId: id,
        plan: encodePlan(plan),
        tags: [...this.tags, ...(options.tags ?? [])],
        requestOptions: [
          { resultChunkingOptions: { allowArrowBatchChunking: true, preferredArrowChunkSize: CHUNK_BYTES } },
        ],
      };
      const transport = {
        execute: (initial: ExecutePlanRequest) => this.#channel.stream('ExecutePlan', initial),
        reattach: (again: ReattachExecuteRequest) => this.#channel.stream('ReattachExecute', again),
        // `close` has released what was under way.
        release: (release: ReleaseExecuteRequest) => {
          if (!this.isClosed) this.#release(release);
        },
        waitToRetry: this.#channel.waitToRetry,
      };
      await this.#sendLargeRows(request, { signal });
      const responses = executeReattachable(transport, request, {
        retry: this.#retry,
        signal,
        onReattach: this.#settings.onReattach,
      });
      yield* decodeResponses(this.#observed(responses), options.columns === true);
    } catch (caught) {
      if (options.signal?.aborted) {
        // Releasing the operation interrupts it too, but only once the server has noticed; this says it outright.
        const interrupt = { interruptType: 'INTERRUPT_TYPE_OPERATION_ID', operationId: id } as const;
        this.#underWay.inBackground(
          this.#channel.call(
            'Interrupt',
            { ...this.#identity(), ...interrupt },
            { deadlineMs: BACKGROUND_DEADLINE_MS },
          ),
        );
      }
      this.#throwIfEnded(`Operation ${id}`, options.signal, id);
      throw await this.#toSparkError(caught, { operationId: id });
    } finally {
      operation.forget();
    }
  }

  async analyze<Request extends AnalyzeRequest>(
    request: Request,
    options: CallOptions = {},
  ): Promise<AnalyzeResults[Request['kind']]> {
    try {
      const question = await this.#sendLargeRows(encodeAnalyze(request), options);
      const response = await this.#call('AnalyzePlan', { ...this.#identity(), ...question }, options);
      return decodeAnalyze(request, response);
    } catch (caught) {
      throw await this.#toSparkError(caught, {});
    }
  }

  async config(operation: ConfigOperation, options?: CallOptions): Promise<ConfigResult> {
    const request = { ...this.#identity(), operation: encodeConfig(operation) };
    return decodeConfig(await this.#call('Config', request, options));
  }

  async interrupt(request: InterruptRequest, options?: CallOptions): Promise<readonly OperationId[]> {
    const what =
      request.kind === 'all'
        ? ({ interruptType: 'INTERRUPT_TYPE_ALL' } as const)
        : request.kind === 'tag'
          ? ({ interruptType: 'INTERRUPT_TYPE_TAG', operationTag: request.tag } as const)
          : ({ interruptType: 'INTERRUPT_TYPE_OPERATION_ID', operationId: request.operationId } as const);
    const { interruptedIds } = await this.#call('Interrupt', { ...this.#identity(), ...what }, options);
    return interruptedIds.map(operationId);
  }

  /**
   * Sends files or bytes to the session. @throws SparkError of kind `input` for a file that cannot be read, `protocol` if the server received something
   * else than was sent.
   */
  async addArtifacts(artifacts: readonly Artifact[], { signal }: CallOptions = {}): Promise<void> {
    const answer = await this.#retried('AddArtifacts', signal, (until) =>
      this.#channel.upload('AddArtifacts', this.#identified(artifacts), { signal: until }),
    );
    const damaged = answer.artifacts.filter(({ isCrcSuccessful }) => !isCrcSuccessful).map(({ name }) => name);
    if (damaged.length > 0) {
      throw new SparkError(
        `${damaged.join(', ')} did not arrive as sent; the server has thrown it away. Send it again.`,
        {
          kind: 'protocol',
        },
      );
    }
  }

  async *#identified(artifacts: readonly Artifact[]): AsyncGenerator<AddArtifactsRequest, void, void> {
    for await (const payload of encodeArtifacts(artifacts)) yield { ...this.#identity(), ...payload };
  }

  /** Plans share what is sent, so whoever gives up only stops waiting for it. */
  #sendLargeRows<Message extends object>(message: Message, { signal }: CallOptions): Promise<Message> {
    return abortable(this.#cached.replaceIn(message), signal, 'The call');
  }

  /** The server finds by this name what plans call a cached local relation. */
  async #storeBlob(hash: string, bytes: Uint8Array): Promise<void> {
    const name = `cache/${hash}`;
    const { statuses } = await this.#call('ArtifactStatus', { ...this.#identity(), names: [name] });
    if (statuses[name]?.exists !== true) await this.addArtifacts([{ name, source: bytes }]);
  }

  /** A connection to a new session that begins with this one's configuration, views, functions and artifacts. Tags are not of the server: it has none. */
  async cloneSession(id: SessionId, options?: CallOptions): Promise<GrpcConnection> {
    const answer = await this.#call('CloneSession', { ...this.#identity(), newSessionId: id }, options);
    const clone = new GrpcConnection({ ...this.#settings, sessionId: sessionId(answer.newSessionId) });
    clone.#observe(answer.newServerSideSessionId);
    return clone;
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#underWay.isEnded;
  }

  async releaseSession(options?: CallOptions): Promise<void> {
    const { sessionId: id, userContext, clientType } = this.#identity();
    try {
      await this.#call('ReleaseSession', { sessionId: id, userContext, clientType }, options);
    } catch (error) {
      if (options?.signal?.aborted) throw error;
      // A server without spark-mllib among its jars closes the session and then fails to say so (NoClassDefFoundError in SessionHolder.close of
      // 4.2, after the queries are stopped). What counts is whether it is closed.
      if (!(await this.#isReleased())) throw error;
    }
  }

  async #isReleased(): Promise<boolean> {
    try {
      await this.analyze({ kind: 'sparkVersion' });
      return false;
    } catch (error) {
      return isSparkError(error) && error.condition === 'INVALID_HANDLE.SESSION_CLOSED';
    }
  }

  /** Resolves when what runs in the background is done or has failed: at most some seconds. */
  settled(): Promise<void> {
    return this.#underWay.settled();
  }

  close(): void {
    const { sessionId: id, userContext, clientType } = this.#identity();
    this.#underWay.end(
      (operation) => this.#release({ sessionId: id, userContext, clientType, operationId: operation, releaseAll: {} }),
      () => this.#channel.close(),
    );
  }

  #identity() {
    return {
      sessionId: this.sessionId as string,
      userContext: { userId: this.userId, userName: this.userId },
      clientType: this.#clientType,
      clientObservedServerSideSessionId: this.#serverSideSessionId,
    };
  }

  #assertOpen(): void {
    if (this.isClosed) throw new SparkError('This connection is closed. Connect again.', { kind: 'input' });
  }

  /** A unary call with retries, errors as SparkErrors, and the answer's session checked. An aborted one is cancelled on the wire. */
  #call<Method extends 'AnalyzePlan' | 'Config' | 'Interrupt' | 'ReleaseSession' | 'ArtifactStatus' | 'CloneSession'>(
    method: Method,
    request: RequestOf<Method>,
    { signal }: CallOptions = {},
  ): Promise<ResponseOf<Method>> {
    return this.#retried(method, signal, (until) => this.#channel.call(method, request, { signal: until }));
  }

  async #retried<Response extends { readonly serverSideSessionId: string }>(
    method: string,
    signal: AbortSignal | undefined,
    attempt: (signal: AbortSignal) => Promise<Response>,
  ): Promise<Response> {
    this.#assertOpen();
    const retrier = new Retrier(this.#retry);
    const call = this.#underWay.signalOf(signal);
    try {
      const response = await withRetries(retrier, call.signal, () => attempt(call.signal), this.#channel.waitToRetry);
      this.#observe(response.serverSideSessionId);
      return response;
    } catch (caught) {
      this.#throwIfEnded(`The call ${method}`, signal);
      throw await this.#toSparkError(caught, { attempts: retrier.attempts, elapsedMs: retrier.elapsedMs });
    } finally {
      call.forget();
    }
  }

  async *#observed<Response extends { readonly serverSideSessionId: string }>(
    responses: AsyncIterable<Response>,
  ): AsyncGenerator<Response, void, void> {
    for await (const response of responses) {
      this.#observe(response.serverSideSessionId);
      yield response;
    }
  }

  /** The server checks the id that we send; this catches one that answers without having looked (another server behind the same address). */
  #observe(serverSideSessionId: string): void {
    if (serverSideSessionId === '') return;
    this.#serverSideSessionId ??= serverSideSessionId;
    if (this.#serverSideSessionId !== serverSideSessionId) {
      throw new SparkError(
        `Spark at ${this.endpoint} answers from another session than before: it was restarted. Connect again.`,
        {
          kind: 'sessionLost',
          condition: 'INVALID_HANDLE.SESSION_CHANGED',
          sqlState: 'HY000',
        },
      );
    }
  }

  #release(request: ReleaseExecuteRequest): void {
    this.#underWay.inBackground(this.#channel.call('ReleaseExecute', request, { deadlineMs: BACKGROUND_DEADLINE_MS }));
  }

  /** A call that failed because its caller, or whoever closed the connection, wanted it to. */
  #throwIfEnded(what: string, signal: AbortSignal | undefined, id?: OperationId): void {
    if (signal?.aborted) throw cancelled(what, signal, id);
    if (this.isClosed) throw closedMeanwhile(what, id);
  }

  async #toSparkError(caught: unknown, context: ErrorContext): Promise<SparkError> {
    if (isSparkError(caught)) return caught;
    return toSparkError(caught, { ...context, address: this.endpoint, chain: await this.#errorChain(caught) });
  }

  /** The server's full story of an error; empty if it has none or cannot be asked: the error at hand must come out in any case. */
  async #errorChain(caught: unknown): Promise<readonly SparkCause[]> {
    const failure = readGrpcFailure(caught);
    const errorId = failure?.info?.errorId;
    // Details are asked for within a session: when that is lost there are none, and a server that was just started takes long to say so.
    if (failure === undefined || errorId === undefined || saysSessionLost(failure)) return [];
    try {
      const details: FetchErrorDetailsResponseOutput = await this.#channel.call(
        'FetchErrorDetails',
        { ...this.#identity(), errorId },
        { deadlineMs: ERROR_DETAILS_DEADLINE_MS },
      );
      return decodeErrorChain(details);
    } catch {
      return [];
    }
  }
}
