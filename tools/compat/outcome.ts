/** What became of one test. */
export interface TestOutcome {
  readonly name: string;
  /** `skipped`: the test itself says that it cannot be made here. */
  readonly kind: 'passed' | 'failed' | 'skipped';
  readonly message?: string | undefined;
}

/** What became of a test file on one release. */
export interface FileOutcome {
  /** Below test/, such as `live/connect/session`. */
  readonly file: string;
  readonly tests: readonly TestOutcome[];
  /** Why the file did not come to its end, if it did not: it threw beside its tests, or took too long. */
  readonly failure?: string | undefined;
}
