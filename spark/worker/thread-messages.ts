/** What the worker's main thread and the handler's thread say to each other. Both are of one file, so no version is needed. */
import type { Batch } from './batch-host.js';
import type { PayloadHeader, Program } from './payload.js';

/** Given to the handler's thread at its start. */
export interface ThreadTask {
  readonly header: PayloadHeader;
  readonly program: Program;
  readonly sessionId: string;
  readonly connectUrl: string;
  readonly logFile: string | undefined;
}

export type ToThread =
  | { readonly kind: 'batch'; readonly batch: Batch }
  /** The query has ended: abort what runs. */
  | { readonly kind: 'end'; readonly reason: string };

export type FromThread =
  | { readonly kind: 'ready'; readonly hasSessionPerBatch: boolean }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string }
  /** Nothing more comes from this thread. */
  | { readonly kind: 'crashed'; readonly text: string };
