/** What a release's outcomes come to, once what is known not to work there is taken into account. */
import type { LeftOut } from './left-out.js';
import type { FileOutcome } from './outcome.js';

/** A file on a release, counted. */
export interface Verdict {
  readonly version: string;
  readonly file: string;
  readonly passed: number;
  /** Tests that failed as they were expected to; the whole file counts as one. */
  readonly leftOut: number;
  /** Tests that say of themselves that they need another release. */
  readonly skipped: number;
  /** A sentence each: failures that nobody expected, and entries of the list that are not true any more. */
  readonly faults: readonly string[];
}

export function judge(version: string, outcome: FileOutcome, list: readonly LeftOut[]): Verdict {
  const { file, tests, failure } = outcome;
  const entries = list.filter((entry) => entry.version === version && entry.file === file);
  const ofFile = entries.find(({ test }) => test === undefined);
  const titles = new Set(entries.flatMap(({ test }) => test ?? []));
  const failed = tests.filter(({ kind }) => kind === 'failed');
  const count = (kind: string) => tests.filter((test) => test.kind === kind).length;
  const counts = { version, file, passed: count('passed'), skipped: count('skipped') };
  if (ofFile !== undefined) {
    const isTrue = failure !== undefined || failed.length > 0;
    const faults = isTrue ? [] : [`${file} passes; it does not belong into the list any more`];
    return { ...counts, leftOut: isTrue ? Math.max(1, failed.length) : 0, faults };
  }
  const faults = failed
    .filter(({ name }) => !titles.has(name))
    .map(({ name, message }) => `${file}: "${name}" failed: ${message}`);
  if (failure !== undefined) faults.push(`${file}: ${failure}`);
  for (const title of titles) {
    const test = tests.find(({ name }) => name === title);
    if (test?.kind === 'failed' || (test === undefined && failure !== undefined)) continue;
    const what = test === undefined ? 'is not there' : 'passes';
    faults.push(`${file}: "${title}" ${what}; it does not belong into the list any more`);
  }
  return { ...counts, leftOut: failed.filter(({ name }) => titles.has(name)).length, faults };
}
