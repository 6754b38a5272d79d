/** What a command exits with. Documented in the help of `sluice`; scripts rely on it. */
export const EXIT = {
  done: 0,
  /** A check failed, or something went wrong that is neither input nor a missing service. */
  failed: 1,
  /** An option, an argument or a setting that cannot be used. */
  input: 2,
  /** Kafka, Postgres or Spark does not answer. */
  unreachable: 3,
  /** A query fails again and again without getting anywhere. */
  crashLoop: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that a command itself finds, with the code it exits with. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
