/** One query on its way: running, or waiting to be started again; and what is known of it. */
import type { StreamingQuery } from '../connect/index.js';
import type { PipelineQuery } from '../pipeline/index.js';
import { Backoff } from './backoff.js';
import type { QueryState } from './options.js';
import { readQueryState } from './watch.js';

export class SupervisedQuery {
  readonly definition: PipelineQuery;
  readonly backoff = new Backoff();
  running: StreamingQuery | undefined;
  /** In the runtime's milliseconds. */
  restartAt = 0;
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

  /** Reads the running query's state; its exception if it has ended. Answers whether it has finished a batch since the last look. */
  async look(running: StreamingQuery): Promise<{ readonly failure?: Error; readonly hasAdvanced: boolean }> {
    if (!(await running.isActive())) {
      const failure = (await running.exception()) ?? new Error(`Query ${this.name} was stopped by somebody else.`);
      return { failure, hasAdvanced: false };
    }
    const before = this.#state?.runId === running.runId ? this.#state.batchId : undefined;
    this.#state = await readQueryState(this.name, running, this.#state);
    const hasAdvanced = this.#state.batchId !== undefined && this.#state.batchId !== before;
    if (hasAdvanced) this.backoff.succeeded();
    return { hasAdvanced };
  }

  /** The session is gone, and the query with it. */
  lose(): void {
    this.running = undefined;
    this.restartAt = 0;
  }

  state(): QueryState {
    const phase =
      this.running === undefined ? 'waiting-to-restart' : this.#state === undefined ? 'starting' : 'running';
    return {
      query: this.name,
      isBusy: false,
      inputRowsPerSecond: 0,
      processedRowsPerSecond: 0,
      rowsRead: 0,
      batchDurationMs: 0,
      lag: 0,
      stateRows: 0,
      stateBytes: 0,
      droppedByWatermark: 0,
      ...this.#state,
      phase,
      restarts: this.restarts,
      ...(this.lastError === undefined ? {} : { lastError: this.lastError.message }),
    };
  }
}
