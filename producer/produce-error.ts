/**
 * What kept the producer from its work:
 * - `options`: what was asked for contradicts itself or lies outside what is possible.
 * - `unreachable`: no broker answered, or it stopped answering for longer than it is waited for.
 * - `topic`: the topic does not exist or refuses the messages.
 * - `fenced`: another producer with the same transactional id has taken over.
 */
export type ProduceErrorKind = 'options' | 'unreachable' | 'topic' | 'fenced';

/** A failure of the producer, with a sentence that says what happened and what to do next. */
export class ProduceError extends Error {
  override readonly name = 'ProduceError';
  readonly kind: ProduceErrorKind;

  constructor(kind: ProduceErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
