/** What a run of faults has shown, as a value: plain JSON, printed by `sluice chaos --json` as it is. */
import type { VerifyReport } from '../verify/index.js';
import type { FaultName } from './fault.js';
import type { OwnEnd } from './kept-process.js';
import type { ReaderSummary } from './readers/violations.js';

export interface StruckFault {
  readonly number: number;
  readonly name: FaultName;
  readonly what: string;
  /** Seconds since the first fault could strike. */
  readonly atSeconds: number;
  readonly isInBatch: boolean;
  /** Until every query had a batch in the ledger that began after the strike; pauses and down times are part of it. */
  readonly recoveredMs: number;
}

export interface KindSummary {
  readonly name: FaultName;
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface LeftOut {
  readonly name: FaultName;
  readonly why: string;
}

/** Rows and records that are not as they must be, over all checks of the oracle. */
export interface WrongRows {
  /** Expected and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly duplicated: number;
  /** There and not expected, or with other values. */
  readonly wrong: number;
}

export interface ChaosReport {
  readonly format: 'sluice.chaos/1';
  readonly ok: boolean;
  /** One sentence. */
  readonly verdict: string;
  readonly seed: number;
  /** Faults that were begun: all of the schedule, or those for which there was time. */
  readonly faultsBegun: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly faults: readonly StruckFault[];
  readonly kinds: readonly KindSummary[];
  readonly leftOut: readonly LeftOut[];
  /** What went wrong with the run itself: no progress, a message that never came. */
  readonly failures: readonly string[];
  readonly rows: WrongRows;
  readonly verification: VerifyReport | undefined;
  readonly readers: readonly ReaderSummary[];
  readonly leftovers: readonly string[];
  readonly supervisor: {
    readonly starts: number;
    readonly ownEnds: readonly OwnEnd[];
    readonly exitCode: number | null;
  };
  readonly producer: { readonly starts: number; readonly ownEnds: readonly OwnEnd[] };
  /** Where data and logs are; undefined when they have been removed. */
  readonly folder: string | undefined;
}

export type Findings = Omit<ChaosReport, 'format' | 'ok' | 'verdict' | 'kinds' | 'rows'>;

/** Judges what was found: ok only if every fault struck, the system came back from each, and nothing at all is wrong. */
export function judge(findings: Findings): ChaosReport {
  const rows = wrongRowsOf(findings.verification);
  const wrong = reasonsOf(findings, rows);
  const inBatch = findings.faults.filter(({ isInBatch }) => isInBatch).length;
  const verdict =
    wrong.length === 0
      ? `${findings.faults.length} faults, ${inBatch} of them inside a micro-batch: 0 lost, 0 duplicated, 0 wrong rows, no leftovers.`
      : `Not as it must be: ${wrong.join('; ')}.`;
  return {
    format: 'sluice.chaos/1',
    ok: wrong.length === 0,
    verdict,
    kinds: summarizeKinds(findings.faults),
    rows,
    ...findings,
  };
}

function reasonsOf(
  { failures, faults, faultsBegun, verification, readers, leftovers, supervisor }: Findings,
  rows: WrongRows,
) {
  const wrong: string[] = [...failures];
  if (faults.length === 0) wrong.push('no fault has struck');
  if (faults.length < faultsBegun) wrong.push(`${faults.length} of ${faultsBegun} faults struck and got over`);
  if (verification === undefined) wrong.push('nothing was verified');
  else if (!verification.ok) {
    const { lost, duplicated, wrong: others } = rows;
    wrong.push(`${lost} lost, ${duplicated} duplicated, ${others} wrong rows (${verification.verdict})`);
  }
  for (const { name, reads, violations, samples } of readers) {
    if (violations > 0)
      wrong.push(`the live reader of ${name} saw ${violations} states that must not be: ${samples[0]}`);
    // A reader that has seen nothing proves nothing.
    if (reads === 0) wrong.push(`the live reader of ${name} never came through`);
  }
  if (leftovers.length > 0) wrong.push(`${leftovers.length} leftovers: ${leftovers[0]}`);
  if (verification !== undefined && supervisor.exitCode !== 0)
    wrong.push(`the supervisor ended with ${supervisor.exitCode ?? 'SIGKILL'} when told to stop`);
  return wrong;
}

/** From the oracle's samples; differences beyond them count as wrong, of which kind they are it does not say. */
function wrongRowsOf(verification: VerifyReport | undefined): WrongRows {
  let [lost, duplicated, wrong] = [0, 0, 0];
  for (const { differences, samples } of verification?.checks ?? []) {
    const missing = samples.filter(({ kind }) => kind === 'missing').length;
    const twice = samples.filter(({ kind }) => kind === 'duplicate').length;
    lost += missing;
    duplicated += twice;
    wrong += differences - missing - twice;
  }
  return { lost, duplicated, wrong };
}

export function summarizeKinds(faults: readonly StruckFault[]): readonly KindSummary[] {
  const names = [...new Set(faults.map(({ name }) => name))].sort();
  return names.map((name) => {
    const times = faults.filter((fault) => fault.name === name).map(({ recoveredMs }) => recoveredMs);
    return {
      name,
      count: times.length,
      p50Ms: quantile(times, 0.5),
      p95Ms: quantile(times, 0.95),
      maxMs: Math.max(...times),
    };
  });
}

/** The smallest value that at least this share of all is at or below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/**
 * What no failure in `count` independent faults says: with 95 % confidence fewer than this share of such faults do harm. Exactly
 * 1 - 0.05^(1/n), about 3/n (the rule of three).
 */
export function failureShareMax(count: number): number {
  return count === 0 ? 1 : 1 - 0.05 ** (1 / count);
}
