// A pipeline under a supervisor in this process, for `run` and `demo`.
import { join, resolve } from 'node:path';
import type { Endpoints } from '../config/endpoints.js';
import { STATE_LAYOUT } from '../config/names.js';
import type { Settings } from '../config/settings.js';
import type { Pipeline } from '../spark/pipeline/index.js';
import type { QueryState, SupervisorEvent, SupervisorOutcome } from '../spark/supervisor/index.js';
import { CommandError, EXIT } from './exit-codes.js';
import { RunClaim } from './run-record.js';
import { formatCount, formatInstant, formatRate, formatSeconds } from './ui/numbers.js';

export interface PipelineRunOptions {
  readonly settings: Settings;
  readonly endpoints: Endpoints;
  readonly pipeline: Pipeline;
  /** That the pipeline was read from; undefined: the one that comes with sluice. */
  readonly file?: string | undefined;
  /** Ends the run in order. */
  readonly signal: AbortSignal;
  /** Something worth a line. */
  readonly say: (line: string) => void;
  /** Called about once a second while it runs. */
  readonly onQueries?: (queries: readonly QueryState[]) => void;
}

export interface PipelineRun {
  readonly pipeline: Pipeline;
  /** Resolves when all queries have been started; rejects when the run ends before that. */
  readonly started: Promise<void>;
  /** Resolves when the run has ended in order; rejects when it has failed. */
  readonly ended: Promise<void>;
  /** As last seen. */
  queries(): readonly QueryState[];
}

/**
 * Claims the pipeline in the state directory and supervises it until the signal. An embedded Spark that dies is started again.
 * @throws CommandError when it runs already, before anything is touched.
 */
export async function runPipeline(options: PipelineRunOptions): Promise<PipelineRun> {
  const { settings, endpoints, pipeline, signal, say } = options;
  const [{ openRequests, supervise }, { sourceTopics }] = await Promise.all([
    import('../spark/supervisor/index.js'),
    import('../spark/pipeline/index.js'),
  ]);
  const claim = new RunClaim(settings.stateDir, {
    name: pipeline.name,
    topics: sourceTopics(pipeline),
    ...(options.file === undefined ? {} : { file: resolve(options.file) }),
  });
  const requests = openRequests(settings.stateDir);
  const progress = new Progress(pipeline.queries.map(({ name }) => name));

  const ended = supervise({
    pipeline,
    endpoints,
    topics: settings.topics,
    settings: settings.pipeline,
    signal,
    requests,
    onEvent: (event) => {
      progress.see(event);
      const line = describe(event);
      if (line !== undefined) say(line);
      if (event.kind === 'progress') options.onQueries?.(event.queries);
      claim.write(
        event.kind === 'stopping' ? 'stopping' : progress.isStarted ? 'running' : 'starting',
        progress.queries,
      );
    },
    ...(settings.services.kind === 'embedded'
      ? {
          recoverSpark: () => recoverSpark(settings, say),
          handlerLog: join(settings.stateDir, STATE_LAYOUT.logs, STATE_LAYOUT.handlerLog),
        }
      : {}),
  })
    .then(assertStopped)
    .finally(() => {
      claim[Symbol.dispose]();
      requests[Symbol.dispose]();
    });
  const started = Promise.race([
    progress.started,
    ended.then(() => {
      if (!progress.isStarted) throw new CommandError(EXIT.interrupted, 'Stopped before all queries had been started.');
    }),
  ]);
  // Both are awaited by the caller in its time; until then a rejection must not end the process.
  started.catch(() => undefined);
  ended.catch(() => undefined);
  return { pipeline, started, ended, queries: () => progress.queries };
}

/** Keeps what the supervisor's events say, so that it can be asked for. */
class Progress {
  readonly started: Promise<void>;
  isStarted = false;
  queries: readonly QueryState[] = [];
  readonly #missing: Set<string>;
  #resolve: () => void = () => undefined;

  constructor(names: readonly string[]) {
    this.#missing = new Set(names);
    this.started = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  see(event: SupervisorEvent): void {
    if (event.kind === 'progress') this.queries = event.queries;
    if (event.kind !== 'query-started') return;
    this.#missing.delete(event.query);
    if (this.#missing.size > 0) return;
    this.isStarted = true;
    this.#resolve();
  }
}

async function recoverSpark(
  settings: Settings,
  say: (line: string) => void,
): Promise<Pick<Endpoints, 'sparkRemote' | 'sparkToken'>> {
  const { restartSpark } = await import('../stack/index.js');
  say('starting Spark again');
  const { spark } = await restartSpark(settings.stateDir, say);
  return { sparkRemote: spark.remote, sparkToken: spark.token };
}

function assertStopped(outcome: SupervisorOutcome): void {
  switch (outcome.kind) {
    case 'stopped':
      return;
    case 'fenced':
      throw new CommandError(
        EXIT.failed,
        `Another run has taken the pipeline over; this one has stopped. (${firstLine(outcome.error.message)})`,
        { cause: outcome.error },
      );
    case 'crash-loop':
      throw new CommandError(
        EXIT.crashLoop,
        `${outcome.query === undefined ? 'Spark' : `Query ${outcome.query}`} fails again and again: ${firstLine(outcome.error.message)}${outcome.remedy === undefined ? '' : ` ${outcome.remedy}`}`,
        { cause: outcome.error },
      );
  }
}

function describe(event: SupervisorEvent): string | undefined {
  switch (event.kind) {
    case 'took-over':
      return `pipeline taken over (epoch ${event.epoch}), Spark ${event.sparkVersion}`;
    case 'query-started':
      return `query ${event.query} started`;
    case 'query-failed':
      return `query ${event.query} failed, starting again in ${formatSeconds(event.restartInMs / 1_000)}: ${event.outage === undefined ? '' : `${event.outage}: `}${firstLine(event.error.message)}`;
    case 'query-stopped':
      return `query ${event.query} stopped on request; \`sluice queries restart ${event.query}\` starts it again`;
    case 'spark-lost':
      return `Spark is gone, looking again in ${formatSeconds(event.retryInMs / 1_000)}: ${firstLine(event.error.message)}`;
    case 'stopping':
      return 'stopping: the batches under way finish first';
    case 'stopped':
      return 'stopped';
    case 'handler-output': {
      const { query, batch, text } = event.output;
      return `[${query ?? 'query'} · batch ${batch ?? '-'}] ${text}`;
    }
    case 'progress':
      return undefined;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** All queries in one line: how fast, how far behind, how far in event time, which batches. */
export function statusLine(queries: readonly QueryState[]): string {
  const rate = queries.reduce((least, { inputRowsPerSecond }) => Math.max(least, inputRowsPerSecond), 0);
  const lag = queries.reduce((most, query) => Math.max(most, query.lag), 0);
  const watermarks = queries.flatMap(({ watermark }) => (watermark === undefined ? [] : [watermark])).sort();
  const batches = queries.map(({ batchId }) => batchId ?? '-').join('/');
  const waiting = queries.filter(({ phase }) => phase === 'waiting-to-restart').map(({ query }) => query);
  const parts = [
    formatRate(rate),
    `lag ${formatCount(lag)}`,
    `watermark ${watermarks[0] === undefined ? '-' : formatInstant(watermarks[0]).slice(11)}`,
    `batches ${batches}`,
  ];
  if (waiting.length > 0) parts.push(`waiting: ${waiting.join(', ')}`);
  return parts.join(', ');
}
