/**
 * Postgres's protocol 3, as far as faults need it. A message is `type i8 · length i32 (with itself) · body`; only the client's first ones have no
 * type. The server ends its answer to the start, to a simple query (`Q`) and to a group closed by Sync (`S`) with ReadyForQuery (`Z`).
 */
import type { WirePoint } from '../fault.js';
import { type Conversation, Framing, type ReplyMessage, type RequestMessage, viewOf } from './conversation.js';

/** A client may ask for encryption before it starts; the answer is one byte without a length. */
const ENCRYPTION_REQUESTS = new Set([80877103, 80877104]);
const CANCEL_REQUEST = 80877102;

const letter = (text: string): number => text.charCodeAt(0);
const [QUERY, PARSE, SYNC, READY] = [letter('Q'), letter('P'), letter('S'), letter('Z')];

/** More of a statement than this is not looked at: it says what it is at its beginning. */
const STATEMENT_BYTES_MAX = 200;

export class PostgresConversation implements Conversation {
  readonly #fromClient = new Framing();
  readonly #fromServer = new Framing();
  readonly #text = new TextDecoder();
  /** Exchanges whose ReadyForQuery is still to come. */
  readonly #awaited: number[] = [];
  #exchange = 0;
  #isStarted = false;
  #encryptionAnswers = 0;

  requests(chunk: Uint8Array): readonly RequestMessage[] {
    this.#fromClient.push(chunk);
    const messages: RequestMessage[] = [];
    for (;;) {
      const isTyped = this.#isStarted;
      const bytes = this.#fromClient.take((start) => lengthOf(start, isTyped));
      if (bytes === undefined) return messages;
      messages.push(isTyped ? this.#typed(bytes) : this.#opening(bytes));
    }
  }

  replies(chunk: Uint8Array): readonly ReplyMessage[] {
    this.#fromServer.push(chunk);
    const messages: ReplyMessage[] = [];
    for (;;) {
      const isSingleByte = this.#encryptionAnswers > 0;
      const bytes = this.#fromServer.take((start) => (isSingleByte ? 1 : lengthOf(start, true)));
      if (bytes === undefined) return messages;
      if (isSingleByte) {
        this.#encryptionAnswers--;
        messages.push({ bytes, exchange: -1, isLast: true });
        continue;
      }
      const isLast = bytes[0] === READY;
      messages.push({ bytes, exchange: this.#awaited[0] ?? -1, isLast });
      if (isLast) this.#awaited.shift();
    }
  }

  #opening(bytes: Uint8Array): RequestMessage {
    const code = viewOf(bytes).getInt32(4);
    if (ENCRYPTION_REQUESTS.has(code)) {
      this.#encryptionAnswers++;
      return { bytes, exchange: -1 };
    }
    this.#isStarted = true;
    return code === CANCEL_REQUEST ? { bytes, exchange: -1 } : this.#closing(bytes);
  }

  #typed(bytes: Uint8Array): RequestMessage {
    const [type] = bytes;
    const point = type === QUERY || type === PARSE ? this.#pointOf(bytes) : undefined;
    const message = type === QUERY || type === SYNC ? this.#closing(bytes) : { bytes, exchange: this.#exchange };
    return point === undefined ? message : { ...message, point };
  }

  /** A message that the server answers with ReadyForQuery when it is through. */
  #closing(bytes: Uint8Array): RequestMessage {
    this.#awaited.push(this.#exchange);
    return { bytes, exchange: this.#exchange++ };
  }

  #pointOf(bytes: Uint8Array): WirePoint | undefined {
    const statement = this.#text.decode(bytes.subarray(5, 5 + STATEMENT_BYTES_MAX));
    // Before the text of a Parse stands the statement's name, most often empty, and a zero byte.
    if (/^\0?COMMIT\b/.test(statement)) return { service: 'postgres', message: 'commit' };
    return statement.includes('INSERT INTO sluice.ledger') ? { service: 'postgres', message: 'ledger' } : undefined;
  }
}

function lengthOf(start: DataView, isTyped: boolean): number | undefined {
  const at = isTyped ? 1 : 0;
  return start.byteLength < at + 4 ? undefined : at + start.getInt32(at);
}
