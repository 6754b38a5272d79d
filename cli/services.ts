// Which Kafka, Postgres and Spark a command works with: those of the settings, or the embedded ones that run here.
import { type Endpoints, endpointsOf } from '../config/endpoints.js';
import type { Settings } from '../config/settings.js';
import type { Pipeline } from '../spark/pipeline/index.js';
import type { Stack } from '../stack/index.js';
import { CommandError, EXIT } from './exit-codes.js';

/** @throws CommandError when the services are embedded and not all of them run. */
export async function findEndpoints(settings: Settings): Promise<Endpoints> {
  if (settings.services.kind === 'external') return endpointsOf(settings);
  const { inspectStack } = await import('../stack/index.js');
  const found = inspectStack(settings.stateDir);
  switch (found.kind) {
    case 'running':
      return endpointsOf(settings, found.stack);
    case 'starting':
      throw new CommandError(EXIT.unreachable, 'The services are just being started. Try again in a moment.');
    case 'broken':
      throw new CommandError(
        EXIT.unreachable,
        `${found.dead.map(capitalized).join(' and ')} no longer runs; \`sluice up\` starts it again, its log is in ${found.stack.logDir}.`,
      );
    case 'none':
      throw new CommandError(
        EXIT.unreachable,
        'Nothing is running here. Start it with `sluice up`, or set KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL and SPARK_REMOTE.',
      );
  }
}

export interface OpenServices {
  readonly endpoints: Endpoints;
  /** Whether this call has started them; then the caller also stops them, or says that they stay. */
  readonly isStarted: boolean;
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** The services end with this process, whatever ends it. */
  readonly isOwned: boolean;
  readonly report: (line: string) => void;
}

/** The services of the settings, or the embedded ones, which are started if need be. @throws StackError */
export async function openServices(settings: Settings, options: OpenOptions): Promise<OpenServices> {
  if (settings.services.kind === 'external') return { endpoints: endpointsOf(settings), isStarted: false };
  const { startStack } = await import('../stack/index.js');
  const { signal, isOwned, report } = options;
  const stack = await startStack(settings.stack, report, { signal, isOwned });
  assertWorkers(settings, stack);
  return { endpoints: endpointsOf(settings, stack), isStarted: !stack.isReused };
}

/** A running stack keeps its cluster: what was asked for in vain is said. */
function assertWorkers(settings: Settings, stack: Stack): void {
  const asked = settings.stack.spark.cluster?.workers ?? 0;
  const there = stack.spark.cluster?.workerPids.length ?? 0;
  // Whoever asks for none takes what is there.
  if (asked === 0 || asked === there) return;
  throw new CommandError(
    EXIT.failed,
    `Spark runs here ${there === 0 ? 'without a cluster' : `on ${there} workers`}, not on ${asked}. \`sluice down\` first, then start it anew.`,
  );
}

/** Whose services these are, in a few words; of a cluster here also who works. */
export async function placeOf(settings: Settings, env: string | undefined): Promise<string> {
  if (env === 'docker') return 'in Docker, by the .env of this folder';
  if (settings.services.kind === 'external')
    return 'that exist, as SPARK_REMOTE, KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL say';
  const { readExecutors, readStack } = await import('../stack/index.js');
  const cluster = (await readStack(settings.stateDir))?.spark.cluster;
  const here = `started here, in ${settings.stateDir}`;
  if (cluster === undefined) return here;
  const pids = readExecutors(settings.stateDir).map(({ pid }) => pid);
  return `${here}; Spark on ${cluster.workerPids.length} workers, executors ${pids.join(' ') || 'none'}`;
}

/** Makes the topics and tables that are missing, also those that a pipeline `needs`. Leaves what is there as it is. @throws StackError */
export async function prepareSinks(
  endpoints: Endpoints,
  settings: Settings,
  needs: Pipeline['needs'] = { tables: [], topics: [] },
): Promise<void> {
  const { applySchema, ensureTopics } = await import('../stack/index.js');
  await Promise.all([
    ensureTopics(endpoints.bootstrapServers, settings.topics, needs.topics),
    applySchema(endpoints.databaseUrl, needs.tables),
  ]);
}

/** A URL to show: without the password. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:/@]*):[^@]*@/i, '$1:***@').replace(/(;token=)[^;]*/i, '$1***');
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
