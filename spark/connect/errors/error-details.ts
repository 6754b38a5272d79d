// Decodes the answer to FetchErrorDetails: the server's chain of exceptions, whole, where the gRPC status has only its shortened head.
import type {
  FetchErrorDetailsResponseErrorOutput,
  FetchErrorDetailsResponseOutput,
  FetchErrorDetailsResponseQueryContextOutput,
} from '../../../proto/messages.js';
import type { QueryContext, SparkCause } from './spark-error.js';

/** How far a chain of causes is followed. Spark itself sends at most 5 (`spark.connect.errors.maxChain…`); the bound also ends a cycle. */
export const CAUSES_MAX = 10;

/** Fetches the details of one error; absent when there is nobody to ask. */
export type FetchErrorDetails = (errorId: string) => Promise<FetchErrorDetailsResponseOutput>;

/** The chain from the thrown exception downward; empty if the server does not know the error any more. */
export function decodeErrorChain(response: FetchErrorDetailsResponseOutput): readonly SparkCause[] {
  const chain: SparkCause[] = [];
  const seen = new Set<number>();
  let index = response.rootErrorIdx;
  while (index !== undefined && !seen.has(index) && chain.length <= CAUSES_MAX) {
    seen.add(index);
    const error = response.errors[index];
    if (error === undefined) break;
    chain.push(decodeError(error));
    index = error.causeIdx;
  }
  return chain;
}

export function decodeError(error: FetchErrorDetailsResponseErrorOutput): SparkCause {
  const throwable = error.sparkThrowable;
  return {
    message: error.message,
    classes: error.errorTypeHierarchy,
    condition: throwable?.errorClass,
    sqlState: throwable?.sqlState,
    messageParameters: throwable?.messageParameters ?? {},
    queryContexts: (throwable?.queryContexts ?? []).map(decodeQueryContext),
    stackTrace: error.stackTrace.map(
      ({ declaringClass, methodName, fileName, lineNumber }) =>
        `${declaringClass}.${methodName}(${fileName ?? 'Unknown Source'}:${lineNumber})`,
    ),
  };
}

function decodeQueryContext(context: FetchErrorDetailsResponseQueryContextOutput): QueryContext {
  return {
    kind: context.contextType === 'SQL' ? 'sql' : 'dataframe',
    objectType: context.objectType,
    objectName: context.objectName,
    startIndex: context.startIndex,
    stopIndex: context.stopIndex,
    fragment: context.fragment,
    callSite: context.callSite,
    summary: context.summary,
  };
}
