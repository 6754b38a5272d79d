/** A pipeline that cannot be: said when it is defined or loaded, before anything is started. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
}
