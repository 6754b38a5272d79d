/** What the proxy must know of a protocol: where a message ends, what it asks for, and which reply belongs to which request. */
import type { WirePoint } from '../fault.js';

/** One message of the client. */
export interface RequestMessage {
  readonly bytes: Uint8Array;
  /** Its replies bear the same number. */
  readonly exchange: number;
  /** Undefined for all that no fault asks for. */
  readonly point?: WirePoint;
}

/** One message of the service. */
export interface ReplyMessage {
  readonly bytes: Uint8Array;
  readonly exchange: number;
  /** With it the exchange is complete: the service has done what it was asked. */
  readonly isLast: boolean;
}

/** One connection, followed from its first byte. */
export interface Conversation {
  /** The whole messages that this chunk completes. */
  requests(chunk: Uint8Array): readonly RequestMessage[];
  replies(chunk: Uint8Array): readonly ReplyMessage[];
}

export type SamePoint = (a: WirePoint, b: WirePoint) => boolean;

export const isSamePoint: SamePoint = (a, b) =>
  a.service === b.service &&
  a.message === b.message &&
  (a.service === 'postgres' || b.service === 'postgres' || a.client === b.client);

/** Cuts a stream of bytes into messages whose length stands in their first bytes. */
export class Framing {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #missing = 0;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** The next whole message, or undefined when more bytes are needed. `lengthOf` answers undefined when it needs more to tell. */
  take(lengthOf: (start: DataView) => number | undefined): Uint8Array | undefined {
    // A message of megabytes comes in hundreds of chunks: they are put together once.
    if (this.#bytes === 0 || this.#bytes < this.#missing) return undefined;
    const all = this.#join();
    const length = lengthOf(viewOf(all));
    if (length === undefined || all.length < length) {
      this.#missing = length ?? 0;
      return undefined;
    }
    this.#missing = 0;
    this.#chunks = length === all.length ? [] : [all.subarray(length)];
    this.#bytes = all.length - length;
    return all.subarray(0, length);
  }

  #join(): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const all = new Uint8Array(this.#bytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [all];
    return all;
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
