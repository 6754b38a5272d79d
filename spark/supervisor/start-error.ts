/** The pipeline cannot start as things are: what was found, and the command that resolves it. Nothing has been changed. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly kind: 'table' | 'checkpoint' | 'topic' | 'version';
  /** What to do, as a sentence or a command. */
  readonly remedy: string;

  constructor(kind: StartError['kind'], found: string, remedy: string) {
    super(`${found} ${remedy}`);
    this.kind = kind;
    this.remedy = remedy;
  }
}
