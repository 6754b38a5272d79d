/**
 * What keeps `sluice verify` from reaching a verdict at all. A wrong row is never one of these: it is a failed check in the report.
 * - `kafka`: the brokers cannot be reached, stall, or do not hand out what they announced
 * - `postgres`: the database cannot be reached or lacks a table
 * - `spark`: the recomputation of approx_count_distinct could not be run
 * - `lake`: the lake's directory cannot be read
 */
export type VerifyErrorKind = 'kafka' | 'postgres' | 'spark' | 'lake';

export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  readonly kind: VerifyErrorKind;

  constructor(kind: VerifyErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The message of anything that was thrown. Node's connection errors to several addresses have an empty one and carry theirs inside. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
