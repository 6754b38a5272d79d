/**
 * The verdict as a value. Everything in it is plain JSON: counts are numbers, times are ISO 8601 with microseconds. `sluice verify --json`
 * prints it as it is; fields are added in later versions, never renamed, unless `format` changes.
 */
import type { QueryName } from '../config/names.js';
import type { DeadReason } from './activity.js';
import { type Check, tooEarly } from './compare.js';
import type { LateRow } from './late-row.js';
import { countOf } from './refused.js';
import type { VerifySettings } from './settings.js';

export interface VerifyReport {
  readonly format: 'sluice.verify/1';
  /** True only if something was verified for every query and every check holds. */
  readonly ok: boolean;
  /** One sentence: the outcome. */
  readonly verdict: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly settings: VerifySettings;
  /** The activity topic as of the start. */
  readonly topic: TopicSummary;
  readonly queries: readonly QuerySummary[];
  readonly checks: readonly Check[];
}

export interface TopicSummary {
  readonly name: string;
  readonly exists: boolean;
  readonly partitions: number;
  /** Records that a read_committed reader sees: valid + dead. */
  readonly records: number;
  readonly valid: number;
  readonly dead: number;
  readonly deadByReason: Readonly<Partial<Record<DeadReason, number>>>;
}

/** The conservation lines: `records = valid + dead`, and `relevant = counted + late + open`. Each of them is also a check. */
export interface QuerySummary {
  readonly query: QueryName;
  /** Micro-batches in the ledger. */
  readonly batches: number;
  /** Of the records that these batches have read. */
  readonly records: number;
  readonly valid: number;
  readonly dead: number;
  /** Valid events that the query works on: page views for page_view_counts, all for the others. */
  readonly relevant: number;
  /** Events that are in the query's result. */
  readonly counted: number;
  /** Events left out altogether because all of their windows were closed. */
  readonly late: number;
  /** Rows left out: (event, window) pairs. Larger than `late` for sliding windows, where an event has several windows. */
  readonly latePairs: number;
  /** Events in sessions that are not closed yet. */
  readonly open: number;
  /** Records of the topic that no batch of the ledger has read yet. */
  readonly pending: number;
  /** Rows that the query's sinks refused and that are in `sluice.refused_rows` in place of them. */
  readonly refused: number;
  /** The last of them, in the order in which they were read. */
  readonly lateSamples: readonly LateRow[];
}

/** Whether all holds, and the sentence that says so. Something must have been verified for every query: an empty system passes nothing. */
export function verdictOf(
  topic: TopicSummary,
  queries: readonly QuerySummary[],
  checks: readonly Check[],
): { readonly ok: boolean; readonly verdict: string } {
  if (topic.records === 0 && queries.every(({ batches }) => batches === 0)) {
    const why = topic.exists ? 'is empty' : 'does not exist';
    const failed = checks.filter(({ status }) => status === 'failed').map(({ name }) => name);
    const nevertheless = failed.length === 0 ? '' : `, and yet these checks failed: ${failed.join(', ')}`;
    return {
      ok: false,
      verdict: `Nothing to verify: the topic ${topic.name} ${why} and the ledger has no batch${nevertheless}.`,
    };
  }
  const idle = queries.filter(({ records }) => records === 0).map(({ query }) => query);
  const bad = checks.filter(({ holds }) => !holds);
  if (bad.some(({ status }) => status !== 'empty') || (bad.length > 0 && idle.length === 0)) {
    const names = bad.map(({ name }) => name).join(', ');
    return { ok: false, verdict: `${bad.length} of ${checks.length} checks do not hold: ${names}.` };
  }
  if (idle.length > 0) return { ok: false, verdict: tooEarly(idle) };
  const skipped = checks.filter(({ status }) => status === 'skipped').map(({ name }) => name);
  const records = Math.min(...queries.map((query) => query.records));
  const refused = queries.reduce((sum, query) => sum + query.refused, 0);
  return {
    ok: true,
    verdict: [
      `All ${checks.length - skipped.length} checks hold, over ${records.toLocaleString('en')} records.`,
      ...(refused === 0 ? [] : [`${countOf(refused)} refused by a sink: see sluice.refused_rows.`]),
      ...(skipped.length === 0 ? [] : [`Not run: ${skipped.join(', ')}.`]),
    ].join(' '),
  };
}
