/**
 * What a handler finds when Spark calls it, without a streaming query: a checkpoint folder as Spark 4.2 leaves it, a turn in the fence, and the
 * context of a batch. Own pipeline name, own folder; all gone after the file's tests.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { batchId, type DataFrame, type SparkSession } from '../../../spark/connect/index.js';
import { raiseEpoch } from '../../../spark/sinks/fence.js';
import { withClient } from '../../../spark/sinks/postgres.js';
import type { QueryParams } from '../../../spark/sinks/sink.js';
import type { BatchContext, BatchHandler } from '../../../spark/worker/index.js';

/** Batches that the checkpoint knows: batch N covers ten offsets from 10 N of one partition, with a watermark from batch 1 on. */
export const BATCHES = 8;
export const WATERMARK_MS = Date.parse('2026-03-01T12:00:00Z');

export interface TestQuery {
  readonly spark: SparkSession;
  readonly folder: string;
  readonly queryId: string;
  readonly params: QueryParams;
  /** Calls the handler as the worker does. */
  deliver<P>(handler: BatchHandler<P>, id: number, frame: DataFrame, params: P): Promise<void>;
  /** The ledger's rows of this query, without the time of the commit. */
  ledger(): Promise<Record<string, unknown>[]>;
  /** What sinks refused of this query's batches. */
  refused(): Promise<{ readonly what: string; readonly why: string }[]>;
  /** Gives the pipeline to somebody else. */
  takeOver(): Promise<bigint>;
}

export async function createQuery(spark: SparkSession): Promise<TestQuery> {
  const pipeline = `sinks_${randomUUID().slice(0, 8)}`;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sinks-'));
  const queryId = randomUUID();
  await mkdir(join(folder, 'offsets'));
  await mkdir(join(folder, 'sources', '0'), { recursive: true });
  await writeFile(join(folder, 'metadata'), JSON.stringify({ id: queryId }));
  await writeFile(join(folder, 'sources', '0', '0'), '\u0000v1\n{"t":{"0":0}}');
  for (let id = 0; id < BATCHES; id++) {
    const metadata = JSON.stringify({ batchWatermarkMs: id === 0 ? 0 : WATERMARK_MS, batchTimestampMs: 1, conf: {} });
    await writeFile(join(folder, 'offsets', String(id)), `v1\n${metadata}\n{"t":{"0":${(id + 1) * 10}}}`);
  }
  const takeOver = (): Promise<bigint> => withClient((client) => raiseEpoch(client, pipeline, 'a test'));
  const epoch = await takeOver();
  after(async () => {
    await withClient(async (client) => {
      for (const table of ['ledger', 'refused_rows', 'fence']) {
        await client.query(`DELETE FROM sluice.${table} WHERE pipeline = $1`, [pipeline]);
      }
    });
    await rm(folder, { recursive: true, force: true });
  });

  return {
    spark,
    folder,
    queryId,
    params: { pipeline, query: 'q', epoch: String(epoch), checkpoint: folder, poisonRowsMax: 2 },
    async deliver(handler, id, frame, params) {
      const context: BatchContext<typeof params> = {
        batchId: batchId(id),
        queryName: 'q',
        queryId: undefined,
        runId: undefined,
        spark,
        params,
        signal: new AbortController().signal,
        log: console,
      };
      await asWriter(() => handler(frame, context));
    },
    ledger: () =>
      withClient(async (client) => {
        const { rows } = await client.query<Record<string, unknown>>(
          `SELECT batch_id, epoch, offsets, watermark, rows, dead, query_id FROM sluice.ledger
           WHERE pipeline = $1 ORDER BY batch_id`,
          [pipeline],
        );
        return rows;
      }),
    refused: () =>
      withClient(async (client) => {
        const { rows } = await client.query<{ what: string; why: string }>(
          'SELECT what, why FROM sluice.refused_rows WHERE pipeline = $1 ORDER BY batch_id, number',
          [pipeline],
        );
        return rows;
      }),
    takeOver,
  };
}

/** Runs `work` with the login that the pipeline has: the tests' own may do more, and the executors know the password of that one only. */
export async function asWriter<T>(work: () => Promise<T>): Promise<T> {
  const { DATABASE_URL: own, SLUICE_TEST_WRITER_URL: writer } = process.env;
  if (own === undefined || writer === undefined || writer === '') return work();
  process.env.DATABASE_URL = writer;
  try {
    return await work();
  } finally {
    process.env.DATABASE_URL = own;
  }
}

/** The frame, except that `work` is done when its rows are first counted or read: in the middle of a handler's way. */
export function whenRead(frame: DataFrame, work: () => Promise<unknown>): DataFrame {
  let done: Promise<unknown> | undefined;
  const before = (): Promise<unknown> => (done ??= work());
  return new Proxy(frame, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      switch (name) {
        case 'select':
          return (...columns: Parameters<DataFrame['select']>) => whenRead(target.select(...columns), before);
        case 'count':
          return async () => {
            await before();
            return target.count();
          };
        case 'rowBatches':
          return async function* () {
            await before();
            yield* target.rowBatches();
          };
        default:
          return typeof value === 'function' ? value.bind(target) : value;
      }
    },
  });
}

/** `service` is the name of the variable that the suite's launcher sets. */
export function required(service: string): string {
  const value = process.env[service];
  assert.ok(value, `${service} must name the service under test`);
  return value;
}
