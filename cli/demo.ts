// The whole system once, from simulated users to verified tables. Everything that `sluice demo` does between its options and its exit code.
import { type Endpoints, readerUrlOf } from '../config/endpoints.js';
import { PIPELINE_NAME } from '../config/names.js';
import type { Settings } from '../config/settings.js';
import { type ProduceOptions, type ProduceSummary, produce } from '../producer/index.js';
import { awaitCaughtUp, type QueryState } from '../spark/supervisor/index.js';
import { type VerifyReport, verify } from '../verify/index.js';
import { openPipeline as openUserActivity } from './open-pipeline.js';
import { type PipelineRun, runPipeline, statusLine } from './pipeline-run.js';
import { readRun } from './run-record.js';
import { openServices, prepareSinks } from './services.js';
import type { TableSample } from './table-samples.js';
import { formatCount, formatSeconds } from './ui/numbers.js';
import { sayProduceProgress } from './ui/produce-report.js';
import type { Talk } from './ui/talk.js';
import { sayVerifyProgress, verifyOptionsOf } from './verification.js';
import { recordReport } from './verification-record.js';

export interface DemoOptions {
  readonly settings: Settings;
  /** What to produce; where is settled here. */
  readonly production: Omit<ProduceOptions, 'bootstrapServers' | 'topic'>;
  readonly talk: Talk;
  /** Ends the demo: what it has started is stopped in order, and it throws the signal's reason. */
  readonly signal: AbortSignal;
}

/** At least so many micro-batches per query, however slow the first one is. */
const BATCHES_MIN = 4;

export interface DemoResult {
  readonly produced: ProduceSummary;
  readonly report: VerifyReport;
  readonly tables: readonly TableSample[];
  /** As they were when all was through. */
  readonly queries: readonly QueryState[];
  /** From the first event sent until the last batch was in. */
  readonly throughSeconds: number;
  readonly sparkUiUrl: string | undefined;
  readonly lakePath: string;
}

/**
 * Starts the services unless they run, runs the pipeline unless it runs, produces, waits until everything is through, verifies and looks into
 * the tables. What it has started it stops, whatever happens; what it has found running goes on.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { settings, talk, signal } = options;
  const say = (line: string): void => talk.line(line);
  step(talk, 'services');
  const { endpoints, isStarted } = await openServices(settings, { signal, isOwned: true, report: say });
  if (!isStarted) say('used as they run; they go on after the demo');

  try {
    await prepareSinks(endpoints, settings);
    return await runOn(endpoints, options);
  } finally {
    if (isStarted) {
      step(talk, 'stopping');
      const { stopStack } = await import('../stack/index.js');
      await stopStack(settings.stateDir, say);
    }
  }
}

async function runOn(endpoints: Endpoints, options: DemoOptions): Promise<DemoResult> {
  const { settings, talk, signal } = options;
  const stopPipeline = new AbortController();
  const stop = (): void => stopPipeline.abort();
  signal.addEventListener('abort', stop, { once: true });
  let run: PipelineRun | undefined;

  try {
    step(talk, 'pipeline');
    run = await openPipeline(endpoints, options, stopPipeline.signal);
    signal.throwIfAborted();

    step(talk, 'simulated users');
    const begin = performance.now();
    const produced = await failingWith(run, produceAll(endpoints, options));
    signal.throwIfAborted();
    await failingWith(run, awaitAllThrough(endpoints, options, run));
    const throughSeconds = (performance.now() - begin) / 1_000;
    talk.endProgress();
    talk.line(`everything is through, ${formatSeconds(throughSeconds)} after the first event`);
    const queries = run?.queries() ?? [];

    step(talk, 'verification');
    const report = await verify(endpoints, {
      ...verifyOptionsOf(settings),
      signal,
      onProgress: (progress) => sayVerifyProgress(talk, progress),
    });
    talk.endProgress();
    recordReport(settings.stateDir, PIPELINE_NAME, report);
    talk.line(report.verdict);
    const { readTableSamples } = await import('./table-samples.js');
    const tables = await readTableSamples(readerUrlOf(endpoints));
    const { sparkUiUrl, lakePath } = endpoints;
    return { produced, report, tables, queries, throughSeconds, sparkUiUrl, lakePath };
  } finally {
    signal.removeEventListener('abort', stop);
    talk.endProgress();
    stop();
    await run?.ended.catch((error: unknown) => {
      // Whoever waited for the run has this error already; it is only new when the run fails while it is being stopped.
      talk.line(`the pipeline did not end in order: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

/** Undefined when another process runs the pipeline already: then that one does the work. */
async function openPipeline(
  endpoints: Endpoints,
  { settings, production, talk }: DemoOptions,
  signal: AbortSignal,
): Promise<PipelineRun | undefined> {
  const other = readRun(settings.stateDir);
  if (other !== undefined) {
    talk.line(`it runs already, as process ${other.process.pid}, and goes on after the demo`);
    return undefined;
  }
  // In a single batch nothing is ever late: the watermark moves from batch to batch only. So the events are made to come in several.
  const maxOffsetsPerTrigger = Math.min(
    settings.pipeline.maxOffsetsPerTrigger,
    Math.ceil((production.count ?? 1) / BATCHES_MIN),
  );
  const run = await runPipeline({
    settings: { ...settings, pipeline: { ...settings.pipeline, maxOffsetsPerTrigger } },
    endpoints,
    pipeline: await openUserActivity(settings),
    signal,
    say: (line) => {
      if (!signal.aborted) talk.line(line);
    },
  });
  await run.started;
  if (endpoints.sparkUiUrl !== undefined) talk.line(`Spark's page: ${endpoints.sparkUiUrl}`);
  return run;
}

async function produceAll(
  endpoints: Endpoints,
  { settings, production, talk, signal }: DemoOptions,
): Promise<ProduceSummary> {
  const summary = await produce(
    { ...production, bootstrapServers: endpoints.bootstrapServers, topic: settings.topics.activity },
    { signal, onProgress: (progress) => sayProduceProgress(talk, progress) },
  );
  talk.endProgress();
  talk.line(
    `${formatCount(summary.sent)} records sent in ${formatSeconds(summary.seconds)}: ${formatCount(summary.valid)} valid ` +
      `(${formatCount(summary.late)} late) + ${formatCount(summary.malformed)} malformed`,
  );
  return summary;
}

async function awaitAllThrough(
  endpoints: Endpoints,
  { settings, talk, signal }: DemoOptions,
  run: PipelineRun | undefined,
): Promise<void> {
  const pipeline = run?.pipeline ?? (await openUserActivity(settings));
  let most = 0;
  await awaitCaughtUp({ pipeline, endpoints, settings: settings.pipeline, signal }, (left) => {
    most = Math.max(most, left);
    const queries = run?.queries() ?? [];
    const text =
      left === 0 ? 'waiting for the last windows to close' : `${formatCount(left)} records to go over all queries`;
    talk.bar(most - left, most, talk.isLive || queries.length === 0 ? text : `${text}; ${statusLine(queries)}`);
  });
}

/** Waits for `work`, but no longer than the pipeline lives: without it the work would wait for ever. */
async function failingWith<T>(run: PipelineRun | undefined, work: Promise<T>): Promise<T> {
  if (run === undefined) return work;
  const ended = run.ended.then(() => {
    throw new Error('The pipeline was stopped before everything was through.');
  });
  // Most often it ends after `work` has, when nobody waits for it here any more.
  ended.catch(() => undefined);
  return Promise.race([work, ended]);
}

function step(talk: Talk, name: string): void {
  talk.line(talk.style.bold(name));
}
