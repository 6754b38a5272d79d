/** One query on its way: the phase it is in, what was asked of it, and what is known of it. */
import type { StreamingQuery } from '../connect/index.js';
import type { PipelineQuery } from '../pipeline/index.js';
import { Backoff } from './backoff.js';
import type { QueryState } from './options.js';
import type { QueryRequest } from './query-requests.js';
import { readQueryState } from './watch.js';

export type QueryPhase =
  /** To be started at that time of the runtime's clock, in milliseconds. */
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'running'; readonly handle: StreamingQuery }
  /** Asked to stop; the batch under way may end until `deadline`. */
  | {
      readonly kind: 'stopping';
      readonly handle: StreamingQuery;
      readonly request: QueryRequest;
      /** The last batch that was seen finished before the request. */
      readonly batchId: string | undefined;
      readonly deadline: number;
    }
  /** Because somebody asked for it; stays so until asked otherwise or until the next run. */
  | { readonly kind: 'stopped' };

/** How a phase is called in the state; a running query is `starting` until its state has been read. */
const PHASE_NAMES = {
  due: 'waiting-to-restart',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
} as const;

export class SupervisedQuery {
  readonly definition: PipelineQuery;
  readonly backoff = new Backoff();
  phase: QueryPhase = { kind: 'due', at: 0 };
  /** Answered when the query has been started, or has failed to. */
  awaitsStart: QueryRequest | undefined;
  restarts = 0;
  lastError: Error | undefined;
  /** Whether it has ever been started: a first start that fails is the caller's to hear of. */
  wasStarted = false;
  #state: QueryState | undefined;

  constructor(definition: PipelineQuery) {
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  /** What runs at Spark, also while it is being stopped. */
  get handle(): StreamingQuery | undefined {
    return 'handle' in this.phase ? this.phase.handle : undefined;
  }

  /** The last batch that this run of the query was seen to finish. */
  get lastBatch(): string | undefined {
    return this.#state?.runId === this.handle?.runId ? this.#state?.batchId : undefined;
  }

  /** Reads the running query's state; its exception if it has ended. Answers whether it has finished a batch since the last look. */
  async look(running: StreamingQuery): Promise<{ readonly failure?: Error; readonly hasAdvanced: boolean }> {
    const [status, progress] = await Promise.all([running.status(), running.lastProgress()]);
    if (!status.isActive) {
      const failure = (await running.exception()) ?? new Error(`Query ${this.name} was stopped by somebody else.`);
      return { failure, hasAdvanced: false };
    }
    const before = this.#state?.runId === running.runId ? this.#state.batchId : undefined;
    this.#state = readQueryState(this.name, running, { status, progress }, this.#state);
    const hasAdvanced = this.#state.batchId !== undefined && this.#state.batchId !== before;
    if (hasAdvanced) this.backoff.succeeded();
    return { hasAdvanced };
  }

  /** The session is gone, and the query with it. What somebody has stopped stays stopped. */
  lose(): void {
    if (this.phase.kind === 'stopping') this.settleStop(this.phase.request);
    else if (this.phase.kind !== 'stopped') this.phase = { kind: 'due', at: 0 };
  }

  /** The query no longer runs, as the request wanted; now for the rest of it. */
  settleStop(request: QueryRequest): void {
    if (request.action === 'restart') {
      this.phase = { kind: 'due', at: 0 };
      this.awaitsStart = request;
      return;
    }
    this.phase = { kind: 'stopped' };
    request.answer({ kind: 'stopped' });
  }

  state(): QueryState {
    const isStarting = this.phase.kind === 'running' && this.#state === undefined;
    return {
      query: this.name,
      isBusy: false,
      inputRowsPerSecond: 0,
      processedRowsPerSecond: 0,
      rowsRead: 0,
      batchDurationMs: 0,
      durationsMs: {},
      lag: 0,
      stateRows: 0,
      stateBytes: 0,
      droppedByWatermark: 0,
      ...this.#state,
      // It does nothing, whatever it did last.
      ...(this.phase.kind === 'stopped' ? { isBusy: false, inputRowsPerSecond: 0, processedRowsPerSecond: 0 } : {}),
      phase: isStarting ? 'starting' : PHASE_NAMES[this.phase.kind],
      restarts: this.restarts,
      ...(this.lastError === undefined ? {} : { lastError: this.lastError.message }),
    };
  }
}
