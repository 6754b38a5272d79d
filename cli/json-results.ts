// What each command prints with --json, as types: docs/json/ is made from these (`npm run json:generate`), and the tests hold what the commands really
// print against it. A bigint is printed as text, what is undefined not at all. Commands that print line by line say so in `JSON_LINES`.
import type { ChaosReport, ScheduledFault } from '../chaos/index.js';
import type { ProduceSummary } from '../producer/summary.js';
import type { PlanStep } from '../spark/connect/plan/tree.js';
import type { QueryState } from '../spark/supervisor/index.js';
import type { VerifyReport, WatchRound } from '../verify/index.js';
import type { PipelineReport } from '../verify/pipeline/index.js';
import type { SourcePlace } from './dead-letters/read.js';
import type { RefusedRow } from './dead-letters/refused-rows.js';
import type { DemoResult } from './demo.js';
import type { DoctorCheck } from './doctor.js';
import type { Status } from './health.js';
import type { CompactedDay } from './lake/compaction/index.js';
import type { SwapKind } from './lake/compaction/swap.js';
import type { LakeDay } from './lake-listing.js';
import type { LogEntry } from './logs/log-entry.js';
import type { TopSnapshot } from './top/snapshot.js';
import type { FinishedBatch } from './ui/query-report.js';

/** Commands whose output is one JSON value per line. */
export const JSON_LINES: ReadonlySet<string> = new Set(['lake:query', 'logs', 'sql', 'top']);

/** The report; with --dry-run the faults that would be struck. */
export type ChaosJson = ChaosReport | readonly ScheduledFault[];

/** Every setting, with where its value comes from. */
export type ConfigShowJson = readonly {
  readonly name: string;
  /** As written; of a secret only that it is set. Absent: no value and no default. */
  readonly value?: string;
  /** `environment`, `.env, line 3` or `default`. */
  readonly source: string;
  readonly explanation: string;
  readonly group: string;
}[];

export type DemoJson = DemoResult;

/** Dead letters by reason. */
export interface DlqLsJson {
  readonly format: 'dlq/1';
  readonly pipeline: string;
  readonly reasons: readonly {
    readonly topic: string;
    readonly reason: string;
    readonly letters: number;
    /** ISO 8601, UTC. */
    readonly first: string;
    readonly last: string;
  }[];
  /** Rows that a sink would not take. */
  readonly refused: readonly RefusedRow[];
}

export interface DlqReplayJson {
  readonly format: 'dlq-replay/1';
  readonly isDryRun: boolean;
  /** Ids of the letters that were sent, or would be. */
  readonly sent: readonly string[];
  readonly replayedBefore: readonly string[];
  /** The repair did not want them. */
  readonly leftOut: readonly string[];
}

export interface DlqShowJson {
  readonly format: 'dead-letters/1';
  readonly letters: readonly {
    readonly id: string;
    readonly reason: string;
    readonly source: SourcePlace;
    /** ISO 8601, UTC. */
    readonly deadAt: string;
    readonly key: string | null;
    /** As text; bytes that are none are replaced in it. */
    readonly value: string | null;
    /** As it was. */
    readonly valueBase64: string | null;
  }[];
}

export interface DoctorJson {
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];
}

export interface DownJson {
  /** Whether there was a pipeline to stop, and services. */
  readonly pipelineStopped: boolean;
  readonly servicesStopped: boolean;
}

/** Variables by name, for other tools; passwords and tokens are part of it. */
export type EnvJson = Readonly<Record<string, string>>;

export interface InitJson {
  readonly folder: string;
  readonly template: string;
  readonly files: readonly string[];
  /** Commands to go on with. */
  readonly next: readonly string[];
}

export interface LakeCompactJson {
  readonly format: 'lake-compact/1';
  readonly isDryRun: boolean;
  readonly lakes: readonly {
    readonly query: string;
    readonly path: string;
    /** How days change places; null when none had to. */
    readonly swap: SwapKind | null;
    /** Days of which a compaction that was killed had left something. */
    readonly recovered: readonly string[];
    readonly days: readonly CompactedDayJson[];
  }[];
}

/** Unknown in a dry run: the two that are null. */
export type CompactedDayJson = Omit<CompactedDay, 'groups' | 'rows' | 'bytesAfter'> & {
  readonly rows: number | null;
  readonly bytesAfter: number | null;
};

export interface LakeLsJson {
  readonly format: 'lake/1';
  readonly lakes: readonly { readonly query: string; readonly path: string; readonly days: readonly LakeDay[] }[];
}

/** A row per line, its columns by name; numbers with all their digits, times in ISO 8601, bytes in base64. */
export type LakeQueryJson = Readonly<Record<string, unknown>>;

/** An entry per line. */
export type LogsJson = LogEntry;

export interface OpenJson {
  readonly url: string;
}

export interface PrepareJson {
  readonly topics: readonly string[];
}

export type ProduceJson = ProduceSummary;

export interface PublishJson {
  readonly topic: string;
  readonly records: number;
}

export interface QueriesExplainJson {
  readonly format: 'plan/1';
  readonly query: string;
  /** The plan as it is sent to Spark. */
  readonly plan?: PlanStep;
  /** With --physical: Spark's own words. */
  readonly physical?: string;
}

export interface QueriesListJson {
  readonly format: 'queries/1';
  readonly pipeline: string;
  /** Id of the process that runs it; absent when none does. */
  readonly process?: number;
  readonly queries: readonly { readonly query: string; readonly state?: QueryState }[];
}

export interface QueriesRestartJson {
  readonly format: 'query-restart/1';
  readonly query: string;
  readonly queryId: string;
  readonly runId: string;
}

export interface QueriesShowJson {
  readonly format: 'query/1';
  readonly query: string;
  readonly description: string;
  /** Topics. */
  readonly reads: readonly string[];
  readonly mode: string;
  readonly into: string;
  readonly state?: QueryState;
  /** Newest first; absent when Postgres does not answer. */
  readonly batches?: readonly FinishedBatch[];
}

export interface QueriesStopJson {
  readonly format: 'query-stop/1';
  readonly query: string;
}

export interface ResetJson {
  readonly isDryRun: boolean;
  /** False in a dry run, and when the answer to the question was no. */
  readonly isDone: boolean;
  /** What goes, for people. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}

/** Of --detach. */
export interface RunJson {
  readonly pid: number;
  readonly logFile: string;
}

/** A row per line, as of `sluice lake query`. */
export type SqlJson = Readonly<Record<string, unknown>>;

export interface StatusJson extends Status {
  /** False: no services have been started here, not all of them, or not yet, and no others are named; the lists are empty then. */
  readonly isRunning: boolean;
  /** Where the services run, for people. */
  readonly place: string;
  readonly sparkUiUrl?: string;
  readonly stateDir: string;
}

/** The rows, columns by name; values as Postgres prints them. */
export type TableJson = readonly Readonly<Record<string, string | null>>[];

/** A snapshot per line; with --once, one. */
export type TopJson = TopSnapshot;

/** Addresses, without passwords: `sluice env --json` has those. */
export interface UpJson {
  /** False: everything ran already. */
  readonly isStarted: boolean;
  readonly kafka: string;
  readonly postgres: string;
  readonly spark: string;
  readonly sparkUiUrl?: string;
  readonly stateDir: string;
}

/** The report; of a pipeline of your own, its report; with --watch a round per line. */
export type VerifyJson = VerifyReport | PipelineReport | WatchRound<VerifyReport> | WatchRound<PipelineReport>;
