// Files and bytes on their way to a session at the server: jars, files, archives, rows that several plans use.
//   AddArtifacts = stream of: batch of whole artifacts | beginChunk (name, size, first chunk) then chunk, chunk, …   each chunk with its CRC-32
import { type FileHandle, open } from 'node:fs/promises';
import type { AddArtifactsRequest, AddArtifactsRequestArtifactChunk } from '../../../proto/messages.js';
import { SparkError } from '../errors/spark-error.js';

/** One thing to send. It can be read again, should the connection break. */
export interface Artifact {
  /** As the server knows it: a relative path whose first part says what it is, such as `jars/geo.jar`. */
  readonly name: string;
  readonly source: Uint8Array | { readonly file: string };
}

/** As in PySpark 4.2 (`ArtifactManager.CHUNK_SIZE`). */
const CHUNK_BYTES = 32 * 1024;

/** The messages that carry `artifacts`, without whose they are. @throws SparkError of kind `input` for a file that cannot be read. */
export async function* encodeArtifacts(
  artifacts: readonly Artifact[],
): AsyncGenerator<AddArtifactsRequest, void, void> {
  for (const { name, source } of artifacts) {
    if (source instanceof Uint8Array) {
      yield* encodeChunks(name, source.length, chunksOf(source));
      continue;
    }
    const handle = await openFile(source.file);

    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new SparkError(`${source.file} is no file.`, { kind: 'input' });
      const { size } = stat;
      yield* encodeChunks(name, size, chunksOfFile(handle, source.file, size));
    } finally {
      await handle.close();
    }
  }
}

async function* encodeChunks(
  name: string,
  totalBytes: number,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<AddArtifactsRequest, void, void> {
  const numChunks = Math.max(1, Math.ceil(totalBytes / CHUNK_BYTES));
  let isFirst = true;
  for await (const data of chunks) {
    const chunk: AddArtifactsRequestArtifactChunk = { data, crc: crc32(data) };
    if (numChunks === 1) yield { batch: { artifacts: [{ name, data: chunk }] } };
    else if (isFirst) yield { beginChunk: { name, totalBytes, numChunks, initialChunk: chunk } };
    else yield { chunk };
    isFirst = false;
  }
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void, void> {
  // An empty artifact has one empty chunk.
  for (let at = 0; at === 0 || at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

async function* chunksOfFile(handle: FileHandle, file: string, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at === 0 || at < size; at += CHUNK_BYTES) {
    const wanted = Math.min(CHUNK_BYTES, size - at);
    const chunk = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await handle.read(chunk, filled, wanted - filled, at + filled);
      if (bytesRead === 0) throw new SparkError(`${file} became shorter while it was sent.`, { kind: 'input' });
      filled += bytesRead;
    }
    yield chunk;
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SparkError(`${file} cannot be sent to Spark: ${reason}`, { kind: 'input', cause: error });
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as in zip files (ISO/IEC 3309). Node's own came with 20.15. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffff_ffff) >>> 0;
}
