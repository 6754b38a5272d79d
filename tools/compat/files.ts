/** The test files that need no more than a Spark server, below test/: what the client and its workers stand on. */
export const FILES: readonly string[] = [
  'live/connect/session',
  'live/connect/errors',
  'live/connect/frame',
  'live/connect/types',
  'live/connect/catalog',
  'live/connect/catalog-tables',
  'live/connect/reattach',
  'live/connect/interrupts',
  'live/connect/artifacts',
  'live/connect/clone-session',
  'live/connect/tls',
  'live/connect/streaming',
  'live/connect/query-events',
  'live/worker/foreach-batch',
  'live/worker/failures',
  'live/worker/functions',
];
