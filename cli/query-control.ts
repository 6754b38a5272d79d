// What the commands below `sluice queries` share: the run they are about, its pipeline, and a word with its supervisor.
import type { Settings } from '../config/settings.js';
import type { Pipeline, PipelineQuery } from '../spark/pipeline/index.js';
import type { QueryAction, QueryAnswer } from '../spark/supervisor/index.js';
import { CommandError, EXIT } from './exit-codes.js';
import { type RunRecord, readRun } from './run-record.js';
import { suggest } from './suggest.js';

/** The run here, which may be none. A run's own file is the pipeline that is meant, unless another one is given. */
export interface QueryPlace {
  readonly run: RunRecord | undefined;
  readonly pipeline: Pipeline;
}

export async function findQueries(settings: Settings, file?: string): Promise<QueryPlace> {
  const run = readRun(settings.stateDir);
  const { openPipeline } = await import('./open-pipeline.js');
  const pipeline = await openPipeline(settings, file ?? run?.pipeline?.file);
  return { run: run?.pipeline?.name === pipeline.name ? run : undefined, pipeline };
}

/** @throws CommandError with the names that there are. */
export function chooseQuery(pipeline: Pipeline, name: string): PipelineQuery {
  const query = pipeline.queries.find((each) => each.name === name);
  if (query === undefined)
    throw unknownQuery(
      name,
      pipeline.queries.map((each) => each.name),
    );
  return query;
}

export interface AskSupervisorOptions {
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Has the supervisor of the run here do something with a query. @throws CommandError when there is no run, or it refuses. */
export async function askRun<Kind extends QueryAnswer['kind']>(
  settings: Settings,
  action: QueryAction,
  query: string,
  expected: Kind,
  { signal, progress }: AskSupervisorOptions,
): Promise<Extract<QueryAnswer, { kind: Kind }>> {
  const run = readRun(settings.stateDir);
  if (run === undefined)
    throw new CommandError(
      EXIT.failed,
      'No pipeline runs here. `sluice run --detach` starts one with all its queries.',
    );
  const names = run.queries.map((state) => state.query);
  // Before its first look at the queries a run does not list them; then the supervisor knows.
  if (names.length > 0 && !names.includes(query)) throw unknownQuery(query, names);
  const { askSupervisor } = await import('../spark/supervisor/query-requests.js');
  const { pid } = run.process;
  const isThere = (): boolean => readRun(settings.stateDir)?.process.pid === pid;
  progress(`waiting for process ${pid} to ${action} ${query}`);
  const answer = await askSupervisor(settings.stateDir, action, query, { signal, isThere });
  if (answer === undefined)
    throw new CommandError(
      EXIT.failed,
      `The pipeline ended before it could ${action} query ${query}; \`sluice run\` starts it.`,
    );
  if (answer.kind === 'refused' || answer.kind === 'failed') throw new CommandError(EXIT.failed, answer.message);
  if (answer.kind !== expected)
    throw new Error(`asked to ${action}, expected the answer ${expected}, found ${answer.kind}`);
  return answer as Extract<QueryAnswer, { kind: Kind }>;
}

function unknownQuery(name: string, names: readonly string[]): CommandError {
  const close = suggest(name, names);
  const hint = close === undefined ? '' : ` Did you mean ${close}?`;
  return new CommandError(EXIT.input, `There is no query ${name}; there are ${names.join(', ')}.${hint}`);
}
