/**
 * Writes down what Spark says of each finished micro-batch: how long it took, how many rows it read, how many it dropped as late, how large its
 * state is. For people and reports only: no batch waits for it, and what cannot be written now is written with the next ones.
 */
import { type StreamingQuery, type StreamingQueryProgress, timestampToString } from '../connect/index.js';
import { withClient } from '../sinks/postgres.js';
import { isSparkLost } from './failure.js';

/** What one row of `sluice.batches` says, besides the pipeline. */
export interface BatchRecord {
  readonly query: string;
  readonly query_id: string;
  readonly batch_id: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly duration_ms: number;
  readonly input_rows: number;
  readonly late_rows: number;
  readonly state_rows: number;
  readonly state_bytes: number;
}

/** As many as an hour of four queries at two seconds a batch; the oldest are forgotten first. */
const PENDING_MAX = 7_200;

export class BatchRecorder {
  readonly #pipeline: string;
  readonly #write: (pipeline: string, records: readonly BatchRecord[]) => Promise<void>;
  /** Per query the run and its last batch that was taken down. */
  readonly #last = new Map<string, { readonly runId: string; readonly batchId: bigint }>();
  #pending: BatchRecord[] = [];

  constructor(pipeline: string, write: (pipeline: string, records: readonly BatchRecord[]) => Promise<void>) {
    this.#pipeline = pipeline;
    this.#write = write;
  }

  /** Takes down the batches that the query has finished since the last call. @throws SparkError only when Spark is lost. */
  async see(name: string, query: StreamingQuery): Promise<void> {
    try {
      await this.#takeDown(name, query);
    } catch (error) {
      // A query that has just ended may not be asked any more; its batches are in the ledger all the same.
      if (isSparkLost(error)) throw error;
    }
  }

  async #takeDown(name: string, query: StreamingQuery): Promise<void> {
    const newest = await query.lastProgress();
    if (newest === undefined) return;
    const before = this.#last.get(name);
    const isKnownRun = before?.runId === query.runId;
    if (isKnownRun && newest.batchId === before.batchId) return;
    // Only when batches are shorter than the interval at which the supervisor looks: each report is some kilobytes.
    const hasGap = !isKnownRun || newest.batchId > before.batchId + 1n;
    const reports = hasGap ? await query.recentProgress() : [newest];
    for (const report of reports) {
      if (isKnownRun && report.batchId <= before.batchId) continue;
      this.#pending.push(recordOf(name, report));
    }
    this.#last.set(name, { runId: query.runId, batchId: newest.batchId });
  }

  /** Writes what was taken down. A database that does not answer now is asked again next time. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const records = this.#pending;
    this.#pending = [];
    try {
      await this.#write(this.#pipeline, records);
    } catch {
      // The database's troubles show where they matter: in the batches.
      this.#pending = [...records, ...this.#pending].slice(-PENDING_MAX);
    }
  }
}

function recordOf(query: string, progress: StreamingQueryProgress): BatchRecord {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const { stateOperators } = progress;
  return {
    query,
    query_id: progress.id,
    batch_id: String(progress.batchId),
    started_at: timestampToString(progress.startedAt),
    duration_ms: progress.batchDurationMs,
    input_rows: progress.numInputRows,
    late_rows: sum(stateOperators.map((operator) => operator.numRowsDroppedByWatermark)),
    state_rows: sum(stateOperators.map((operator) => operator.numRowsTotal)),
    state_bytes: sum(stateOperators.map((operator) => operator.memoryUsedBytes)),
  };
}

/** One statement for all of them; a batch that Spark repeated keeps its first record. */
export async function writeBatchRecords(
  databaseUrl: string,
  pipeline: string,
  records: readonly BatchRecord[],
): Promise<void> {
  await withClient(
    (client) =>
      client.query(
        `INSERT INTO sluice.batches (pipeline, query, query_id, batch_id, started_at, duration_ms, input_rows, late_rows, state_rows, state_bytes)
         SELECT $1, query, query_id, batch_id, started_at, duration_ms, input_rows, late_rows, state_rows, state_bytes
         FROM jsonb_to_recordset($2) AS r (query text, query_id uuid, batch_id bigint, started_at timestamptz, duration_ms bigint,
                                           input_rows bigint, late_rows bigint, state_rows bigint, state_bytes bigint)
         ON CONFLICT DO NOTHING`,
        [pipeline, JSON.stringify(records)],
      ),
    databaseUrl,
  );
}
