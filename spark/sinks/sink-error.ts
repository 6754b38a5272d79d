/**
 * What kept a micro-batch out of a sink:
 * - `fenced`: another supervisor has taken the pipeline over; this one must stop.
 * - `settings`: the driver's environment lacks what the sink needs.
 * - `checkpoint`: the query's offset log cannot be read.
 * - `target`: the table, topic or lake is not as the pipeline expects.
 * - `poison`: more rows than are allowed are refused by the sink.
 */
export type SinkErrorKind = 'fenced' | 'settings' | 'checkpoint' | 'target' | 'poison';

/** A failure of a sink that is not one of Spark, Kafka or Postgres itself. */
export class SinkError extends Error {
  override readonly name = 'SinkError';
  readonly kind: SinkErrorKind;

  constructor(kind: SinkErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
