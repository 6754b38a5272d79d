/**
 * Follows the enriched topic and the dead letters with isolation level read_committed while faults strike: each record of the source may be
 * seen once, in one of the two. At the end the topics are read again from the beginning: what was seen then must still be there as it was.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { FetchClient, type PartitionBounds, readTopic } from '../../verify/index.js';
import { SourceLog } from './source-log.js';
import { type ReaderSummary, Violations } from './violations.js';

const POLL_MS = 1_000;
const RETRY_MS = 300;
const FETCH_BYTES_MAX = 4 * 1024 * 1024;

export class TopicReader {
  readonly #bootstrapServers: string;
  readonly #topics: readonly string[];
  /** By topic and partition: where the next record is. */
  readonly #positions = new Map<string, number>();
  readonly #violations = new Violations();
  readonly #seen = new SourceLog((what) => this.#violations.add(what));
  #reads = 0;

  constructor(bootstrapServers: string, topics: readonly string[]) {
    this.#bootstrapServers = bootstrapServers;
    this.#topics = topics;
  }

  /** Source records seen so far. */
  get seen(): number {
    return this.#seen.size;
  }

  /** Follows until the signal; a broker that is down is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#topics.map(async (topic) => {
        while (!signal.aborted) {
          await this.#follow(topic, signal).catch(() => {
            // The broker was killed or hung: from the same position with a new connection.
          });
          await delay(RETRY_MS, undefined, { signal }).catch(() => {});
        }
      }),
    );
  }

  /** Reads both topics as they are now from the beginning and holds them against what was seen. @throws VerifyError */
  async finish(): Promise<void> {
    const now = new SourceLog((what) => this.#violations.add(what));
    for (const topic of this.#topics) {
      await readTopic(this.#bootstrapServers, topic, (records) => {
        for (const record of records) now.add(topic, record);
      });
    }
    for (const what of this.#seen.differencesTo(now)) this.#violations.add(what);
  }

  summary(): ReaderSummary {
    const { count, samples } = this.#violations;
    const name = this.#topics.join(' and ');
    return { name, reads: this.#reads, seen: this.#seen.size, violations: count, samples };
  }

  async #follow(topic: string, signal: AbortSignal): Promise<void> {
    await using client = await FetchClient.open(this.#bootstrapServers, topic);
    if (client === undefined) return;
    while (!signal.aborted) {
      const bounds = await client.bounds();
      await this.#readTo(client, topic, bounds);
      this.#reads++;
      await delay(POLL_MS, undefined, { signal });
    }
  }

  /** Reads on to where the topic was decided at the time of asking. */
  async #readTo(client: FetchClient, topic: string, bounds: readonly PartitionBounds[]): Promise<void> {
    for (;;) {
      const positions = bounds
        .map(({ partition, end }) => ({
          partition,
          offset: this.#positions.get(`${topic} ${partition}`) ?? 0,
          endOffset: end,
        }))
        .filter(({ offset, endOffset }) => offset < endOffset);
      if (positions.length === 0) return;
      for (const [nodeId, ofBroker] of client.leaders(positions)) {
        for (const fetched of await client.fetch(nodeId, ofBroker, FETCH_BYTES_MAX)) {
          if (fetched.errorCode !== 0) throw new Error(`Kafka answered a fetch with error ${fetched.errorCode}`);
          for (const record of fetched.records) this.#seen.add(topic, record);
          this.#positions.set(`${topic} ${fetched.partition}`, fetched.nextOffset);
        }
      }
    }
  }
}
