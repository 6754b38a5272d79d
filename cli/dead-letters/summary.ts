// Dead letters counted by their reason.
import type { DeadLetter } from './read.js';

export interface ReasonSummary {
  readonly topic: string;
  readonly reason: string;
  readonly letters: number;
  /** Milliseconds since 1970. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Takes letters one by one, in any order, and holds no more than a line per topic and reason. */
export class ReasonCounts {
  readonly #counts = new Map<string, ReasonSummary>();

  see(topic: string, { reason, deadMs }: DeadLetter): void {
    const key = `${topic}\n${reason}`;
    const before = this.#counts.get(key) ?? { topic, reason, letters: 0, firstMs: deadMs, lastMs: deadMs };
    this.#counts.set(key, {
      ...before,
      letters: before.letters + 1,
      firstMs: Math.min(before.firstMs, deadMs),
      lastMs: Math.max(before.lastMs, deadMs),
    });
  }

  /** The most frequent first. */
  get summaries(): readonly ReasonSummary[] {
    return [...this.#counts.values()].sort((a, b) => b.letters - a.letters || a.reason.localeCompare(b.reason));
  }
}
