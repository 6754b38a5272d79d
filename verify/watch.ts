/**
 * Verification beside a live system, round after round. Each round takes the ledger and the tables as of one moment (REPEATABLE READ) and judges
 * everything that the ledger lists by then: batches in flight are not looked at, complete ones must hold. Of the activity topic only what is
 * new is read; tables, lake and output topics are read whole each time, since a wrong row can appear anywhere.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoints } from '../config/endpoints.js';
import { ActivityTopic } from './activity-topic.js';
import type { VerifyReport } from './report.js';
import { DEFAULT_SETTINGS } from './settings.js';
import { type VerifyOptions, verifyRound } from './verify.js';
import { messageOf, VerifyError } from './verify-error.js';

/**
 * - `holds`: every check holds · `waiting`: nothing is wrong, and there is nothing to verify yet, or not for every query
 * - `violated`: a check does not hold · `unreachable`: a service could not be read; the next round tries again
 */
export type RoundOutcome = 'holds' | 'waiting' | 'violated' | 'unreachable';

/** One round, as a machine reads it; `sluice verify --watch --json` prints one per line. Fields are added, never renamed, unless `format` changes. */
export interface WatchRound {
  readonly format: 'sluice.verify.round/1';
  /** From 1. */
  readonly round: number;
  /** ISO 8601: when the round began. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: RoundOutcome;
  /** One sentence. */
  readonly verdict: string;
  /** Records of the topic, micro-batches judged, records that no batch of the slowest query has read, events left out as late by all queries. */
  readonly records: number;
  readonly batches: number;
  readonly pending: number;
  readonly late: number;
  /** Names of the checks that do not hold. */
  readonly failed: readonly string[];
  /** Everything, when a check does not hold. */
  readonly report?: VerifyReport;
}

export interface WatchOptions extends VerifyOptions {
  /** Between the end of one round and the beginning of the next. Default 5 s. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 5_000;

/**
 * Yields a round after each look, for ever: whoever watches ends it, by leaving the loop or by the signal (then it ends without an error).
 * @throws VerifyError when the services cannot be read in the first round; later that is a round, too.
 */
export async function* watch(endpoints: Endpoints, options: WatchOptions = {}): AsyncGenerator<WatchRound, void> {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const { signal, intervalMs = INTERVAL_MS } = options;
  let activity = new ActivityTopic(settings);
  let ledgerBefore: VerifyReport | undefined;
  for (let round = 1; signal?.aborted !== true; round++) {
    const startedAt = new Date();
    try {
      const report = await verifyRound(endpoints, settings, activity, options, true);
      yield roundOf(round, report, ledgerBefore);
      ledgerBefore = report;
    } catch (error) {
      if (signal?.aborted) return;
      if (round === 1 || !(error instanceof VerifyError)) throw error;
      // What was half read is read again as a whole.
      activity = new ActivityTopic(settings);
      yield unreachable(round, startedAt, error);
    }
    await delay(intervalMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
      // Aborted: the loop ends.
    });
  }
}

function roundOf(round: number, report: VerifyReport, before: VerifyReport | undefined): WatchRound {
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
    records: report.topic.records,
    batches: report.queries.reduce((sum, { batches }) => sum + batches, 0),
    pending: Math.max(0, ...report.queries.map(({ pending }) => pending)),
    late: report.queries.reduce((sum, { late }) => sum + late, 0),
    failed: [...new Set(bad)],
    ...(outcome === 'violated' ? { report } : {}),
  };
}

function unreachable(round: number, startedAt: Date, error: VerifyError): WatchRound {
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
    failed: [],
  };
}
