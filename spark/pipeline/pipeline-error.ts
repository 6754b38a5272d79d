/** A pipeline that cannot be: said when it is defined or loaded, before anything is started. */
export class PipelineError extends Error {
  /** Tells it from other errors where `instanceof` cannot: in another copy of the package. */
  override readonly name = 'PipelineError';
}
