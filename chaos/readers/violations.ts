/** What a live reader saw that must never be seen: counted, and the first few kept in words. */
const SAMPLES_MAX = 10;

export interface ReaderSummary {
  readonly name: string;
  /** Rounds of reading that came through. */
  readonly reads: number;
  /** Rows or records looked at, over all rounds. */
  readonly seen: number;
  readonly violations: number;
  readonly samples: readonly string[];
}

export class Violations {
  count = 0;
  readonly samples: string[] = [];

  add(what: string): void {
    this.count++;
    if (this.samples.length < SAMPLES_MAX) this.samples.push(what);
  }
}
