/** A value from outside (environment, `.env`, a flag) that cannot be used. The message is one line: which variable, what it says, what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** What a command exits with on wrong input. */
  readonly exitCode = 2;
}
