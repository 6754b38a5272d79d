/** Records as files that a stream reads: a folder per topic, a file per micro-batch, each line a record as Spark's Kafka source delivers it. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  binary,
  type DataFrame,
  integer,
  long,
  type SparkSession,
  string,
  structType,
  timestamp,
} from '../connect/index.js';

/** An object goes out as JSON, a string as it is (to try what is no JSON), null as a record without a value. */
export type TestEvent = Readonly<Record<string, unknown>> | string | null;

/** By topic, the records of one micro-batch. */
export type TestEvents = Readonly<Record<string, readonly TestEvent[]>>;

const RECORD = structType({
  key: binary(),
  value: binary(),
  topic: string(),
  partition: integer(),
  offset: long(),
  timestamp: timestamp(),
  timestampType: integer(),
});

const TICK = structType({ tick: timestamp() });

export class RecordFiles {
  readonly #folder: string;
  readonly #topics: readonly string[];
  readonly #kafkaTime: string;
  readonly #offsets = new Map<string, number>();
  #files = 0;

  constructor(folder: string, topics: readonly string[], kafkaTime = new Date().toISOString()) {
    this.#folder = folder;
    this.#topics = topics;
    this.#kafkaTime = kafkaTime;
  }

  /** The folders must be there before a stream reads them. */
  async create(): Promise<void> {
    for (const name of [...this.#topics, 'ticks']) await mkdir(this.#pathOf(name), { recursive: true });
  }

  /** @throws RangeError for a topic that the pipeline does not read. */
  async addRecords(events: TestEvents): Promise<void> {
    for (const [topic, records] of Object.entries(events)) {
      if (!this.#topics.includes(topic))
        throw new RangeError(`The pipeline reads no topic ${topic}; it reads ${this.#topics.join(', ')}.`);
      if (records.length === 0) continue;
      await this.#write(
        topic,
        records.map((event) => this.#line(topic, event)),
      );
    }
  }

  async addTick(time: string): Promise<void> {
    if (Number.isNaN(Date.parse(time)))
      throw new RangeError(`The watermark is a time such as 2026-01-05T09:00:00Z, not ${JSON.stringify(time)}.`);
    await this.#write('ticks', [JSON.stringify({ tick: time })]);
  }

  read(spark: SparkSession, topic: string): DataFrame {
    return spark.readStream.schema(RECORD).json(this.#pathOf(topic)) as DataFrame;
  }

  readTicks(spark: SparkSession): DataFrame {
    return spark.readStream.schema(TICK).json(this.#pathOf('ticks')) as DataFrame;
  }

  #pathOf(name: string): string {
    return join(this.#folder, name === 'ticks' ? 'ticks' : `topic-${name}`);
  }

  #line(topic: string, event: TestEvent): string {
    const offset = this.#offsets.get(topic) ?? 0;
    this.#offsets.set(topic, offset + 1);
    const text = event === null || typeof event === 'string' ? event : JSON.stringify(event);
    return JSON.stringify({
      key: null,
      value: text === null ? null : Buffer.from(text).toString('base64'),
      topic,
      partition: 0,
      offset,
      timestamp: this.#kafkaTime,
      timestampType: 0,
    });
  }

  /** Under a name that Spark does not read (a dot) until it is whole. */
  async #write(name: string, lines: readonly string[]): Promise<void> {
    const file = `${String(this.#files++).padStart(6, '0')}.json`;
    const path = this.#pathOf(name);
    await writeFile(join(path, `.${file}`), `${lines.join('\n')}\n`);
    await rename(join(path, `.${file}`), join(path, file));
  }
}
