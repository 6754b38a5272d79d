/** What a worker's main thread and the thread of its functions say to each other. Both are of one file, so no version is needed. */
import type { Task } from './task-protocol.js';

/** Given to the thread at its start: tells it from that of a foreachBatch. */
export const FOR_TASKS = 'tasks';

export type ToTaskThread =
  | { readonly kind: 'task'; readonly task: Task }
  /** What was asked for: a message of the input, or nothing at its end. */
  | { readonly kind: 'input'; readonly message: Uint8Array | undefined }
  | { readonly kind: 'taken' };

export type FromTaskThread =
  | { readonly kind: 'loaded' }
  /** Asks for `input`. */
  | { readonly kind: 'read' }
  /** Asks for `taken`, once it has been written. */
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string };

/** What of the bytes can change threads instead of being copied: those that share their memory with no others. */
export function movable(bytes: Uint8Array | undefined): ArrayBuffer[] {
  const { buffer } = bytes ?? {};
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes?.byteLength ? [buffer] : [];
}
