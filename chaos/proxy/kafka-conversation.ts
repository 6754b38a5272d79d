/**
 * Kafka's protocol, as far as faults need it. A request is `length i32 · api i16 · version i16 · correlation i32 · client id (i16 length, text) · …`,
 * its reply `length i32 · correlation i32 · …`. Brokers name their own addresses in some replies; there the proxy's port takes the place of
 * the broker's, or clients would go past the proxy with their next connection.
 */
import type { WirePoint } from '../fault.js';
import { type Conversation, Framing, type ReplyMessage, type RequestMessage, viewOf } from './conversation.js';

const MESSAGE_OF_API: ReadonlyMap<number, 'produce' | 'init-producer-id' | 'end-txn'> = new Map([
  [0, 'produce'],
  [22, 'init-producer-id'],
  [26, 'end-txn'],
]);

/** Metadata, FindCoordinator, DescribeCluster. */
const APIS_WITH_ADDRESSES = new Set([3, 10, 60]);

/** The client id of `sluice produce`; whoever else writes in transactions is a worker. */
const PRODUCER_CLIENT_ID = 'sluice-producer';

export interface KafkaPorts {
  readonly broker: number;
  readonly proxy: number;
  readonly host: string;
}

export class KafkaConversation implements Conversation {
  readonly #ports: KafkaPorts;
  readonly #fromClient = new Framing();
  readonly #fromBroker = new Framing();
  readonly #text = new TextDecoder();
  /** Correlation ids of requests whose replies name addresses. */
  readonly #addressed = new Set<number>();

  constructor(ports: KafkaPorts) {
    this.#ports = ports;
  }

  requests(chunk: Uint8Array): readonly RequestMessage[] {
    this.#fromClient.push(chunk);
    const messages: RequestMessage[] = [];
    for (;;) {
      const bytes = this.#fromClient.take(lengthOf);
      if (bytes === undefined) return messages;
      const view = viewOf(bytes);
      const api = view.getInt16(4);
      const exchange = view.getInt32(8);
      if (APIS_WITH_ADDRESSES.has(api)) this.#addressed.add(exchange);
      const message = MESSAGE_OF_API.get(api);
      messages.push(
        message === undefined ? { bytes, exchange } : { bytes, exchange, point: this.#point(bytes, message) },
      );
    }
  }

  replies(chunk: Uint8Array): readonly ReplyMessage[] {
    this.#fromBroker.push(chunk);
    const messages: ReplyMessage[] = [];
    for (;;) {
      const bytes = this.#fromBroker.take(lengthOf);
      if (bytes === undefined) return messages;
      const exchange = viewOf(bytes).getInt32(4);
      if (this.#addressed.delete(exchange)) replacePort(bytes, this.#ports);
      messages.push({ bytes, exchange, isLast: true });
    }
  }

  #point(bytes: Uint8Array, message: 'produce' | 'init-producer-id' | 'end-txn'): WirePoint {
    const length = Math.max(0, viewOf(bytes).getInt16(12));
    const clientId = this.#text.decode(bytes.subarray(14, 14 + length));
    return { service: 'kafka', client: clientId === PRODUCER_CLIENT_ID ? 'producer' : 'sink', message };
  }
}

function lengthOf(start: DataView): number | undefined {
  return start.byteLength < 4 ? undefined : 4 + start.getInt32(0);
}

/** In every version of these replies an address is the host's text with the port as i32 behind it. */
function replacePort(bytes: Uint8Array, { host, broker, proxy }: KafkaPorts): void {
  const view = viewOf(bytes);
  const pattern = new TextEncoder().encode(host);
  for (let at = 0; at + pattern.length + 4 <= bytes.length; at++) {
    if (!pattern.every((byte, index) => bytes[at + index] === byte)) continue;
    const port = at + pattern.length;
    if (view.getInt32(port) === broker) view.setInt32(port, proxy);
  }
}
