/** Queries with TypeScript handlers for the tests: started on a source that makes ten numbers per batch, and ended with the test. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { SparkSession, StreamingQuery } from '../../../spark/connect/index.js';
import { Trigger } from '../../../spark/connect/index.js';
import type { LogRecord } from '../../../spark/worker/console-capture.js';
import { batchHandler, type HandlerSpec } from '../../../spark/worker/index.js';
import { workerLogOf } from '../../../stack/state.js';
import { eventually } from '../../support/eventually.js';

export const ROWS_PER_BATCH = 10;

/** The log outlives a run of the tests. */
const begin = new Date().toISOString();

/** Where one of the handlers of test/fixtures/handlers is. */
export function handlerFile(name: string): URL {
  return new URL(`../../fixtures/handlers/${name}.js`, import.meta.url);
}

/** Starts a query that is stopped when the test ends. */
export async function startQuery<P>(
  t: TestContext,
  spark: SparkSession,
  name: string,
  spec: HandlerSpec<P>,
  checkpoint?: string,
): Promise<StreamingQuery> {
  const query = await spark.readStream
    .format('rate-micro-batch')
    .option('rowsPerBatch', ROWS_PER_BATCH)
    .load()
    .writeStream.queryName(name)
    .trigger(Trigger.processingTime('100 milliseconds'))
    .options(checkpoint === undefined ? {} : { checkpointLocation: checkpoint })
    .foreachBatch(batchHandler(spec))
    .start();
  t.after(() => query.stop().catch(() => undefined));
  return query;
}

/** Why the query ended; fails if it does not end in time. */
export async function failureOf(query: StreamingQuery): Promise<Error> {
  try {
    const hasEnded = await query.awaitTermination(30_000);
    return new Error(hasEnded ? 'the query ended without an error' : 'the query did not end');
  } catch (error) {
    return error as Error;
  }
}

/** A folder that is gone after the test; the server, which is on this machine, writes there too. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-worker-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

/** The objects of a file with one on each line, once there are `count` of them. */
export async function readLines<T>(file: string, count: number): Promise<T[]> {
  return eventually(`${count} lines in ${file}`, async () => {
    const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '') : [];
    return lines.length >= count ? lines.map((line) => JSON.parse(line) as T) : undefined;
  });
}

/** The records of a query in the server's log of its workers, once `isComplete` says so. */
export async function readLog(query: string, isComplete: (records: LogRecord[]) => boolean): Promise<LogRecord[]> {
  const state = process.env.SLUICE_TEST_STATE;
  const file = process.env.SLUICE_WORKER_LOG ?? (state === undefined ? undefined : workerLogOf(state));
  if (file === undefined) throw new Error('SLUICE_WORKER_LOG must name the log of the server under test');
  return eventually(`the log of ${query}`, async () => {
    const records = (await readLines<LogRecord>(file, 1)).filter(
      ({ query: of, time }) => of === query && time >= begin,
    );
    return isComplete(records) ? records : undefined;
  });
}
