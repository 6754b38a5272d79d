/** What a query carries to its worker: a handler with everything it needs, as one program, and its parameters. Spark does not look into it. */
import { gunzipSync, gzipSync } from 'node:zlib';

export interface Payload {
  readonly queryName: string | undefined;
  /** CommonJS with an inline source map; exports `host`. */
  readonly code: string;
  /** JSON text. */
  readonly params: string;
}

/** First bytes of a payload; the digit is raised when an installed worker program could no longer read it. */
const MAGIC = Buffer.from('sluice1\n', 'latin1');

export function encodePayload(payload: Payload): Buffer {
  return Buffer.concat([MAGIC, gzipSync(JSON.stringify(payload))]);
}

/** @throws Error for bytes that no sluice of this format wrote. */
export function decodePayload(bytes: Buffer): Payload {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new Error(
      'this query was not started by sluice, or by one whose worker program is another: install the worker file that came with it',
    );
  }
  return JSON.parse(gunzipSync(bytes.subarray(MAGIC.length)).toString('utf8')) as Payload;
}
