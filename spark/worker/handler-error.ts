/** A handler that cannot become a query's foreachBatch: not found, not loadable, not a function, parameters that do not travel. */
export class HandlerError extends Error {
  /** Tells it from other errors where `instanceof` cannot: in another copy of the package. */
  override readonly name = 'HandlerError';
}
