/** Kafka as far as the sinks use it: one transactional id, producer epochs, and a log whose readers see what was committed. */
import type { KafkaTransaction, Marker, OutgoingRecord, TransactionalTopics } from '../../spark/sinks/ports.js';
import { call, NetworkError } from './network.js';
import type { Process } from './scheduler.js';
import type { World } from './world.js';

class Fenced extends Error {}
class TooLarge extends Error {}

interface Transaction {
  state: 'open' | 'committed' | 'aborted';
  readonly epoch: number;
  readonly records: OutgoingRecord[];
  marker: Marker | undefined;
}

/** The value of a record that the broker never takes. */
export const TOO_LARGE = 'too large';

export class FakeKafka {
  readonly #world: World;
  readonly #transactions: Transaction[] = [];
  #producerEpoch = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** As a reader sees them. */
  records(isolation: 'read_committed' | 'read_uncommitted'): OutgoingRecord[] {
    return this.#transactions
      .filter(({ state }) => isolation === 'read_uncommitted' || state === 'committed')
      .flatMap(({ records }) => records);
  }

  openTransactions(): number {
    return this.#transactions.filter(({ state, records }) => state === 'open' && records.length > 0).length;
  }

  topics(process: Process): TransactionalTopics {
    const { calls, guards } = this.#world;
    return {
      refusalOf: (error) => (error instanceof TooLarge ? error.message : undefined),
      isRetried: (error) => error instanceof NetworkError || error instanceof Fenced,
      lastMarker: () =>
        call(calls, process, 'reads the marker', () =>
          guards.marker
            ? this.#transactions
                .filter(({ state }) => state === 'committed')
                .map(({ marker }) => marker)
                .findLast((marker) => marker !== undefined)
            : undefined,
        ),
      begin: async () => {
        const transaction = await call(calls, process, 'gets a producer epoch', () => this.#begin());
        return this.#handle(process, transaction);
      },
    };
  }

  #begin(): Transaction {
    for (const one of this.#transactions) if (one.state === 'open') one.state = 'aborted';
    const transaction: Transaction = { state: 'open', epoch: ++this.#producerEpoch, records: [], marker: undefined };
    this.#transactions.push(transaction);
    return transaction;
  }

  #handle(process: Process, transaction: Transaction): KafkaTransaction {
    const ask = (name: string, effect: () => void): Promise<void> =>
      call(this.#world.calls, process, name, () => {
        if (transaction.epoch !== this.#producerEpoch) throw new Fenced('INVALID_PRODUCER_EPOCH');
        effect();
      });
    let sequence = 0;
    const seen = new Set<number>();
    return {
      send: (records) => {
        const own = sequence++;
        return ask('sends records', () => {
          if (records.some(({ message }) => String(message.value) === TOO_LARGE))
            throw new TooLarge('MESSAGE_TOO_LARGE');
          if (transaction.state !== 'open') throw new Fenced('INVALID_TXN_STATE');
          // The producer's sequence numbers drop what comes twice.
          if (!seen.has(own)) transaction.records.push(...records);
          seen.add(own);
        });
      },
      sendMarker: (marker) =>
        ask('sends the marker', () => {
          transaction.marker = marker;
        }),
      commit: () =>
        ask('EndTxn, commit', () => {
          if (transaction.state === 'aborted') throw new Fenced('INVALID_TXN_STATE');
          transaction.state = 'committed';
        }),
      abort: () =>
        ask('EndTxn, abort', () => {
          if (transaction.state === 'committed') throw new Fenced('INVALID_TXN_STATE');
          transaction.state = 'aborted';
        }),
      close: async () => {},
    };
  }
}
