/**
 * What a query carries to its worker: a handler with everything it needs, as one program, and its parameters. Spark does not look into it.
 *
 *   payload  "sluice" · format as two digits · int length, header as JSON · program as gzipped JSON
 *
 * Header and program stand apart because the program is the same for every query of a handler, and is packed once.
 */
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';

/** What differs from query to query. Readable in a dump of the plan, so it holds no secret. */
export interface PayloadHeader {
  readonly queryName: string | undefined;
  /** Where the handler comes from, for messages: `orders/save.ts#save`. */
  readonly handler: string;
  /** JSON. */
  readonly params: string;
  /** JSON of what a function on executors returns; absent for foreachBatch. */
  readonly returns?: string;
}

export interface Program {
  /** CommonJS that exports a `host`: see `Host` in batch-host.ts, for functions on executors `TaskHost` in task-host.ts. */
  readonly code: string;
  /** Leads from the code's lines to the sources'; JSON, of source maps' version 3. */
  readonly map: string;
}

/** Stands where Python would say its version; Spark hands it on and does not compare it. */
export const VERSION = 'sluice-1';

const NAME = 'sluice';

/** Two digits, raised whenever an installed worker file could no longer read the payload or host its program. */
const FORMAT = '02';

export async function packProgram({ code, map }: Program): Promise<Buffer> {
  return promisify(gzip)(JSON.stringify({ code, map }), { level: 9 });
}

export function encodePayload(header: PayloadHeader, packedProgram: Uint8Array): Buffer {
  const head = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeInt32BE(head.length);
  return Buffer.concat([Buffer.from(`${NAME}${FORMAT}`, 'latin1'), length, head, packedProgram]);
}

/** @throws Error, in words for the query's exception, for bytes that are not a payload of this format. */
export function decodePayload(bytes: Buffer): { readonly header: PayloadHeader; readonly program: Program } {
  const name = bytes.subarray(0, NAME.length).toString('latin1');
  const format = bytes.subarray(NAME.length, NAME.length + 2).toString('latin1');
  if (name !== NAME) {
    throw new Error(
      'This query was not started by sluice, but this Spark server runs sluice in the place of Python (PYSPARK_PYTHON). Python functions need a server of their own.',
    );
  }
  if (format !== FORMAT) {
    throw new Error(
      `The query's payload has format ${format}, and the installed sluice-worker reads ${FORMAT}: install the worker file of the sluice that starts the query.`,
    );
  }
  const at = NAME.length + 2;
  const end = at + 4 + bytes.readInt32BE(at);
  const header = JSON.parse(bytes.subarray(at + 4, end).toString('utf8')) as PayloadHeader;
  const program = JSON.parse(gunzipSync(bytes.subarray(end)).toString('utf8')) as Program;
  return { header, program };
}
