/** An Arrow stream from a socket, message by message. What is in the messages is read where the function runs. */
import { FlatTable } from '../connect/wire/flatbuffer-reader.js';
import { CONTINUATION } from '../connect/wire/read-arrow-stream.js';
import { type ByteReader, ProtocolError } from './protocol.js';

/** The slot of `bodyLength` in Message.fbs. */
const BODY_BYTES = 3;

/** The next message with its prefix and its body; undefined at the stream's end, which is then read. @throws ProtocolError */
export async function readArrowMessage(reader: ByteReader): Promise<Uint8Array | undefined> {
  const prefix = await reader.readExactly(8);
  if (prefix.readUInt32LE(0) !== CONTINUATION)
    throw new ProtocolError('Spark sent something else than an Arrow stream.');
  const metadataBytes = prefix.readInt32LE(4);
  if (metadataBytes === 0) return undefined;
  const metadata = await reader.readExactly(metadataBytes);
  const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
  const body = await reader.readExactly(FlatTable.root(view).long(BODY_BYTES));
  // Of its own memory, so that it can be handed to another thread.
  const message = new Uint8Array(prefix.length + metadata.length + body.length);
  message.set(prefix);
  message.set(metadata, prefix.length);
  message.set(body, prefix.length + metadata.length);
  return message;
}
