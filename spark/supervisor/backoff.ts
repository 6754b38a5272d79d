/**
 * When to try again, and when to give up. Waits double from failure to failure up to a maximum and begin anew with success. Failures that are
 * somebody else's (a service that is away, a full disk) make for waits, but are not counted towards giving up.
 */
export const RESTART = {
  waitMsFirst: 1_000,
  waitFactor: 2,
  waitMsMax: 30_000,
  /** So many failures without a finished batch in between are a crash loop: over half a minute of waits. */
  fruitlessMax: 6,
  /** What starting again cannot bring back is tried once more, in case a file system was only slow to show it. */
  lostMax: 2,
} as const;

export class Backoff {
  #failures = 0;
  #counted = 0;

  /** Failures of our own since the last success. */
  get fruitless(): number {
    return this.#counted;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#counted = 0;
  }

  /** Notes a failure; returns how long to wait before the next attempt. */
  failed(isCounted: boolean): number {
    this.#failures++;
    if (isCounted) this.#counted++;
    return Math.min(RESTART.waitMsFirst * RESTART.waitFactor ** (this.#failures - 1), RESTART.waitMsMax);
  }
}
