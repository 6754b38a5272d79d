/**
 * What the dashboard shows, as plain JSON: one value for the page, for `/api/snapshot` and for `/metrics`. Times are ISO 8601, counts are numbers.
 * Nothing here knows a particular pipeline: its queries and tables come as values.
 */

/** A pipeline as far as it can be shown. */
export interface PipelineOutline {
  readonly name: string;
  readonly topics: readonly string[];
  readonly queries: readonly QueryOutline[];
}

export interface QueryOutline {
  readonly name: string;
  readonly description: string;
  readonly topics: readonly string[];
  readonly sink:
    | {
        readonly kind: 'table';
        readonly table: string;
        readonly key: readonly string[];
        readonly columns: readonly string[];
      }
    | {
        readonly kind: 'records';
        readonly lake: boolean;
        readonly enrichedTopic?: string;
        readonly deadLetterTopic: string;
      };
}

export interface ServiceState {
  readonly service: string;
  readonly address: string;
  readonly isUp: boolean;
  readonly problem?: string;
}

/** How far a query is by the ledger, and what it does by the process that runs it. */
export interface QueryNow {
  readonly query: string;
  readonly phase: 'not-running' | 'starting' | 'running' | 'waiting-to-restart' | 'stopping' | 'stopped';
  readonly lastBatch?: string;
  readonly lastCommit?: string;
  /** Rows brought to the sink and records set aside, over all batches. */
  readonly rows: number;
  readonly dead: number;
  readonly watermark?: string;
  /** Records of its topics that no batch in the ledger has read; undefined when Kafka does not say. */
  readonly lag?: number;
  readonly inputRowsPerSecond: number;
  readonly processedRowsPerSecond: number;
  readonly batchDurationMs: number;
  /** Where the last batch's time went, in milliseconds, by Spark's names. */
  readonly durationsMs: Readonly<Record<string, number>>;
  readonly stateRows: number;
  readonly stateBytes: number;
  readonly lateRows: number;
  readonly restarts: number;
  readonly lastError?: string;
}

/** One finished micro-batch, as Spark reported it. */
export interface BatchPoint {
  readonly query: string;
  readonly batchId: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly inputRows: number;
  readonly lateRows: number;
  readonly stateRows: number;
  readonly stateBytes: number;
  /** From the batch's watermark to its end; undefined for a query without one, and before the ledger has the batch. */
  readonly watermarkLagMs?: number;
}

/** A result table as a chart: lines over time. */
export interface TableSeries {
  readonly query: string;
  readonly table: string;
  /** What is drawn, such as `view_count by page_url`. */
  readonly title: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [time: string, value: number])[];
  }[];
  readonly rows: number;
}

export interface LedgerEntry {
  readonly query: string;
  readonly batchId: string;
  readonly rows: number;
  readonly dead: number;
  readonly watermark?: string;
  readonly committedAt: string;
}

export interface DeadLetter {
  readonly reason: string;
  readonly source: string;
  readonly at: string;
  /** The beginning of the original bytes, control characters made visible. */
  readonly text: string;
}

export interface DeadLetters {
  readonly byReason: Readonly<Record<string, number>>;
  /** Newest first. */
  readonly latest: readonly DeadLetter[];
}

/** A batch in which Spark dropped rows as late, by its own count. */
export interface LateBatch {
  readonly query: string;
  readonly batchId: string;
  readonly startedAt: string;
  /** State rows, not events: rows are combined before they reach the state. */
  readonly rows: number;
  /** What they were late for: that of the batch before; undefined when the ledger does not have it. */
  readonly watermark?: string;
}

/** A single row that a query left out, as `sluice verify` has worked it out. */
export interface LateRow {
  readonly query: string;
  readonly batchId: number;
  /** Of the event in its topic. */
  readonly partition: number;
  readonly offset: number;
  readonly eventTime: string;
  /** The window was closed: it ended at or before the watermark. */
  readonly windowEnd: string;
  readonly watermark: string;
}

/** What `sluice verify` found last: recomputed from the Kafka log, compared row by row. */
export interface Verification {
  /** When it ended. */
  readonly at: string;
  readonly ok: boolean;
  /** One sentence. */
  readonly verdict: string;
  /** Names of the checks that do not hold. */
  readonly failed: readonly string[];
  /** The last ones that it has named, latest watermark first; none of a pipeline whose rows it does not know one by one. */
  readonly lateRows: readonly LateRow[];
}

export interface Alert {
  readonly severity: 'warning' | 'critical';
  /** Stable, for machines. */
  readonly name:
    | 'service-down'
    | 'not-running'
    | 'lag-growing'
    | 'watermark-stuck'
    | 'query-restarted'
    | 'query-waiting'
    | 'verification-failed';
  readonly what: string;
}

export interface Snapshot {
  readonly format: 'sluice.dashboard/1';
  readonly at: string;
  readonly pipeline: PipelineOutline;
  readonly services: readonly ServiceState[];
  readonly runSince?: string;
  /** Records in the source topics now; undefined when Kafka does not say. */
  readonly topicRecords?: number;
  readonly queries: readonly QueryNow[];
  /** Per query oldest first. */
  readonly batches: readonly BatchPoint[];
  readonly tables: readonly TableSeries[];
  readonly ledger: readonly LedgerEntry[];
  readonly deadLetters: DeadLetters;
  /** Newest first. */
  readonly lateBatches: readonly LateBatch[];
  readonly sparkUiUrl?: string;
  /** Undefined: never verified, or not where the dashboard sees it. */
  readonly verification?: Verification;
  readonly alerts: readonly Alert[];
}

/** A snapshot before it is judged. */
export type Facts = Omit<Snapshot, 'format' | 'at' | 'alerts'>;
