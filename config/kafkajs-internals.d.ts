/** What of kafkajs (2.2.4, pinned exactly in package.json) is used below its public API. kafka-cluster.ts says why, and is the only file that imports it. */
declare module 'kafkajs/src/cluster/index.js' {
  const Cluster: new (options: Readonly<Record<string, unknown>>) => unknown;
  export default Cluster;
}

declare module 'kafkajs/src/network/socketFactory.js' {
  const createSocketFactory: () => unknown;
  export default createSocketFactory;
}

declare module 'kafkajs/src/protocol/requests/fetch/index.js' {
  const fetch: { readonly protocol: (options: { version: number }) => (request: unknown) => unknown };
  export default fetch;
}

declare module 'kafkajs/src/protocol/requests/produce/v7/response.js' {
  const response: unknown;
  export default response;
}

declare module 'kafkajs/src/producer/eosManager/index.js' {
  const createEosManager: (options: Readonly<Record<string, unknown>>) => unknown;
  export default createEosManager;
}

declare module 'kafkajs/src/retry/index.js' {
  const createRetry: (options: Readonly<Record<string, unknown>>) => unknown;
  export default createRetry;
}

declare module 'kafkajs/src/protocol/error.js' {
  export function staleMetadata(error: unknown): boolean;
}
