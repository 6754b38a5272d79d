/**
 * The pipeline cannot start as things are: what was found, and the command that resolves it. Nothing has been changed.
 * - `table`: a result table is missing or of another form · `version`: the checkpoints are those of another version of the pipeline
 * - `topic`: the source topic is not the one that was read so far, or has lost records that were not read yet
 * - `checkpoint`: a checkpoint is gone, damaged, or of another time than the ledger · `state`: a checkpoint lacks the state of its last batch
 * - `sinks`: tables, lake or output topics hold what the ledger does not list, or lack what it lists
 * - `storage`: checkpoints or lake are not one folder for all of the cluster
 */
export type StartErrorKind = 'table' | 'version' | 'topic' | 'checkpoint' | 'state' | 'sinks' | 'storage';

export class StartError extends Error {
  override readonly name = 'StartError';
  readonly kind: StartErrorKind;
  /** What to do, as a sentence with the command. */
  readonly remedy: string;

  constructor(kind: StartErrorKind, found: string, remedy: string) {
    super(`${found} ${remedy}`);
    this.kind = kind;
    this.remedy = remedy;
  }
}
