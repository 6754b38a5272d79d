// What `sluice verify` found last, kept in `<state>/verification.json` for those that show it: dashboard and status. Verify itself never reads it.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, LateRow, LateRowOfQuery } from '../verify/index.js';
import type { Verification } from '../web/index.js';

/** Of one pipeline; a state folder keeps the last one only. */
interface VerificationRecord extends Verification {
  readonly format: 'verification/1';
  readonly pipeline: string;
}

/** What a report of any pipeline says, as far as it is kept. */
interface Judgement {
  readonly ok: boolean;
  readonly verdict: string;
  readonly startedAt: string;
  readonly durationMs: number;
}

interface Round extends Judgement {
  /** Names of the checks that do not hold. */
  readonly failed: readonly string[];
  readonly lateSamples: readonly LateRowOfQuery[];
}

interface CheckedJudgement extends Judgement {
  readonly checks: readonly Pick<Check, 'name' | 'holds' | 'status'>[];
  readonly queries: readonly { readonly query: string; readonly lateSamples?: readonly LateRow[] }[];
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'verification.json');
}

/** Of a whole report. @throws when the folder cannot be written; the verdict does not depend on it. */
export function recordReport(stateDir: string, pipeline: string, report: CheckedJudgement): void {
  // What had nothing to compare yet is no cause for an alert.
  const wrong = report.checks.filter(({ holds, status }) => !holds && status !== 'empty');
  const failed = wrong.map(({ name }) => name);
  const lateSamples = report.queries.flatMap(({ query, lateSamples: samples = [] }) =>
    samples.map((row) => ({ query, ...row })),
  );
  recordVerification(stateDir, pipeline, { ...report, failed, lateSamples });
}

/** As `recordReport`, of a round that says what it found. */
export function recordVerification(
  stateDir: string,
  pipeline: string,
  { ok, verdict, startedAt, durationMs, failed, lateSamples }: Round,
): void {
  const record: VerificationRecord = {
    format: 'verification/1',
    pipeline,
    at: new Date(Date.parse(startedAt) + durationMs).toISOString(),
    ok,
    verdict,
    failed,
    lateRows: lateSamples.toReversed().toSorted((a, b) => b.watermark.localeCompare(a.watermark)),
  };
  mkdirSync(stateDir, { recursive: true });
  const temporary = `${fileOf(stateDir)}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(temporary, fileOf(stateDir));
}

/** The last of this pipeline; undefined when there is none, or what is there is not one. */
export function readVerification(stateDir: string, pipeline: string): Verification | undefined {
  try {
    const record = JSON.parse(readFileSync(fileOf(stateDir), 'utf8')) as VerificationRecord;
    if (record.format !== 'verification/1' || record.pipeline !== pipeline) return undefined;
    const { at, ok, verdict, failed, lateRows = [] } = record;
    return { at, ok, verdict, failed, lateRows };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What begins anew has not been verified. */
export function forgetVerification(stateDir: string): void {
  rmSync(fileOf(stateDir), { force: true });
}
