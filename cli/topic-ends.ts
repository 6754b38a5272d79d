// Where the topics of a pipeline end: one connection that is kept from look to look, and opened anew after a look that failed.
import kafkajs from 'kafkajs';
import { kafkaAccess } from '../config/kafka-access.js';

/** Per topic and partition: where it ends. */
export type TopicEnds = ReadonlyMap<string, ReadonlyMap<string, number>>;

export class TopicEndsReader implements AsyncDisposable {
  readonly #bootstrapServers: string;
  readonly #answerMsMax: number;
  #admin: kafkajs.Admin | undefined;

  constructor(bootstrapServers: string, answerMsMax: number) {
    this.#bootstrapServers = bootstrapServers;
    this.#answerMsMax = answerMsMax;
  }

  /** Topics that do not exist are left out. @throws when Kafka does not answer in time. */
  async read(topics: readonly string[]): Promise<{ readonly ends: TopicEnds; readonly records: number }> {
    try {
      this.#admin ??= await this.#connect();
      const existing = await this.#admin.listTopics();
      const ends = new Map<string, ReadonlyMap<string, number>>();
      let records = 0;
      for (const topic of topics) {
        if (!existing.includes(topic)) continue;
        const offsets = await this.#admin.fetchTopicOffsets(topic);
        ends.set(topic, new Map(offsets.map(({ partition, high }) => [String(partition), Number(high)])));
        records += offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
      }
      return { ends, records };
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    // It has answered or failed by now; a failing goodbye tells nothing more.
    await admin?.disconnect().catch(() => undefined);
  }

  async #connect(): Promise<kafkajs.Admin> {
    const admin = new kafkajs.Kafka({
      clientId: 'sluice-status',
      brokers: this.#bootstrapServers.split(','),
      ...kafkaAccess(),
      connectionTimeout: this.#answerMsMax,
      requestTimeout: this.#answerMsMax,
      retry: { retries: 0 },
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      await admin.disconnect().catch(() => undefined);
      throw error;
    }
  }
}
