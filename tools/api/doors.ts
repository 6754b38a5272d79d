// Where users come in: the modules that package.json exports, each a list of names.

export interface Door {
  /** As users import it. */
  readonly module: string;
  /** Its source, from the package's root. */
  readonly file: string;
}

/** The client first: a name that two doors have is taken from the earlier one. */
export const DOORS: readonly Door[] = [
  { module: 'sluice/connect', file: 'spark/connect/index.ts' },
  { module: 'sluice/worker', file: 'spark/worker/index.ts' },
  { module: 'sluice/testkit', file: 'spark/testkit/index.ts' },
  { module: 'sluice', file: 'spark/pipeline/index.ts' },
];
