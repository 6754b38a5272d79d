/** What a file for `sluice dlq replay --repair` exports: a function from a dead record to what should have been sent. */

/** A record that was set aside, with what is known of it. */
export interface DeadRecord {
  readonly reason: string;
  readonly key: string | null;
  /** As text; bytes that are no UTF-8 show as U+FFFD, and `bytes` has them as they are. */
  readonly value: string | null;
  readonly bytes: Uint8Array | null;
  /** Where it lies in its source. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** When it was set aside; ISO 8601, UTC. */
  readonly deadAt: string;
}

/** Answers the new value (an object becomes JSON), or undefined for a record that is to be left out. Must do nothing else. */
export type Repair = (
  record: DeadRecord,
) => string | Uint8Array | object | undefined | Promise<string | Uint8Array | object | undefined>;
