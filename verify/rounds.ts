/**
 * Verification beside a live system, round after round, whatever is looked at. A look takes the ledger and the tables as of one moment and judges
 * everything that the ledger lists by then: batches in flight are not looked at, complete ones must hold.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Check } from './compare.js';
import type { LateRow, LateRowOfQuery } from './late-row.js';
import { messageOf, VerifyError } from './verify-error.js';

/**
 * - `holds`: every check holds · `waiting`: nothing is wrong, and there is nothing to verify yet, or not for every query
 * - `violated`: a check does not hold · `unreachable`: a service could not be read; the next round tries again
 */
export type RoundOutcome = 'holds' | 'waiting' | 'violated' | 'unreachable';

/** What a round needs to know of a report. */
export interface JudgedReport {
  readonly ok: boolean;
  readonly verdict: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly checks: readonly Check[];
  /** Always in the same order. */
  readonly queries: readonly {
    readonly query: string;
    readonly batches: number;
    readonly pending: number;
    readonly late: number;
    /** Where single late rows are known. */
    readonly lateSamples?: readonly LateRow[];
  }[];
}

/** One round, as a machine reads it; `sluice verify --watch --json` prints one per line. Fields are added, never renamed, unless `format` changes. */
export interface WatchRound<Report> {
  readonly format: 'sluice.verify.round/1';
  /** From 1. */
  readonly round: number;
  /** ISO 8601: when the round began. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: RoundOutcome;
  /** One sentence. */
  readonly verdict: string;
  /**
   * Records of the topics, micro-batches judged, records that no batch of the slowest query has read, and what all queries have left out as late:
   * events, or of a pipeline of one's own the rows that Spark says it dropped.
   */
  readonly records: number;
  readonly batches: number;
  readonly pending: number;
  readonly late: number;
  /** The last late rows of each query, where single ones are known. */
  readonly lateSamples: readonly LateRowOfQuery[];
  /** Names of the checks that do not hold. */
  readonly failed: readonly string[];
  /** Everything, when a check does not hold. */
  readonly report?: Report;
}

export interface RoundOptions {
  readonly signal?: AbortSignal;
  /** Between the end of one round and the beginning of the next. Default 5 s. */
  readonly intervalMs?: number;
}

/** One look at everything, and how many records the topics have. */
export type Look<Report> = () => Promise<{ readonly report: Report; readonly records: number }>;

const INTERVAL_MS = 5_000;

/**
 * Yields a round after each look, for ever: whoever watches ends it, by leaving the loop or by the signal (then it ends without an error).
 * @param onLost called when a look has failed half-way, before the next one
 * @throws VerifyError when the services cannot be read in the first round; later that is a round, too.
 */
export async function* watchRounds<Report extends JudgedReport>(
  look: Look<Report>,
  { signal, intervalMs = INTERVAL_MS }: RoundOptions,
  onLost: () => void = () => undefined,
): AsyncGenerator<WatchRound<Report>, void> {
  let before: Report | undefined;
  for (let round = 1; signal?.aborted !== true; round++) {
    const startedAt = new Date();
    try {
      const { report, records } = await look();
      yield roundOf(round, report, records, before);
      before = report;
    } catch (error) {
      if (signal?.aborted) return;
      if (round === 1 || !(error instanceof VerifyError)) throw error;
      onLost();
      yield unreachable(round, startedAt, error);
    }
    await delay(intervalMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
      // Aborted: the loop ends.
    });
  }
}

function roundOf<Report extends JudgedReport>(
  round: number,
  report: Report,
  records: number,
  before: Report | undefined,
): WatchRound<Report> {
  const shrunk = before?.queries.find((query, i) => (report.queries[i]?.batches ?? 0) < query.batches);
  const bad = report.checks.filter(({ holds, status }) => !holds && status !== 'empty').map(({ name }) => name);
  if (shrunk !== undefined) bad.unshift(`${shrunk.query}.ledger`);
  const outcome = bad.length > 0 ? 'violated' : report.ok ? 'holds' : 'waiting';
  return {
    format: 'sluice.verify.round/1',
    round,
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    outcome,
    verdict:
      shrunk === undefined
        ? report.verdict
        : `The ledger of ${shrunk.query} has lost batches since the round before, when it had ${shrunk.batches}.`,
    records,
    batches: report.queries.reduce((sum, { batches }) => sum + batches, 0),
    pending: Math.max(0, ...report.queries.map(({ pending }) => pending)),
    late: report.queries.reduce((sum, { late }) => sum + late, 0),
    lateSamples: lateSamplesOf(report),
    failed: [...new Set(bad)],
    ...(outcome === 'violated' ? { report } : {}),
  };
}

/** Of all queries, each named. */
function lateSamplesOf({ queries }: Pick<JudgedReport, 'queries'>): LateRowOfQuery[] {
  return queries.flatMap(({ query, lateSamples = [] }) => lateSamples.map((row) => ({ query, ...row })));
}

function unreachable(round: number, startedAt: Date, error: VerifyError): WatchRound<never> {
  return {
    format: 'sluice.verify.round/1',
    round,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    outcome: 'unreachable',
    verdict: messageOf(error),
    records: 0,
    batches: 0,
    pending: 0,
    late: 0,
    lateSamples: [],
    failed: [],
  };
}
