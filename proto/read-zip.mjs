// Reads entries out of a zip file (a jar) with nothing but Node's zlib: end record → central directory → local header → data.
// Format: PKWARE APPNOTE 6.3, without encryption, zip64 or split archives, none of which a jar from Maven has (refused, not misread).
import { inflateRawSync } from 'node:zlib';

const END_RECORD = 0x06054b50;
const CENTRAL_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
/** Fixed part of the end record, and the longest comment that may follow it. */
const END_RECORD_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;

/**
 * Yields `[name, data]` of the entries whose name `wanted` accepts.
 * @param {Buffer} zip the whole archive
 * @param {(name: string) => boolean} wanted
 * @returns {Generator<[string, Buffer]>}
 */
export function* readZipEntries(zip, wanted) {
  const end = findEndRecord(zip);
  const entries = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  if (entries === 0xffff || at === 0xffffffff) throw new Error('zip64 archives are not read');
  for (let i = 0; i < entries; i++) {
    if (zip.readUInt32LE(at) !== CENTRAL_ENTRY) throw new Error(`no central directory entry at byte ${at}`);
    const method = zip.readUInt16LE(at + 10);
    const packedBytes = zip.readUInt32LE(at + 20);
    const nameBytes = zip.readUInt16LE(at + 28);
    const extraBytes = zip.readUInt16LE(at + 30);
    const commentBytes = zip.readUInt16LE(at + 32);
    const localAt = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    if (wanted(name)) yield [name, readEntry(zip, name, localAt, method, packedBytes)];
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
}

function findEndRecord(zip) {
  const lowest = Math.max(0, zip.length - END_RECORD_BYTES - COMMENT_BYTES_MAX);
  for (let at = zip.length - END_RECORD_BYTES; at >= lowest; at--) {
    if (zip.readUInt32LE(at) === END_RECORD) return at;
  }
  throw new Error('not a zip archive: no end record');
}

/** The local header repeats name and extra field with lengths of its own; the sizes stand in the central directory alone. */
function readEntry(zip, name, localAt, method, packedBytes) {
  if (zip.readUInt32LE(localAt) !== LOCAL_ENTRY) throw new Error(`${name}: no local header at byte ${localAt}`);
  const start = localAt + 30 + zip.readUInt16LE(localAt + 26) + zip.readUInt16LE(localAt + 28);
  const packed = zip.subarray(start, start + packedBytes);
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new Error(`${name}: compression method ${method} is not read`);
}
