/** A handler that cannot become a query's foreachBatch: not found, not loadable, not a function, parameters that do not travel. */
export class HandlerError extends Error {
  override readonly name = 'HandlerError';
}
