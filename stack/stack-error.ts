/** What can go wrong with the services: one class, told apart by `kind`. The message is for people: what, where, what to do next. */

export type StackErrorKind =
  /** A service of the stack did not start, or ended while it started. */
  | 'not_started'
  /** A service does not answer. */
  | 'unreachable'
  /** Something the stack needs is not installed or not allowed here. */
  | 'unsupported'
  /** Another command is starting or stopping the same stack. */
  | 'busy'
  /** There is no stack to restart a part of. */
  | 'not_running'
  /** What is there does not fit the settings. */
  | 'mismatch'
  /** The caller's signal ended the start. */
  | 'aborted';

export class StackError extends Error {
  override readonly name = 'StackError';
  readonly kind: StackErrorKind;

  constructor(kind: StackErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }

  /** What a command exits with: 3 when a service is not reachable, 130 after Ctrl-C, 1 otherwise. */
  get exitCode(): 1 | 3 | 130 {
    if (this.kind === 'unreachable') return 3;
    return this.kind === 'aborted' ? 130 : 1;
  }
}
